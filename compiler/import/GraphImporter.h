//===- GraphImporter.h - GraphProto to a function ---------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_GRAPHIMPORTER_H
#define ASSAY_COMPILER_IMPORT_GRAPHIMPORTER_H

#include "compiler/import/ExternalData.h"
#include "compiler/import/FunctionLibrary.h"
#include "compiler/import/Import.h"
#include "compiler/import/upgrade/Upgrade.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace assay {

/// Builds the module of one model. Takes the tensor data out of the model.
class GraphImporter {
public:
  GraphImporter(ModelFile &file, mlir::Location fileLoc, llvm::StringRef folder,
                const ImportOptions &options)
      : model(file.model), skipped(file.skipped), fileLoc(fileLoc),
        builder(fileLoc.getContext()), external(folder), options(options) {}

  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> run();

private:
  /// What the names in one graph or function body mean.
  struct Scope {
    llvm::StringMap<mlir::Value> values;
    const Opsets &opsets;
    std::string prefix; ///< Of node names: "call/" inside a function.
    int depth;
    /// In a function body: the attributes of the call, by name.
    const llvm::StringMap<const proto::AttributeProto *> *bindings;
  };
  using Nodes = google::protobuf::RepeatedPtrField<proto::NodeProto>;

  llvm::LogicalResult checkVersions();
  void setModelAttributes(mlir::ModuleOp module);

  llvm::LogicalResult importInputs(mlir::func::FuncOp function, Scope &scope);
  llvm::LogicalResult importInitializers(Scope &scope);
  llvm::LogicalResult importOutputs(mlir::func::FuncOp function, Scope &scope);

  mlir::Location getNodeLoc(const proto::NodeProto &node, const Scope &scope);
  mlir::Location getValueLoc(llvm::StringRef name);
  llvm::LogicalResult importNodes(Nodes &nodes, Scope &scope);
  llvm::LogicalResult importNode(proto::NodeProto &node, Scope &scope);
  llvm::LogicalResult inlineCall(proto::NodeProto &call,
                                 const LocalFunction &function, Scope &scope,
                                 mlir::Location loc,
                                 llvm::ArrayRef<mlir::Value> inputs);
  llvm::LogicalResult importOperator(proto::NodeProto &node, Scope &scope,
                                     mlir::Location loc,
                                     llvm::SmallVector<mlir::Value> inputs);

  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  lookupInputs(const proto::NodeProto &node, const Scope &scope,
               mlir::Location loc);
  mlir::FailureOr<mlir::NamedAttrList> importAttributes(proto::NodeProto &node,
                                                        const Scope &scope,
                                                        mlir::Location loc);
  llvm::LogicalResult setTypeAttributes(NodeForm &form);
  llvm::LogicalResult define(Scope &scope, llvm::StringRef name,
                             mlir::Value value, mlir::Location loc);

  mlir::FailureOr<mlir::Type> importType(const proto::ValueInfoProto &info);
  /// Narrows the type of `value` by the declaration of `name`, if there is one
  /// that agrees with it.
  void refineType(mlir::Value value, llvm::StringRef name);

  proto::ModelProto &model;
  const SkippedData &skipped;
  mlir::Location fileLoc;
  mlir::OpBuilder builder;
  ExternalData external;
  const ImportOptions &options;
  Opsets opsets;
  FunctionLibrary functions;
  llvm::StringMap<mlir::Location> operatorLocs;
  llvm::StringMap<mlir::Type> declaredTypes;
  size_t numNodes = 0;
};

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_GRAPHIMPORTER_H
