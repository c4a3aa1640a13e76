//===- BufferizeHost.cpp - Tensors to buffers -----------------------------===//
//
//   %e = tensor.empty() : tensor<4xf32>
//   %y = kernel.call @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>)
//       -> tensor<4xf32>
// becomes
//   %a = memref.alloc() : memref<4xf32>
//   kernel.call @k ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/host/Passes.h"

using namespace mlir;

namespace assay::host {
#define GEN_PASS_DEF_BUFFERIZEHOST
#include "passes/host/Passes.h.inc"
} // namespace assay::host

using namespace assay::host;

/// Every buffer is contiguous: offset 0, row-major.
static BaseMemRefType convertToContiguous(TensorType type, Attribute space) {
  return bufferization::getMemRefTypeWithStaticIdentityLayout(type, space);
}

static bufferization::OneShotBufferizationOptions makeOptions() {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.allowReturnAllocsFromLoops = true;
  options.bufferAlignment = bufferAlignment;
  options.setFunctionBoundaryTypeConversion(
      bufferization::LayoutMapOption::IdentityLayoutMap);
  options.unknownTypeConverterFn =
      [](TensorType type, Attribute space,
         const bufferization::BufferizationOptions &) {
        return convertToContiguous(type, space);
      };
  return options;
}

/// Without this each iteration would carry a fresh buffer, which no arena of
/// static offsets can hold.
static void keepCarriedTensorsInPlace(scf::ForOp loop) {
  Operation *yield = loop.getBody()->getTerminator();
  OpBuilder builder(yield);
  for (auto [argument, operand] :
       llvm::zip(loop.getRegionIterArgs(), yield->getOpOperands())) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !type.hasStaticShape() || operand.get() == argument)
      continue;
    auto written = bufferization::MaterializeInDestinationOp::create(
        builder, loop.getLoc(), argument.getType(), operand.get(), argument);
    operand.set(written.getResult());
  }
}

static void markArgumentsReadOnly(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    if (isa<TensorType>(argument.getType()))
      function.setArgAttr(
          argument.getArgNumber(),
          bufferization::BufferizationDialect::kWritableAttrName,
          BoolAttr::get(function.getContext(), false));
}

namespace {
struct BufferizeHostPass
    : assay::host::impl::BufferizeHostBase<BufferizeHostPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isDeclaration())
        markArgumentsReadOnly(function);
    module.walk(keepCarriedTensorsInPlace);
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(module, makeOptions(),
                                                        state)))
      return signalPassFailure();
    bufferization::removeBufferizationAttributesInModule(module);
  }
};
} // namespace
