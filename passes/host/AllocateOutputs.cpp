//===- AllocateOutputs.cpp - Buffers of results ---------------------------===//
//
//   func.func @main(%x: memref<4xf32>) -> (memref<4xf32>, memref<4xf32>) {
//     %a = memref.alloc() : memref<4xf32>
//     ...
//     return %a, %x
// becomes
//     %a = memref.alloc() {assay.output = 0} : memref<4xf32>
//     ...
//     %b = memref.alloc() {assay.output = 1} : memref<4xf32>
//     memref.copy %x, %b
//     return %a, %b
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "passes/host/Passes.h"

using namespace mlir;

namespace assay::host {
#define GEN_PASS_DEF_ALLOCATEOUTPUTS
#include "passes/host/Passes.h.inc"
} // namespace assay::host

using namespace assay::host;

/// The allocation whose whole content `value` is seen through reshapes, or
/// null.
static memref::AllocOp findAllocation(Value value) {
  for (;;) {
    Operation *op = value.getDefiningOp();
    if (isa_and_nonnull<memref::CastOp, memref::ExpandShapeOp,
                        memref::CollapseShapeOp, memref::ReshapeOp>(op)) {
      value = op->getOperand(0);
      continue;
    }
    return dyn_cast_or_null<memref::AllocOp>(op);
  }
}

static Value copyToNewAllocation(OpBuilder &builder, Location loc,
                                 Value value) {
  auto type = cast<MemRefType>(value.getType());
  SmallVector<Value> sizes;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    if (type.isDynamicDim(axis))
      sizes.push_back(memref::DimOp::create(builder, loc, value, axis));
  auto copy = memref::AllocOp::create(
      builder, loc, type, sizes, builder.getI64IntegerAttr(bufferAlignment));
  memref::CopyOp::create(builder, loc, value, copy);
  return copy;
}

namespace {
struct AllocateOutputsPass
    : assay::host::impl::AllocateOutputsBase<AllocateOutputsPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.getSymName() != mainName || function.isDeclaration())
      return;
    Block &body = function.getBody().back();
    auto ret = cast<func::ReturnOp>(body.getTerminator());
    OpBuilder builder(ret);
    for (OpOperand &operand : ret->getOpOperands()) {
      memref::AllocOp allocation = findAllocation(operand.get());
      bool usable = allocation && allocation->getBlock() == &body &&
                    !allocation->hasAttr(outputAttrName);
      if (!usable) {
        operand.set(copyToNewAllocation(builder, ret.getLoc(), operand.get()));
        allocation = operand.get().getDefiningOp<memref::AllocOp>();
      }
      allocation->setAttr(outputAttrName, builder.getI64IntegerAttr(
                                              operand.getOperandNumber()));
    }
  }
};
} // namespace
