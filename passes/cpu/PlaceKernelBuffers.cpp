//===- PlaceKernelBuffers.cpp - Stack or heap for local buffers -----------===//
//
//   scf.forall ... { %t = memref.alloc() : memref<128xf32> ... }
//
// becomes
//
//   %t = memref.alloca() : memref<128xf32>
//   scf.forall ... { ... }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/BufferSize.h"
#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_PLACEKERNELBUFFERS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

static constexpr int64_t bufferAlignment = 64;

namespace {
struct PlaceKernelBuffers
    : assay::impl::PlaceKernelBuffersBase<PlaceKernelBuffers> {
  using PlaceKernelBuffersBase::PlaceKernelBuffersBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()) ||
        function.isExternal())
      return;
    Block &entry = function.getBody().front();
    SmallVector<memref::AllocOp> allocs;
    function.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
    int64_t stackBytes = 0;
    for (memref::AllocOp alloc : allocs) {
      std::optional<int64_t> bytes;
      if (alloc.getType().hasStaticShape())
        bytes = kernel::getBufferBytes(alloc.getType());
      OpBuilder builder(alloc);
      if (bytes && stackBytes + *bytes <= maxStackBytes) {
        stackBytes += *bytes;
        builder.setInsertionPointToStart(&entry);
        Value buffer = memref::AllocaOp::create(
            builder, alloc.getLoc(), alloc.getType(), ValueRange(),
            builder.getI64IntegerAttr(bufferAlignment));
        alloc.replaceAllUsesWith(buffer);
        alloc.erase();
        continue;
      }
      // Heap buffers of static size are made once, not in every iteration.
      if (bytes)
        alloc->moveBefore(&entry, entry.begin());
      builder.setInsertionPoint(alloc->getBlock()->getTerminator());
      memref::DeallocOp::create(builder, alloc.getLoc(), alloc);
    }
  }
};
} // namespace
