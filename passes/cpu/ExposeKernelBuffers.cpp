//===- ExposeKernelBuffers.cpp - Kernels on memrefs -----------------------===//
//
//   func.func private @k(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32>
//   {
//     %y = linalg.exp ins(%x) outs(%o)
//     return %y
//
// becomes
//
//   func.func private @k(%x: memref<4xf32>, %o: memref<4xf32>) {
//     %0 = bufferization.to_tensor %x restrict
//     %1 = bufferization.to_tensor %o restrict writable
//     %y = linalg.exp ins(%0) outs(%1)
//     bufferization.materialize_in_destination %y in restrict writable %o
//     return
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_EXPOSEKERNELBUFFERS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

static MemRefType getBufferType(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

namespace {
struct ExposeKernelBuffers
    : assay::impl::ExposeKernelBuffersBase<ExposeKernelBuffers> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()) ||
        function.isExternal() || function.getNumResults() == 0)
      return;

    Block &body = function.getBody().front();
    unsigned firstInit = function.getNumArguments() - function.getNumResults();
    OpBuilder builder = OpBuilder::atBlockBegin(&body);
    for (BlockArgument argument : body.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type)
        continue;
      argument.setType(getBufferType(type));
      auto tensor = bufferization::ToTensorOp::create(
          builder, argument.getLoc(), type, argument, /*restrict=*/true,
          /*writable=*/argument.getArgNumber() >= firstInit);
      argument.replaceAllUsesExcept(tensor, tensor);
    }

    auto ret = cast<func::ReturnOp>(body.getTerminator());
    builder.setInsertionPoint(ret);
    for (auto [index, value] : llvm::enumerate(ret.getOperands())) {
      auto materialize = bufferization::MaterializeInDestinationOp::create(
          builder, ret.getLoc(), TypeRange(), value,
          body.getArgument(firstInit + index));
      materialize.setRestrict(true);
      materialize.setWritable(true);
    }
    func::ReturnOp::create(builder, ret.getLoc());
    ret.erase();
    function.setFunctionType(
        builder.getFunctionType(body.getArgumentTypes(), {}));
    function.setResAttrsAttr({});
  }
};
} // namespace
