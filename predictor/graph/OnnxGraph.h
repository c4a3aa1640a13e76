//===- OnnxGraph.h - From the onnx dialect and back -------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_GRAPH_ONNXGRAPH_H
#define ASSAY_PREDICTOR_GRAPH_ONNXGRAPH_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "predictor/graph/Graph.h"
#include "llvm/ADT/DenseMap.h"

namespace assay::predictor {

/// Constants of more elements than this are parameters, whatever their type.
inline constexpr int64_t kMaxLiteralElements = 64;

/// Reads functions of onnx ops. One reader serves many functions of a context.
class OnnxGraphReader {
public:
  explicit OnnxGraphReader(mlir::MLIRContext *context) : context(context) {}

  /// The graph of `@main`. Fails, with a diagnostic, where `module` has no such
  /// function, or it holds ops of other dialects or with regions, values that
  /// are no tensors, or small constants without data.
  llvm::FailureOr<Graph> read(mlir::ModuleOp module);

private:
  llvm::ArrayRef<mlir::NamedAttribute> defaultsOf(mlir::OperationName name);
  llvm::LogicalResult readAttributes(mlir::Operation *op, Node &node);

  mlir::MLIRContext *context;
  llvm::DenseMap<mlir::OperationName, mlir::DictionaryAttr> defaults;
};

/// The module whose `@main` computes `graph`, parameters being zeros.
/// Fails, with a diagnostic, where an operator is unknown or refuses its
/// inputs.
llvm::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
buildOnnxModule(mlir::MLIRContext *context, const Graph &graph);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_GRAPH_ONNXGRAPH_H
