//===- HostBuffers.cpp - memref ops on contiguous buffers -----------------===//

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/host/HostLowering.h"
#include "passes/host/Passes.h"
#include "passes/host/Weights.h"

using namespace mlir;
using namespace assay::host;

/// Appends index operands, each of which is converted to one value.
static void appendSizes(SmallVectorImpl<Value> &parts,
                        ArrayRef<ValueRange> sizes) {
  for (ValueRange size : sizes)
    parts.push_back(size.front());
}

namespace {

template <typename Op> struct HostPattern : ConvertOpToLLVMPattern<Op> {
  using ConvertOpToLLVMPattern<Op>::ConvertOpToLLVMPattern;
  using Adaptor = typename ConvertOpToLLVMPattern<Op>::OneToNOpAdaptor;
};

/// memref.alloc {assay.output = 0} or, without it, a buffer of the run.
struct AllocLowering : HostPattern<memref::AllocOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::AllocOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    MemRefType type = op.getType();
    SmallVector<Value> parts = {Value()};
    appendSizes(parts, adaptor.getDynamicSizes());
    Value bytes = Buffer(type, parts).countBytes(host);
    auto output = op->getAttrOfType<IntegerAttr>(outputAttrName);
    if (output)
      parts[0] = host.call(RuntimeField::AllocateOutput, host.pointer(),
                           {host.constant(output.getInt(), 32), bytes});
    else
      parts[0] = host.call(RuntimeField::Allocate, host.pointer(), bytes);
    Value null = LLVM::ZeroOp::create(rewriter, op.getLoc(), host.pointer());
    Value failed = LLVM::ICmpOp::create(
        rewriter, op.getLoc(), LLVM::ICmpPredicate::eq, parts[0], null);
    returnErrorIf(rewriter, op.getLoc(), failed);
    rewriter.replaceOpWithMultiple(op, {ValueRange(parts)});
    return success();
  }
};

struct DeallocLowering : HostPattern<memref::DeallocOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::DeallocOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    host.call(RuntimeField::Release, {}, adaptor.getMemref().front());
    rewriter.eraseOp(op);
    return success();
  }
};

/// A view of the arena or the weights.
struct ViewLowering : HostPattern<memref::ViewOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::ViewOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    SmallVector<Value> parts = {
        host.elementAddress(rewriter.getI8Type(), adaptor.getSource().front(),
                            adaptor.getByteShift().front())};
    appendSizes(parts, adaptor.getSizes());
    rewriter.replaceOpWithMultiple(op, {ValueRange(parts)});
    return success();
  }
};

/// A cast to more or fewer static dimensions.
struct CastLowering : HostPattern<memref::CastOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::CastOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto from = dyn_cast<MemRefType>(op.getSource().getType());
    auto to = dyn_cast<MemRefType>(op.getType());
    if (!from || !to)
      return rewriter.notifyMatchFailure(op, "unranked");
    HostBuilder host(rewriter, op.getLoc());
    Buffer source(from, adaptor.getSource());
    rewriter.replaceOpWithMultiple(
        op,
        {ValueRange(makeParts(to, source.getAddress(), source.getDims(host)))});
    return success();
  }
};

struct CollapseShapeLowering : HostPattern<memref::CollapseShapeOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::CollapseShapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    Buffer source(op.getSrcType(), adaptor.getSrc());
    SmallVector<Value> dims;
    for (ArrayRef<int64_t> group : op.getReassociationIndices()) {
      Value size = source.getDim(host, group.front());
      for (int64_t axis : group.drop_front())
        size = host.multiply(size, source.getDim(host, axis));
      dims.push_back(size);
    }
    rewriter.replaceOpWithMultiple(
        op,
        {ValueRange(makeParts(op.getResultType(), source.getAddress(), dims))});
    return success();
  }
};

struct ExpandShapeLowering : HostPattern<memref::ExpandShapeOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::ExpandShapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Value> parts = {adaptor.getSrc().front()};
    appendSizes(parts, adaptor.getOutputShape());
    rewriter.replaceOpWithMultiple(op, {ValueRange(parts)});
    return success();
  }
};

/// The dynamic dimensions are read from the buffer that holds the shape.
struct ReshapeLowering : HostPattern<memref::ReshapeOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::ReshapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto to = dyn_cast<MemRefType>(op.getType());
    if (!to)
      return rewriter.notifyMatchFailure(op, "unranked");
    HostBuilder host(rewriter, op.getLoc());
    auto shapeType = cast<MemRefType>(op.getShape().getType());
    Type sizeType = getTypeConverter()->convertType(shapeType.getElementType());
    Buffer shape(shapeType, adaptor.getShape());
    SmallVector<Value> parts = {adaptor.getSource().front()};
    for (int64_t axis = 0; axis < to.getRank(); ++axis) {
      if (!to.isDynamicDim(axis))
        continue;
      Value address = shape.getElementAddress(host, host.constant(axis));
      Value size =
          LLVM::LoadOp::create(rewriter, op.getLoc(), sizeType, address);
      if (size.getType() != host.i64())
        size = LLVM::SExtOp::create(rewriter, op.getLoc(), host.i64(), size);
      parts.push_back(size);
    }
    rewriter.replaceOpWithMultiple(op, {ValueRange(parts)});
    return success();
  }
};

/// memref.dim; the axis may be a value.
struct DimLowering : HostPattern<memref::DimOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::DimOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<MemRefType>(op.getSource().getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "unranked");
    HostBuilder host(rewriter, op.getLoc());
    Buffer source(type, adaptor.getSource());
    if (std::optional<int64_t> axis = op.getConstantIndex()) {
      rewriter.replaceOp(op, source.getDim(host, *axis));
      return success();
    }
    Value result = host.constant(0), axis = adaptor.getIndex().front();
    for (int64_t candidate = 0; candidate < type.getRank(); ++candidate) {
      Value here =
          LLVM::ICmpOp::create(rewriter, op.getLoc(), LLVM::ICmpPredicate::eq,
                               axis, host.constant(candidate));
      result = LLVM::SelectOp::create(rewriter, op.getLoc(), here,
                                      source.getDim(host, candidate), result);
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// Booleans take a byte in memory and a bit in values.
struct LoadLowering : HostPattern<memref::LoadOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::LoadOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    SmallVector<Value> indices;
    for (ValueRange index : adaptor.getIndices())
      indices.push_back(index.front());
    Value address = Buffer(op.getMemRefType(), adaptor.getMemref())
                        .getElementAddress(host, indices);
    Type type = getTypeConverter()->convertType(op.getType());
    if (!type.isInteger(1)) {
      rewriter.replaceOpWithNewOp<LLVM::LoadOp>(op, type, address);
      return success();
    }
    Value byte = LLVM::LoadOp::create(rewriter, op.getLoc(),
                                      rewriter.getI8Type(), address);
    rewriter.replaceOpWithNewOp<LLVM::ICmpOp>(op, LLVM::ICmpPredicate::ne, byte,
                                              host.constant(0, 8));
    return success();
  }
};

struct StoreLowering : HostPattern<memref::StoreOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::StoreOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    SmallVector<Value> indices;
    for (ValueRange index : adaptor.getIndices())
      indices.push_back(index.front());
    Value address = Buffer(op.getMemRefType(), adaptor.getMemref())
                        .getElementAddress(host, indices);
    Value value = adaptor.getValue().front();
    if (value.getType().isInteger(1))
      value = LLVM::ZExtOp::create(rewriter, op.getLoc(), rewriter.getI8Type(),
                                   value);
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(op, value, address);
    return success();
  }
};

struct CopyLowering : HostPattern<memref::CopyOp> {
  using HostPattern::HostPattern;
  LogicalResult
  matchAndRewrite(memref::CopyOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    HostBuilder host(rewriter, op.getLoc());
    Buffer source(cast<MemRefType>(op.getSource().getType()),
                  adaptor.getSource());
    rewriter.replaceOpWithNewOp<LLVM::MemcpyOp>(
        op, adaptor.getTarget().front(), source.getAddress(),
        source.countBytes(host), /*isVolatile=*/false);
    return success();
  }
};

} // namespace

void assay::host::populateHostBuffers(LLVMTypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<AllocLowering, CastLowering, CollapseShapeLowering, CopyLowering,
               DeallocLowering, DimLowering, ExpandShapeLowering, LoadLowering,
               ReshapeLowering, StoreLowering, ViewLowering>(converter);
}
