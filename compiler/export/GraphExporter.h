//===- GraphExporter.h - A function to a ModelProto -------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_EXPORT_GRAPHEXPORTER_H
#define ASSAY_COMPILER_EXPORT_GRAPHEXPORTER_H

#include "compiler/export/Downgrade.h"
#include "compiler/export/Export.h"
#include "compiler/import/ModelReader.h"
#include "dialects/onnx/Creation.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace assay {

/// Builds the model of one module. With a place for external data, initializers
/// keep their bytes out of the model and are listed in `external`.
class GraphExporter {
public:
  GraphExporter(mlir::ModuleOp module, const ExportOptions &options,
                proto::ModelProto &model)
      : module(module), options(options), model(model) {}

  llvm::LogicalResult run();

private:
  llvm::LogicalResult chooseOpset(mlir::func::FuncOp function);
  void setModelFields();
  llvm::LogicalResult nameArguments(mlir::func::FuncOp function);
  void nameReturned(mlir::func::FuncOp function);
  llvm::LogicalResult exportOutputs(mlir::func::FuncOp function);
  llvm::LogicalResult exportNode(onnx::OnnxOp op);
  /// The name of a value that is used; a constant becomes an initializer at its
  /// first use, so that those which a downgrade made attributes do not.
  mlir::FailureOr<llvm::StringRef> nameUse(mlir::Value value);
  llvm::LogicalResult addInitializer(llvm::StringRef name,
                                     mlir::ElementsAttr elements,
                                     mlir::Location loc);
  llvm::LogicalResult setType(mlir::Type type, mlir::ArrayAttr dimParams,
                              mlir::Location loc, proto::ValueInfoProto &info);
  /// A name that no other value has.
  std::string makeUnique(llvm::StringRef wanted);
  /// The name of a new node; nodes have names of their own, or none.
  std::string nameNode(llvm::StringRef wanted);

  mlir::ModuleOp module;
  const ExportOptions &options;
  proto::ModelProto &model;
  int64_t opset = kMinExportOpset;
  llvm::DenseMap<mlir::Value, std::string> names;
  llvm::StringSet<> used;
  llvm::StringMap<size_t> suffixes;
  llvm::StringMap<size_t> nodeNames;
};

} // namespace assay

#endif // ASSAY_COMPILER_EXPORT_GRAPHEXPORTER_H
