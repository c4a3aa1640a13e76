//===- CompiledModel.h - A model judged by the interpreter ------*- C++ -*-===//

#ifndef ASSAY_TEST_NUMERICS_COMPILEDMODEL_H
#define ASSAY_TEST_NUMERICS_COMPILEDMODEL_H

#include "compiler/api/Executable.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include <random>

namespace assay::test {

using Shape = llvm::SmallVector<int64_t>;

/// Builds @main op by op; `check` compiles it and compares it with the
/// interpreter on random inputs.
class ModelBuilder {
public:
  explicit ModelBuilder(unsigned seed);

  /// An input; -1 is a dynamic dimension.
  mlir::Value input(const Shape &shape);
  /// An f32 constant of random values.
  mlir::Value constant(const Shape &shape);
  /// Op `name` by positional inputs.
  mlir::Value op(llvm::StringRef name, llvm::ArrayRef<mlir::Value> inputs,
                 llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  void output(mlir::Value value) { outputs.push_back(value); }

  mlir::NamedAttribute ints(llvm::StringRef name, const Shape &values) {
    return builder.getNamedAttr(name, builder.getDenseI64ArrayAttr(values));
  }
  mlir::NamedAttribute integer(llvm::StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  }

  /// Compiles for `target` and compares all outputs, once for each of `runs`,
  /// which gives the sizes of the dynamic dimensions in their order.
  /// Differences count relative to the largest value of an output.
  void check(llvm::StringRef target = "native",
             llvm::ArrayRef<Shape> runs = {Shape()}, double tolerance = 1e-5);

  /// A random number in [low, high].
  int64_t pick(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  }
  int64_t pickOf(llvm::ArrayRef<int64_t> values) {
    return values[pick(0, values.size() - 1)];
  }

private:
  onnx::Tensor makeRandom(llvm::ArrayRef<int64_t> shape);

  mlir::MLIRContext context;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp main;
  llvm::SmallVector<mlir::Value> outputs;
  std::mt19937 random;
};

} // namespace assay::test

#endif // ASSAY_TEST_NUMERICS_COMPILEDMODEL_H
