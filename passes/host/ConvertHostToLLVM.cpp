//===- ConvertHostToLLVM.cpp - The host program as calls of the runtime ---===//
//
//   func.func private @k(memref<?xf32>, memref<?xf32>) attributes
//   {kernel.entry} func.func @main(%x: memref<?xf32>) -> memref<?xf32> {
//     %n = memref.dim %x, %c0 : memref<?xf32>
//     %y = memref.alloc(%n) {assay.output = 0} : memref<?xf32>
//     kernel.call @k ins(%x : memref<?xf32>) outs(%y : memref<?xf32>)
//     return %y : memref<?xf32>
//   }
// becomes in essence
//   int32_t assay_run(runtime, session, inputs) {
//     float *y = runtime->allocate_output(session, 0, inputs[1] * 4);
//     if (!y)
//       return 1;
//     uint64_t words[] = {inputs[0], inputs[1], y, inputs[1]};
//     if (runtime->launch(session, 0, words))
//       return 1;
//     uint64_t dims[] = {inputs[1]};
//     runtime->set_output_shape(session, 0, dims);
//     return 0;
//   }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Dispatch.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/DialectConversion.h"
#include "passes/host/HostLowering.h"
#include "passes/host/Passes.h"

using namespace mlir;

namespace assay::host {
#define GEN_PASS_DEF_CONVERTHOSTTOLLVM
#include "passes/host/Passes.h.inc"
} // namespace assay::host

using namespace assay::host;

namespace {

/// What the host program has to know of a kernel.
struct KernelInfo {
  int64_t index;
  FunctionType type;
};
using KernelTable = llvm::StringMap<KernelInfo>;

/// @main becomes @assay_run, whose first block loads the arguments.
struct FuncLowering : ConvertOpToLLVMPattern<func::FuncOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(func::FuncOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.isDeclaration()) {
      rewriter.eraseOp(op);
      return success();
    }
    if (op.getSymName() != mainName)
      return rewriter.notifyMatchFailure(op, "neither @main nor a kernel");
    Location loc = op.getLoc();
    auto pointer = LLVM::LLVMPointerType::get(getContext());
    auto type = LLVM::LLVMFunctionType::get(rewriter.getI32Type(),
                                            {pointer, pointer, pointer});
    auto run = LLVM::LLVMFuncOp::create(rewriter, loc, runName, type);
    rewriter.inlineRegionBefore(op.getBody(), run.getBody(), run.end());
    Block *body = &run.getBody().front();
    if (failed(rewriter.convertRegionTypes(&run.getBody(), *typeConverter)))
      return failure();
    body = &run.getBody().front();
    Block *entry = rewriter.createBlock(body, type.getParams(),
                                        SmallVector<Location>(3, loc));
    rewriter.setInsertionPointToStart(entry);
    SmallVector<Value> arguments;
    loadArguments(op, rewriter, arguments);
    LLVM::BrOp::create(rewriter, loc, arguments, body);
    rewriter.eraseOp(op);
    return success();
  }

private:
  static void loadArguments(func::FuncOp op,
                            ConversionPatternRewriter &rewriter,
                            SmallVectorImpl<Value> &arguments) {
    Location loc = op.getLoc();
    HostBuilder host(rewriter, loc);
    int32_t word = 0;
    auto loadWord = [&](int32_t index, Type type) -> Value {
      Value slot = LLVM::GEPOp::create(
          rewriter, loc, host.pointer(), host.i64(),
          host.argument(RunArgument::Inputs), ArrayRef<LLVM::GEPArg>{index});
      return LLVM::LoadOp::create(rewriter, loc, type, slot);
    };
    for (auto [index, argument] : llvm::enumerate(op.getArgumentTypes())) {
      if (op.getArgAttr(index, arenaAttrName)) {
        arguments.push_back(host.call(RuntimeField::Arena, host.pointer(), {}));
        continue;
      }
      if (op.getArgAttr(index, weightsAttrName)) {
        arguments.push_back(LLVM::AddressOfOp::create(
            rewriter, loc, host.pointer(), weightsName));
        continue;
      }
      auto type = cast<MemRefType>(argument);
      arguments.push_back(loadWord(word, host.pointer()));
      for (int64_t axis = 0; axis < type.getRank(); ++axis)
        if (type.isDynamicDim(axis))
          arguments.push_back(loadWord(word + 1 + axis, host.i64()));
      word += 1 + type.getRank();
    }
  }
};

struct ReturnLowering : ConvertOpToLLVMPattern<func::ReturnOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(func::ReturnOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    for (auto [index, type, parts] :
         llvm::enumerate(op.getOperandTypes(), adaptor.getOperands())) {
      SmallVector<Value> dims =
          Buffer(cast<MemRefType>(type), parts).getDims(host);
      Value words = host.stackWords(dims.size());
      host.storeWords(words, dims);
      host.call(RuntimeField::SetOutputShape, {},
                {host.constant(index, 32), words});
    }
    rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, host.constant(0, 32));
    return success();
  }
};

/// kernel.call: the arguments as words, then a launch that may fail.
struct CallLowering : ConvertOpToLLVMPattern<assay::kernel::CallOp> {
  CallLowering(LLVMTypeConverter &converter, const KernelTable &kernels)
      : ConvertOpToLLVMPattern(converter), kernels(kernels) {}

  LogicalResult
  matchAndRewrite(assay::kernel::CallOp op, OneToNOpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto kernel = kernels.find(op.getCallee());
    if (kernel == kernels.end())
      return op.emitError("kernel @") << op.getCallee() << " is not declared";
    HostBuilder host(rewriter, op.getLoc());
    SmallVector<ValueRange> operands(adaptor.getInputs());
    llvm::append_range(operands, adaptor.getInits());
    SmallVector<Value> values;
    for (auto [from, to, parts] : llvm::zip(
             op.getOperandTypes(), kernel->second.type.getInputs(), operands))
      appendWords(host, rewriter, op.getLoc(), from, to, parts, values);
    Value words = host.stackWords(values.size());
    host.storeWords(words, values);
    Value status = host.call(RuntimeField::Launch, rewriter.getI32Type(),
                             {host.constant(kernel->second.index, 32), words});
    Value failed =
        LLVM::ICmpOp::create(rewriter, op.getLoc(), LLVM::ICmpPredicate::ne,
                             status, host.constant(0, 32));
    returnErrorIf(rewriter, op.getLoc(), failed);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// Words for an operand of type `from` passed as parameter of type `to`.
  static void appendWords(HostBuilder &host, OpBuilder &builder, Location loc,
                          Type from, Type to, ValueRange parts,
                          SmallVectorImpl<Value> &words) {
    auto type = dyn_cast<MemRefType>(from);
    if (!type) {
      words.push_back(toWord(host, builder, loc, parts.front()));
      return;
    }
    Buffer buffer(type, parts);
    words.push_back(buffer.getAddress());
    auto parameter = cast<ShapedType>(to);
    for (int64_t axis = 0; axis < type.getRank(); ++axis)
      if (parameter.isDynamicDim(axis))
        words.push_back(buffer.getDim(host, axis));
  }

  /// The bits of a scalar, zero-extended.
  static Value toWord(HostBuilder &host, OpBuilder &builder, Location loc,
                      Value value) {
    if (isa<FloatType>(value.getType()))
      value = LLVM::BitcastOp::create(
          builder, loc,
          builder.getIntegerType(value.getType().getIntOrFloatBitWidth()),
          value);
    if (value.getType() == host.i64())
      return value;
    return LLVM::ZExtOp::create(builder, loc, host.i64(), value);
  }

  const KernelTable &kernels;
};

/// The contents of constants are emitted by the code generator.
struct GlobalLowering : ConvertOpToLLVMPattern<memref::GlobalOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(memref::GlobalOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertHostToLLVMPass
    : assay::host::impl::ConvertHostToLLVMBase<ConvertHostToLLVMPass> {
  void runOnOperation() override;
};

} // namespace

/// Memrefs as addresses and dynamic dimensions.
static void addBufferConversion(LLVMTypeConverter &converter) {
  converter.addConversion([](MemRefType type, SmallVectorImpl<Type> &parts) {
    if (!type.getLayout().isIdentity())
      return failure();
    parts.push_back(LLVM::LLVMPointerType::get(type.getContext()));
    parts.append(type.getNumDynamicDims(),
                 IntegerType::get(type.getContext(), 64));
    return success();
  });
}

static KernelTable numberKernels(ModuleOp module) {
  KernelTable kernels;
  int64_t next = 0;
  for (auto function : module.getOps<func::FuncOp>())
    if (function->hasAttr(assay::kernel::KernelDialect::getEntryAttrName()))
      kernels[function.getSymName()] = {next++, function.getFunctionType()};
  return kernels;
}

static void declareWeights(ModuleOp module) {
  if (module.getOps<memref::GlobalOp>().empty())
    return;
  OpBuilder builder(module.getBodyRegion());
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), 0);
  LLVM::GlobalOp::create(builder, module.getLoc(), type, /*isConstant=*/true,
                         LLVM::Linkage::External, weightsName, Attribute(),
                         bufferAlignment);
}

void ConvertHostToLLVMPass::runOnOperation() {
  ModuleOp module = getOperation();
  MLIRContext *context = &getContext();
  KernelTable kernels = numberKernels(module);
  declareWeights(module);

  LLVMTypeConverter converter(context);
  addBufferConversion(converter);
  RewritePatternSet patterns(context);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  populateHostBuffers(converter, patterns);
  populateHostControlFlow(converter, patterns);
  patterns.add<FuncLowering, GlobalLowering, ReturnLowering>(converter);
  patterns.add<CallLowering>(converter, kernels);

  ConversionTarget target(*context);
  target.addLegalDialect<LLVM::LLVMDialect>();
  target.addLegalOp<ModuleOp>();
  if (failed(applyFullConversion(module, target, std::move(patterns))))
    signalPassFailure();
}
