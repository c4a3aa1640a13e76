//===- OutlineKernels.cpp - Dispatches to deduplicated functions ----------===//
//
//   %y = kernel.dispatch ins(%a = %x : T) outs(%o = %e : T) { ... }
//
// becomes
//
//   %y = kernel.call @kernel_<hash> ins(%x : T) outs(%e : T) -> T
//   func.func private @kernel_<hash>(%a: T, %o: T) -> T
//       attributes {kernel.entry} { ... }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Dispatch.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/fusion/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA1.h"

namespace assay {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "passes/fusion/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

/// Content hash of a function, in hex: that of its text without name and
/// locations.
static std::string hashFunction(func::FuncOp function) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  function->print(stream, OpPrintingFlags().useLocalScope().assumeVerified());
  llvm::SHA1 sha;
  sha.update(text);
  return llvm::toHex(ArrayRef(sha.final()).take_front(16), /*LowerCase=*/true);
}

/// Moves the body of `dispatch` into a function of its own.
static func::FuncOp outline(kernel::DispatchOp dispatch) {
  OpBuilder builder(dispatch.getContext());
  auto type = builder.getFunctionType(dispatch.getOperandTypes(),
                                      dispatch.getResultTypes());
  auto function =
      func::FuncOp::create(builder, dispatch.getLoc(), "kernel", type);
  function.setPrivate();
  function->setAttr(kernel::KernelDialect::getEntryAttrName(),
                    builder.getUnitAttr());
  function.getBody().takeBody(dispatch.getBody());
  // Names of graph nodes must not tell equal kernels apart.
  function.walk([](Operation *op) {
    if (!isa<func::FuncOp>(op))
      op->setDiscardableAttrs(ArrayRef<NamedAttribute>());
  });
  auto yield = cast<kernel::YieldOp>(function.getBody().front().back());
  builder.setInsertionPoint(yield);
  func::ReturnOp::create(builder, yield.getLoc(), yield.getValues());
  yield.erase();
  return function;
}

namespace {
struct OutlineKernels : assay::impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<kernel::DispatchOp> dispatches;
    getOperation().walk(
        [&](kernel::DispatchOp dispatch) { dispatches.push_back(dispatch); });
    for (kernel::DispatchOp dispatch : dispatches) {
      func::FuncOp function = outline(dispatch);
      std::string name = "kernel_" + hashFunction(function);
      ++numDispatches;
      if (symbols.lookup(name)) {
        function.erase();
      } else {
        function.setName(name);
        symbols.insert(function, getOperation().getBody()->end());
        ++numKernels;
      }
      OpBuilder builder(dispatch);
      auto call =
          kernel::CallOp::create(builder, dispatch.getLoc(), name,
                                 dispatch.getInputs(), dispatch.getInits());
      call->setDiscardableAttrs(dispatch->getDiscardableAttrDictionary());
      dispatch.replaceAllUsesWith(call.getResults());
      dispatch.erase();
    }
  }
};
} // namespace
