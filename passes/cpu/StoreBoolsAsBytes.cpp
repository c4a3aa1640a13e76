//===- StoreBoolsAsBytes.cpp - Memrefs of i1 to memrefs of i8 -------------===//
//
//   %b = memref.load %m[%i] : memref<4xi1>
//   memref.store %b, %n[%i] : memref<4xi1>
//
// becomes
//
//   %v = memref.load %m[%i] : memref<4xi8>
//   %b = arith.cmpi ne, %v, %c0 : i8
//   %w = arith.extui %b : i1 to i8
//   memref.store %w, %n[%i] : memref<4xi8>
//
// Bytes are what tensors of bool hold, and unlike i1 they can be vectorized.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_STOREBOOLSASBYTES
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;

/// Gives a memref of i1 bytes for elements; other values keep their type.
/// Returns whether the type changed.
static bool widen(Value value) {
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type || !type.getElementType().isInteger(1))
    return false;
  value.setType(MemRefType::Builder(type).setElementType(
      IntegerType::get(type.getContext(), 8)));
  return true;
}

static void widenStore(memref::StoreOp store) {
  OpBuilder builder(store);
  if (store.getValueToStore().getType().isInteger(1))
    store.getValueMutable().assign(arith::ExtUIOp::create(
        builder, store.getLoc(), builder.getI8Type(), store.getValueToStore()));
}

static void narrowLoad(memref::LoadOp load) {
  OpBuilder builder(load->getContext());
  builder.setInsertionPointAfter(load);
  load.getResult().setType(builder.getI8Type());
  Value zero = arith::ConstantIntOp::create(builder, load.getLoc(), 0, 8);
  auto isSet = arith::CmpIOp::create(builder, load.getLoc(),
                                     arith::CmpIPredicate::ne, load, zero);
  load.getResult().replaceAllUsesExcept(isSet, isSet);
}

namespace {
struct StoreBoolsAsBytes
    : assay::impl::StoreBoolsAsBytesBase<StoreBoolsAsBytes> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    SmallVector<memref::LoadOp> loads;
    SmallVector<memref::StoreOp> stores;
    function.walk([&](Operation *op) {
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (BlockArgument argument : block.getArguments())
            widen(argument);
      for (Value result : op->getResults())
        widen(result);
      if (auto load = dyn_cast<memref::LoadOp>(op))
        loads.push_back(load);
      if (auto store = dyn_cast<memref::StoreOp>(op))
        stores.push_back(store);
    });
    for (memref::LoadOp load : loads)
      if (load.getType().isInteger(1))
        narrowLoad(load);
    for (memref::StoreOp store : stores)
      if (store.getMemRefType().getElementType().isInteger(8))
        widenStore(store);
    function.setFunctionType(FunctionType::get(
        &getContext(), function.getBody().front().getArgumentTypes(),
        function.getResultTypes()));
  }
};
} // namespace
