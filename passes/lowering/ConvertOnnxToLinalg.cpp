//===- ConvertOnnxToLinalg.cpp - onnx dialect to linalg on tensors --------===//
//
//   func.func @main(%x: tensor<4xui8>) -> tensor<4xui8> {
//     %y = onnx.BitwiseNot(%x) : (tensor<4xui8>) -> tensor<4xui8>
//     return %y : tensor<4xui8>
//   }
//
// becomes
//
//   func.func @main(%x: tensor<4xi8>) -> tensor<4xi8> {
//     %init = tensor.empty() : tensor<4xi8>
//     %y = linalg.generic {...} ins(%x) outs(%init) { xori }
//     return %y : tensor<4xi8>
//   }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/Passes.h"
#include "passes/lowering/WeightPacking.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace assay {
#define GEN_PASS_DEF_CONVERTONNXTOLINALG
#include "passes/lowering/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

static Value materializeCast(OpBuilder &builder, Type type, ValueRange inputs,
                             Location loc) {
  return UnrealizedConversionCastOp::create(builder, loc, type, inputs)
      .getResult(0);
}

OnnxTypeConverter::OnnxTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](IntegerType type) -> Type {
    return IntegerType::get(type.getContext(), type.getWidth());
  });
  addConversion([](TensorType type) -> Type {
    auto element = dyn_cast<IntegerType>(type.getElementType());
    if (!element || element.isSignless())
      return type;
    return type.clone(IntegerType::get(type.getContext(), element.getWidth()));
  });
  addSourceMaterialization(materializeCast);
  addTargetMaterialization(materializeCast);
}

static const char *whyNotComputable(Type type) {
  if (!isa<RankedTensorType>(type))
    return "has a tensor of unknown rank; give the graph inputs shapes";
  Type element = getElementTypeOrSelf(type);
  if (isa<onnx::StringType>(element))
    return "has a string tensor; numbers and bool are supported";
  if (isa<ComplexType>(element))
    return "has a complex tensor; real numbers and bool are supported";
  if (!element.isInteger(1) && element.getIntOrFloatBitWidth() < 8)
    return "has a tensor of elements narrower than a byte; 8 bits or more are "
           "supported";
  if (isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 16)
    return "has a tensor of 8-bit floats; f16, bf16, f32 and f64 are supported";
  return nullptr;
}

const char *assay::detail::whyNotComputable(Operation *op) {
  for (Type type : op->getOperandTypes())
    if (const char *reason = ::whyNotComputable(type))
      return reason;
  for (Type type : op->getResultTypes())
    if (const char *reason = ::whyNotComputable(type))
      return reason;
  return nullptr;
}

assay::detail::ReasonRecorder::ReasonRecorder(RewriterBase &rewriter,
                                              const TypeConverter *converter)
    : ForwardingListener(rewriter.getListener()), rewriter(rewriter),
      previous(rewriter.getListener()),
      converter(static_cast<const OnnxTypeConverter *>(converter)) {
  rewriter.setListener(this);
}

assay::detail::ReasonRecorder::~ReasonRecorder() {
  rewriter.setListener(previous);
}

void assay::detail::ReasonRecorder::notifyMatchFailure(
    Location loc, llvm::function_ref<void(Diagnostic &)> callback) {
  Diagnostic diagnostic(loc, DiagnosticSeverity::Remark);
  callback(diagnostic);
  converter->reasons[loc] = diagnostic.str();
}

namespace {
class ConvertOnnxToLinalgPass
    : public assay::impl::ConvertOnnxToLinalgBase<ConvertOnnxToLinalgPass> {
public:
  using ConvertOnnxToLinalgBase::ConvertOnnxToLinalgBase;

private:
  void runOnOperation() override;
};
} // namespace

/// Emits one error for all onnx ops left in `module`.
static LogicalResult reportUnsupported(ModuleOp module,
                                       const OnnxTypeConverter &converter) {
  SmallVector<onnx::OnnxOp> left;
  llvm::SmallSetVector<StringRef, 8> names;
  module.walk([&](onnx::OnnxOp op) {
    left.push_back(op);
    names.insert(op.getOnnxName());
  });
  if (left.empty())
    return success();
  InFlightDiagnostic error =
      emitError(module.getLoc(), "unsupported operators: ");
  llvm::interleaveComma(names, error);
  for (onnx::OnnxOp op : left) {
    std::string reason = converter.reasons.lookup(op.getLoc());
    error.attachNote(op.getLoc())
        << op.getOnnxName() << ' '
        << (reason.empty() ? "has no lowering" : reason);
  }
  return error;
}

void ConvertOnnxToLinalgPass::runOnOperation() {
  if (releaseConstants)
    markReleasableConstants(getOperation());
  OnnxTypeConverter converter;
  ConversionTarget target(getContext());
  target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp func) {
    return converter.isSignatureLegal(func.getFunctionType());
  });
  target.addDynamicallyLegalOp<func::CallOp, func::ReturnOp>(
      [&](Operation *op) { return converter.isLegal(op); });
  // An onnx op that stays is not an error at once: reportUnsupported lists all.
  target.markUnknownOpDynamicallyLegal(
      [](Operation *op) -> std::optional<bool> {
        if (isa<onnx::OnnxOp>(op))
          return std::nullopt;
        return true;
      });

  RewritePatternSet patterns(&getContext());
  populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                 converter);
  populateCallOpTypeConversionPattern(patterns, converter);
  populateReturnOpTypeConversionPattern(patterns, converter);
  populateActivationLowering(patterns, converter);
  populateContractionLowering(patterns, converter);
  populateConvolutionLowering(patterns, converter);
  populateCreationLowering(patterns, converter);
  populateElementwiseLowering(patterns, converter);
  populateMovementLowering(patterns, converter);
  populateNormalizationLowering(patterns, converter);
  populatePoolingLowering(patterns, converter);
  populateQuantizationLowering(patterns, converter);
  populateRecurrentLowering(patterns, converter);
  populateReductionLowering(patterns, converter);
  populateResamplingLowering(patterns, converter);

  ConversionConfig config;
  config.foldingMode = DialectConversionFoldingMode::Never;
  if (failed(applyPartialConversion(getOperation(), target, std::move(patterns),
                                    config)) ||
      failed(reportUnsupported(getOperation(), converter)))
    signalPassFailure();
}
