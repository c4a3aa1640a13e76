//===- HostControlFlow.cpp - Branches, selects and assertions -------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "passes/host/HostLowering.h"

using namespace mlir;
using namespace assay::host;

static SmallVector<Value> flatten(ArrayRef<ValueRange> operands) {
  SmallVector<Value> values;
  for (ValueRange parts : operands)
    llvm::append_range(values, parts);
  return values;
}

/// "node NAME: " where the location names the ONNX node.
static std::string describeNode(Location loc) {
  std::string text;
  loc->walk([&](Location part) {
    auto name = dyn_cast<NameLoc>(part);
    if (!name)
      return WalkResult::advance();
    text = "node " + name.getName().str() + ": ";
    return WalkResult::interrupt();
  });
  return text;
}

namespace {

struct BranchLowering : ConvertOpToLLVMPattern<cf::BranchOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(cf::BranchOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::BrOp>(
        op, flatten(adaptor.getDestOperands()), op.getDest());
    return success();
  }
};

struct CondBranchLowering : ConvertOpToLLVMPattern<cf::CondBranchOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(cf::CondBranchOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::CondBrOp>(
        op, adaptor.getCondition().front(), op.getTrueDest(),
        flatten(adaptor.getTrueDestOperands()), op.getFalseDest(),
        flatten(adaptor.getFalseDestOperands()));
    return success();
  }
};

/// arith.select of buffers selects each of their parts.
struct SelectLowering : ConvertOpToLLVMPattern<arith::SelectOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(arith::SelectOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Value> parts;
    for (auto [yes, no] :
         llvm::zip(adaptor.getTrueValue(), adaptor.getFalseValue()))
      parts.push_back(LLVM::SelectOp::create(
          rewriter, op.getLoc(), adaptor.getCondition().front(), yes, no));
    rewriter.replaceOpWithMultiple(op, {ValueRange(parts)});
    return success();
  }
};

/// cf.assert records its message and makes the run fail.
struct AssertLowering : ConvertOpToLLVMPattern<cf::AssertOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(cf::AssertOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Block *current = rewriter.getInsertionBlock();
    Block *rest = rewriter.splitBlock(current, rewriter.getInsertionPoint());
    Block *error = rewriter.createBlock(current->getParent());
    HostBuilder host(rewriter, loc);
    host.call(RuntimeField::Fail, {}, createMessage(op, rewriter));
    LLVM::ReturnOp::create(rewriter, loc, host.constant(1, 32));
    rewriter.setInsertionPointToEnd(current);
    LLVM::CondBrOp::create(rewriter, loc, adaptor.getArg().front(), rest,
                           error);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// The address of the message as a global, terminated string.
  static Value createMessage(cf::AssertOp op,
                             ConversionPatternRewriter &rewriter) {
    auto module = op->getParentOfType<ModuleOp>();
    std::string text = describeNode(op.getLoc()) + op.getMsg().str() + '\0';
    unsigned number = 0;
    std::string name;
    do
      name = "assay_message_" + std::to_string(number++);
    while (module.lookupSymbol(name));
    auto type = LLVM::LLVMArrayType::get(rewriter.getI8Type(), text.size());
    OpBuilder::InsertionGuard guard(rewriter);
    {
      OpBuilder::InsertionGuard inner(rewriter);
      rewriter.setInsertionPointToStart(module.getBody());
      LLVM::GlobalOp::create(rewriter, op.getLoc(), type, /*isConstant=*/true,
                             LLVM::Linkage::Internal, name,
                             rewriter.getStringAttr(text));
    }
    return LLVM::AddressOfOp::create(
        rewriter, op.getLoc(),
        LLVM::LLVMPointerType::get(rewriter.getContext()), name);
  }
};

} // namespace

void assay::host::populateHostControlFlow(LLVMTypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<AssertLowering, BranchLowering, CondBranchLowering>(converter);
  patterns.add<SelectLowering>(converter, /*benefit=*/2);
}
