//===- HostLowering.cpp - What patterns of the host program share ---------===//

#include "passes/host/HostLowering.h"
#include "dialects/kernel/BufferSize.h"

using namespace mlir;
using namespace assay::host;

Type HostBuilder::pointer() {
  return LLVM::LLVMPointerType::get(builder.getContext());
}

Value HostBuilder::constant(int64_t value, unsigned bits) {
  Type type = builder.getIntegerType(bits);
  return LLVM::ConstantOp::create(builder, loc, type,
                                  builder.getIntegerAttr(type, value));
}

Value HostBuilder::add(Value lhs, Value rhs) {
  return LLVM::AddOp::create(builder, loc, lhs, rhs);
}

Value HostBuilder::multiply(Value lhs, Value rhs) {
  return LLVM::MulOp::create(builder, loc, lhs, rhs);
}

Value HostBuilder::multiplySaturating(Value lhs, Value rhs) {
  auto type = LLVM::LLVMStructType::getLiteral(builder.getContext(),
                                               {i64(), builder.getI1Type()});
  Value both = LLVM::SMulWithOverflowOp::create(builder, loc, type, lhs, rhs);
  Value product = LLVM::ExtractValueOp::create(builder, loc, both, 0);
  Value overflow = LLVM::ExtractValueOp::create(builder, loc, both, 1);
  return LLVM::SelectOp::create(builder, loc, overflow, constant(INT64_MAX),
                                product);
}

Value HostBuilder::elementAddress(Type elementType, Value base, Value index) {
  return LLVM::GEPOp::create(builder, loc, pointer(), elementType, base,
                             ArrayRef<LLVM::GEPArg>{index});
}

LLVM::LLVMFuncOp HostBuilder::function() {
  Operation *parent = builder.getInsertionBlock()->getParentOp();
  if (auto function = dyn_cast<LLVM::LLVMFuncOp>(parent))
    return function;
  return parent->getParentOfType<LLVM::LLVMFuncOp>();
}

Value HostBuilder::argument(RunArgument which) {
  return function().getArgument(static_cast<unsigned>(which));
}

Value HostBuilder::call(RuntimeField field, Type result, ValueRange arguments) {
  Value slot = LLVM::GEPOp::create(
      builder, loc, pointer(), pointer(), argument(RunArgument::Runtime),
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(field)});
  Value callee = LLVM::LoadOp::create(builder, loc, pointer(), slot);
  SmallVector<Type> types = {pointer()};
  llvm::append_range(types, arguments.getTypes());
  auto signature = LLVM::LLVMFunctionType::get(
      result ? result : LLVM::LLVMVoidType::get(builder.getContext()), types);
  SmallVector<Value> operands = {callee, argument(RunArgument::Session)};
  llvm::append_range(operands, arguments);
  auto call = LLVM::CallOp::create(builder, loc, signature, operands);
  return result ? call.getResult() : Value();
}

Value HostBuilder::stackWords(int64_t count) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function().getBody().front());
  return LLVM::AllocaOp::create(builder, loc, pointer(), i64(),
                                constant(std::max<int64_t>(count, 1)));
}

void HostBuilder::storeWords(Value words, ValueRange values) {
  for (auto [index, value] : llvm::enumerate(values)) {
    Value slot = LLVM::GEPOp::create(
        builder, loc, pointer(), i64(), words,
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    LLVM::StoreOp::create(builder, loc, value, slot);
  }
}

Value Buffer::getDim(HostBuilder &host, int64_t axis) const {
  if (!type.isDynamicDim(axis))
    return host.constant(type.getDimSize(axis));
  return parts[1 + type.getDynamicDimIndex(axis)];
}

SmallVector<Value> Buffer::getDims(HostBuilder &host) const {
  SmallVector<Value> dims;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    dims.push_back(getDim(host, axis));
  return dims;
}

Value Buffer::countBytes(HostBuilder &host) const {
  int64_t known = assay::kernel::getElementBytes(type.getElementType());
  for (int64_t size : type.getShape())
    known *= ShapedType::isDynamic(size) ? 1 : size;
  Value bytes = host.constant(known);
  for (Value size : parts.drop_front())
    bytes = host.multiplySaturating(bytes, size);
  return bytes;
}

Value Buffer::getElementAddress(HostBuilder &host, ValueRange indices) const {
  Value linear = host.constant(0);
  for (auto [axis, index] : llvm::enumerate(indices)) {
    if (axis != 0)
      linear = host.multiply(linear, getDim(host, axis));
    linear = host.add(linear, index);
  }
  Value bytes = host.multiply(
      linear,
      host.constant(assay::kernel::getElementBytes(type.getElementType())));
  Type byte = IntegerType::get(type.getContext(), 8);
  return host.elementAddress(byte, getAddress(), bytes);
}

SmallVector<Value> assay::host::makeParts(MemRefType type, Value address,
                                          ValueRange dims) {
  SmallVector<Value> parts = {address};
  for (auto [axis, size] : llvm::enumerate(dims))
    if (type.isDynamicDim(axis))
      parts.push_back(size);
  return parts;
}

void assay::host::returnErrorIf(ConversionPatternRewriter &rewriter,
                                Location loc, Value failed) {
  Block *current = rewriter.getInsertionBlock();
  Block *rest = rewriter.splitBlock(current, rewriter.getInsertionPoint());
  Block *error = rewriter.createBlock(current->getParent());
  HostBuilder host(rewriter, loc);
  LLVM::ReturnOp::create(rewriter, loc, host.constant(1, 32));
  rewriter.setInsertionPointToEnd(current);
  LLVM::CondBrOp::create(rewriter, loc, failed, error, rest);
  rewriter.setInsertionPointToStart(rest);
}
