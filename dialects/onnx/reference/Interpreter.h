//===- Interpreter.h - Reference evaluation of onnx ops ---------*- C++ -*-===//
//
// A naive evaluator, written for obviousness and independent of the lowering.
// It defines what an op means, folds constants, and judges compiled code.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_ONNX_REFERENCE_INTERPRETER_H
#define ASSAY_DIALECTS_ONNX_REFERENCE_INTERPRETER_H

#include "dialects/onnx/reference/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace assay::onnx {

using Tensors = llvm::SmallVector<Tensor>;

/// Evaluates one onnx op. `inputs` are by position of the specification as in
/// OnnxOp::getOnnxInputs, null for an absent optional one. Gives one tensor for
/// each result. Fails, after an error on the op, when the op has no evaluation
/// or the input values break the specification.
llvm::FailureOr<Tensors> interpret(mlir::Operation *onnxOp,
                                   llvm::ArrayRef<const Tensor *> inputs);

/// Evaluates a function of onnx ops and a func.return. A value is freed after
/// its last use.
llvm::FailureOr<Tensors> interpret(mlir::func::FuncOp function,
                                   llvm::ArrayRef<Tensor> inputs);

//===----------------------------------------------------------------------===//
// One evaluator a family, with the contract of interpret(Operation *). Input
// element types are those of the verified op; shapes are what the run gives.
//===----------------------------------------------------------------------===//

using Inputs = llvm::ArrayRef<const Tensor *>;

llvm::FailureOr<Tensors> evaluateActivation(mlir::Operation *op, Inputs inputs);
llvm::FailureOr<Tensors> evaluateContraction(mlir::Operation *op,
                                             Inputs inputs);
llvm::FailureOr<Tensors> evaluateConvolution(mlir::Operation *op,
                                             Inputs inputs);
llvm::FailureOr<Tensors> evaluateCreation(mlir::Operation *op, Inputs inputs);
llvm::FailureOr<Tensors> evaluateElementwise(mlir::Operation *op,
                                             Inputs inputs);
llvm::FailureOr<Tensors> evaluateMovement(mlir::Operation *op, Inputs inputs);
llvm::FailureOr<Tensors> evaluateNormalization(mlir::Operation *op,
                                               Inputs inputs);
llvm::FailureOr<Tensors> evaluatePooling(mlir::Operation *op, Inputs inputs);
llvm::FailureOr<Tensors> evaluateQuantization(mlir::Operation *op,
                                              Inputs inputs);
llvm::FailureOr<Tensors> evaluateRecurrent(mlir::Operation *op, Inputs inputs);
llvm::FailureOr<Tensors> evaluateReduction(mlir::Operation *op, Inputs inputs);
llvm::FailureOr<Tensors> evaluateResampling(mlir::Operation *op, Inputs inputs);

/// The error of an op that no evaluator knows.
llvm::LogicalResult noEvaluation(mlir::Operation *op);

/// Zeros of `shape`, or an error on `op` when the shape is negative somewhere
/// or too large. For shapes that depend on input values.
llvm::FailureOr<Tensor> makeTensor(mlir::Operation *op, mlir::Type elementType,
                                   llvm::ArrayRef<int64_t> shape);

/// Zeros for every result of `op`, of the shapes that inference gives for these
/// inputs. Emits an error on the op when the inputs do not fit each other. For
/// ops whose result shapes depend on no input values.
llvm::FailureOr<Tensors> makeResults(mlir::Operation *op, Inputs inputs);

/// Calls `body` with every index of `shape`, in row-major order.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t>)> body);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_REFERENCE_INTERPRETER_H
