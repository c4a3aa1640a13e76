//===- FunctionLibrary.h - Model-local functions ----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_FUNCTIONLIBRARY_H
#define ASSAY_COMPILER_IMPORT_FUNCTIONLIBRARY_H

#include "compiler/import/ModelReader.h"
#include "llvm/ADT/StringMap.h"

namespace assay {

/// Opset versions by domain; the default domain is "".
using Opsets = llvm::StringMap<int64_t>;

/// "" for both spellings of the default domain.
llvm::StringRef normalizeDomain(llvm::StringRef domain);

Opsets collectOpsets(
    const google::protobuf::RepeatedPtrField<proto::OperatorSetIdProto>
        &imports);

/// A function of the model and what its body needs.
struct LocalFunction {
  const proto::FunctionProto *body;
  Opsets opsets; ///< Those of the function, then those of the model.
  /// Attributes with defaults, by name.
  std::vector<proto::AttributeProto> defaults;
};

/// The functions of one model by domain, name and overload.
class FunctionLibrary {
public:
  /// Fails with an error on `loc` when a function is defined twice.
  llvm::LogicalResult collect(const proto::ModelProto &model,
                              const Opsets &modelOpsets, mlir::Location loc);

  /// The function that `node` calls, or null.
  const LocalFunction *lookup(const proto::NodeProto &node) const;

private:
  llvm::StringMap<LocalFunction> functions;
};

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_FUNCTIONLIBRARY_H
