//===- CheckKernelAllocations.cpp - Kernels that run out of memory --------===//
//
//   %p = llvm.call @malloc(%bytes) : (i64) -> !llvm.ptr
//   ...
//
// becomes
//
//   %p = llvm.call @malloc(%bytes) : (i64) -> !llvm.ptr
//   %failed = llvm.icmp "eq" %p, %null : !llvm.ptr
//   llvm.cond_br %failed, ^error, ^rest
// ^error:
//   llvm.call @free(...)    // of each buffer that is live
//   llvm.return %one : i32
// ^rest:
//   ...
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dominance.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_CHECKKERNELALLOCATIONS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;

/// The field at `position` of a struct built by llvm.insertvalue, or null.
static Value findField(Value aggregate, ArrayRef<int64_t> position) {
  while (auto insert = aggregate.getDefiningOp<LLVM::InsertValueOp>()) {
    if (insert.getPosition() == position)
      return insert.getValue();
    aggregate = insert.getContainer();
  }
  return {};
}

/// What `pointer` was before it became part of a memref.
static Value lookThroughDescriptor(Value pointer) {
  while (auto extract = pointer.getDefiningOp<LLVM::ExtractValueOp>()) {
    Value field = findField(extract.getContainer(), extract.getPosition());
    if (!field)
      break;
    pointer = field;
  }
  return pointer;
}

namespace {
struct Allocation {
  LLVM::CallOp call;
  LLVM::CallOp release; // null if it is not found
};

struct CheckKernelAllocations
    : assay::impl::CheckKernelAllocationsBase<CheckKernelAllocations> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal())
        check(function);
  }

  static SmallVector<Allocation> findAllocations(LLVM::LLVMFuncOp function) {
    SmallVector<Allocation> allocations;
    llvm::DenseMap<Value, LLVM::CallOp> releases;
    function.walk([&](LLVM::CallOp call) {
      if (call.getCallee() == "malloc")
        allocations.push_back({call, nullptr});
      else if (call.getCallee() == "free")
        releases[lookThroughDescriptor(call.getOperand(0))] = call;
    });
    for (Allocation &allocation : allocations)
      allocation.release = releases.lookup(allocation.call.getResult());
    return allocations;
  }

  static void check(LLVM::LLVMFuncOp function) {
    SmallVector<Allocation> allocations = findAllocations(function);
    if (allocations.empty())
      return;
    // Which buffers are live is asked before blocks are split.
    SmallVector<SmallVector<Allocation>> live;
    DominanceInfo dominance(function);
    for (Allocation &failing : allocations) {
      live.emplace_back();
      for (Allocation &other : allocations)
        if (other.release &&
            dominance.properlyDominates(other.call.getOperation(),
                                        failing.call) &&
            !dominance.properlyDominates(other.release.getOperation(),
                                         failing.call))
          live.back().push_back(other);
    }
    for (auto [failing, held] : llvm::zip_equal(allocations, live))
      checkOne(failing.call, held);
  }

  static void checkOne(LLVM::CallOp call, ArrayRef<Allocation> held) {
    Location loc = call.getLoc();
    Block *before = call->getBlock();
    Block *rest = before->splitBlock(std::next(Block::iterator(call)));
    OpBuilder builder(call.getContext());
    Block *error = builder.createBlock(before->getParent());
    for (Allocation allocation : held)
      LLVM::CallOp::create(builder, loc, TypeRange(),
                           allocation.release.getCalleeAttr(),
                           allocation.call.getResult());
    Value one =
        LLVM::ConstantOp::create(builder, loc, builder.getI32IntegerAttr(1));
    LLVM::ReturnOp::create(builder, loc, one);
    builder.setInsertionPointToEnd(before);
    Value pointer = call.getResult();
    Value null = LLVM::ZeroOp::create(builder, loc, pointer.getType());
    Value failed = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::eq,
                                        pointer, null);
    LLVM::CondBrOp::create(builder, loc, failed, error, rest);
  }
};
} // namespace
