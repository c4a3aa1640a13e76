//===- ReleaseBuffers.cpp - Buffers from first to last use ----------------===//
//
//   %a = memref.alloc(%n) : memref<?xf32>
//   %b = memref.alloc(%n) : memref<?xf32>
//   kernel.call @k ins(%x) outs(%a)
//   kernel.call @k ins(%a) outs(%b)
//   kernel.call @k ins(%b) outs(%y)
// becomes
//   %a = memref.alloc(%n) : memref<?xf32>
//   kernel.call @k ins(%x) outs(%a)
//   %b = memref.alloc(%n) : memref<?xf32>
//   kernel.call @k ins(%a) outs(%b)
//   memref.dealloc %a
//   kernel.call @k ins(%b) outs(%y)
//   memref.dealloc %b
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/host/Passes.h"

using namespace mlir;

namespace assay::host {
#define GEN_PASS_DEF_RELEASEBUFFERS
#include "passes/host/Passes.h.inc"
} // namespace assay::host

using namespace assay::host;

/// The last op of the allocation's block that uses the buffer, itself or in a
/// region; null when the buffer leaves the block.
static Operation *
findLastUse(memref::AllocOp allocation,
            const BufferViewFlowAnalysis::ValueSetT &aliases) {
  Block *block = allocation->getBlock();
  Operation *last = allocation;
  for (Value alias : aliases)
    for (Operation *user : alias.getUsers()) {
      if (isa<memref::DimOp>(user))
        continue; // Sizes are not in the buffer.
      Operation *inBlock = block->findAncestorOpInBlock(*user);
      if (!inBlock || inBlock == block->getTerminator())
        return nullptr;
      if (last->isBeforeInBlock(inBlock))
        last = inBlock;
    }
  return last;
}

static void moveToFirstUse(memref::AllocOp allocation) {
  Operation *first = nullptr;
  for (Operation *user : allocation->getUsers()) {
    Operation *inBlock = allocation->getBlock()->findAncestorOpInBlock(*user);
    if (!first || inBlock->isBeforeInBlock(first))
      first = inBlock;
  }
  if (first)
    allocation->moveBefore(first);
}

namespace {
struct ReleaseBuffersPass
    : assay::host::impl::ReleaseBuffersBase<ReleaseBuffersPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.getSymName() != mainName || function.isDeclaration())
      return;
    BufferViewFlowAnalysis flow(function);
    SmallVector<std::pair<memref::AllocOp, Operation *>> lastUses;
    function.walk([&](memref::AllocOp allocation) {
      if (allocation->hasAttr(outputAttrName))
        return;
      if (Operation *last =
              findLastUse(allocation, flow.resolve(allocation.getResult())))
        lastUses.emplace_back(allocation, last);
    });
    for (auto [allocation, last] : lastUses) {
      OpBuilder builder(&getContext());
      builder.setInsertionPointAfter(last);
      memref::DeallocOp::create(builder, allocation.getLoc(), allocation);
      if (last != allocation)
        moveToFirstUse(allocation);
    }
  }
};
} // namespace
