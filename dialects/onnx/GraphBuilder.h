//===- GraphBuilder.h - Networks built by code ------------------*- C++ -*-===//
//
// Builds one graph of onnx ops, op by op and layer by layer, with seeded
// weights. Search spaces and test networks are written on it.
//
//   GraphBuilder b(context, /*seed=*/1);
//   Value x = b.input("input", {1, 3, 32, 32});
//   x = b.relu(b.batchNorm(b.conv(x, 16, /*kernel=*/3)));
//   OwningOpRef<ModuleOp> module = b.finish({{"output", x}});
//
// An op that inference refuses has its error emitted; from then on every value
// is null and finish() gives no module.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_ONNX_GRAPHBUILDER_H
#define ASSAY_DIALECTS_ONNX_GRAPHBUILDER_H

#include "dialects/onnx/reference/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace assay::onnx {

class GraphBuilder {
public:
  /// What weights hold. Splat weights keep a graph of any size small, for uses
  /// that look at its structure only.
  enum class Weights { Random, Splat };

  explicit GraphBuilder(mlir::MLIRContext *context, uint64_t seed = 0,
                        Weights weights = Weights::Random);

  /// A graph input; `elementType` null means f32. Dynamic dimensions are
  /// ShapedType::kDynamic.
  mlir::Value input(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                    mlir::Type elementType = {});

  /// Names of nodes and weights made from here on start with "`scope`.".
  void setScope(const llvm::Twine &scope) { this->scope = scope.str(); }

  //===--------------------------------------------------------------------===//
  // Constants
  //===--------------------------------------------------------------------===//

  /// A trainable f32 weight, uniform in [low, high).
  mlir::Value uniform(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                      double low, double high);
  /// A trainable f32 weight, uniform with mean 0 and this standard deviation.
  mlir::Value weight(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                     double deviation);
  mlir::Value constant(const Tensor &tensor, llvm::StringRef name);
  mlir::Value constant(mlir::ElementsAttr value, llvm::StringRef name);
  /// i64 tensor of shape [n].
  mlir::Value ints(llvm::ArrayRef<int64_t> values);
  /// i64 tensor of rank 0.
  mlir::Value index(int64_t value);
  /// f32 tensor of rank 0.
  mlir::Value scalar(double value);

  //===--------------------------------------------------------------------===//
  // Ops
  //===--------------------------------------------------------------------===//

  /// First result of operator `name`.
  mlir::Value op(llvm::StringRef name, llvm::ArrayRef<mlir::Value> inputs,
                 llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  /// All results of operator `name`, which has `numResults` of them when their
  /// number is free; empty after an error.
  llvm::SmallVector<mlir::Value>
  opResults(llvm::StringRef name, llvm::ArrayRef<mlir::Value> inputs,
            llvm::ArrayRef<mlir::NamedAttribute> attributes = {},
            unsigned numResults = 1);

  mlir::NamedAttribute attr(llvm::StringRef name, int64_t value);
  mlir::NamedAttribute attr(llvm::StringRef name, double value);
  mlir::NamedAttribute attr(llvm::StringRef name, llvm::StringRef value);
  mlir::NamedAttribute attr(llvm::StringRef name,
                            llvm::ArrayRef<int64_t> value);

  //===--------------------------------------------------------------------===//
  // Layers with weights of their own. Images are N x C x H x W.
  //===--------------------------------------------------------------------===//

  /// Square kernel; an odd one is padded by half, an even one not at all.
  mlir::Value conv(mlir::Value x, int64_t outChannels, int64_t kernel,
                   int64_t stride = 1, int64_t groups = 1, bool bias = false);
  /// Statistics of a network in training: means near 0, variances near 1.
  mlir::Value batchNorm(mlir::Value x, double epsilon = 1e-5);
  mlir::Value layerNorm(mlir::Value x, double epsilon = 1e-5);
  /// x (... x in) times a weight (in x out), plus a bias.
  mlir::Value linear(mlir::Value x, int64_t outFeatures);
  /// x (N x in) by Gemm with a transposed weight (out x in) and a bias.
  mlir::Value gemm(mlir::Value x, int64_t outFeatures);

  //===--------------------------------------------------------------------===//
  // Layers without weights
  //===--------------------------------------------------------------------===//

  mlir::Value relu(mlir::Value x) { return op("Relu", {x}); }
  mlir::Value add(mlir::Value a, mlir::Value b) { return op("Add", {a, b}); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return op("Mul", {a, b}); }
  mlir::Value maxPool(mlir::Value x, int64_t kernel, int64_t stride,
                      int64_t pad);
  /// 2 x 2, halving the image; the last row and column of an odd one are a
  /// window of their own.
  mlir::Value halve(llvm::StringRef pool, mlir::Value x);
  /// Averages over the values inside the image only.
  mlir::Value averagePool(mlir::Value x, int64_t kernel, int64_t stride,
                          int64_t pad);
  /// N x C x H x W to N x C.
  mlir::Value globalPool(mlir::Value x);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<int64_t> shape);

  /// Size of dimension `axis` (negative: from the end), or 0 for null.
  static int64_t dim(mlir::Value value, int64_t axis);

  /// Trainable parameters made so far: all weights but BatchNorm statistics.
  int64_t getParameterCount() const { return parameterCount; }

  mlir::OpBuilder &getBuilder() { return builder; }

  /// Ends the graph. Null when an op was refused.
  mlir::OwningOpRef<mlir::ModuleOp>
  finish(llvm::ArrayRef<std::pair<llvm::StringRef, mlir::Value>> outputs,
         llvm::StringRef graphName = "main");

private:
  mlir::Location nameLoc(llvm::StringRef name);
  mlir::Value addWeight(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                        double low, double high);

  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
  llvm::SmallVector<std::string> inputNames;
  std::string scope;
  uint64_t seed;
  Weights weights;
  int64_t parameterCount = 0;
  unsigned nodeCount = 0;
  bool failed = false;
};

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_GRAPHBUILDER_H
