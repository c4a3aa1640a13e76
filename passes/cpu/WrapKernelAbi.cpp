//===- WrapKernelAbi.cpp - Binary interface of kernels --------------------===//
//
//   func.func private @k(%x: memref<?xf32>, %s: f32, %lo: index, %hi: index)
//
// becomes
//
//   func.func private @k.body(%x: !llvm.ptr {llvm.noalias}, %d: i64, %s: f32,
//                             %lo: index, %hi: index) -> i32 {
//     %m = unrealized_conversion_cast (descriptor of %x and %d) ...
//     return %c0
//   func.func @k(%words: !llvm.ptr, %lo: i64, %hi: i64) -> i32 {
//     ... load %x, %d and %s from %words ...
//     return (call @k.body)
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_WRAPKERNELABI
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

/// Words that an argument of `type` takes: see docs/architecture.md.
static unsigned getNumWords(Type type) {
  auto buffer = dyn_cast<MemRefType>(type);
  return buffer ? 1 + buffer.getNumDynamicDims() : 1;
}

/// Makes a memref of a bare pointer and its dynamic dimensions (i64).
static Value buildMemRef(ImplicitLocOpBuilder &b, MemRefType type,
                         Value pointer, ValueRange dims) {
  Type i64 = b.getI64Type();
  int64_t rank = type.getRank();
  SmallVector<Type> fields = {pointer.getType(), pointer.getType(), i64};
  if (rank > 0)
    fields.append(2, LLVM::LLVMArrayType::get(i64, rank));
  auto constant = [&](int64_t value) -> Value {
    return LLVM::ConstantOp::create(b, i64, value);
  };
  Value descriptor = LLVM::PoisonOp::create(
      b, LLVM::LLVMStructType::getLiteral(b.getContext(), fields));
  auto set = [&](Value value, ArrayRef<int64_t> position) {
    descriptor = LLVM::InsertValueOp::create(b, descriptor, value, position);
  };
  set(pointer, {0});
  set(pointer, {1});
  set(constant(0), {2});
  Value stride = constant(1);
  for (int64_t dim = rank; dim-- > 0;) {
    Value size = type.isDynamicDim(dim) ? dims[type.getDynamicDimIndex(dim)]
                                        : constant(type.getDimSize(dim));
    set(size, {3, dim});
    set(stride, {4, dim});
    if (dim > 0)
      stride = LLVM::MulOp::create(b, stride, size);
  }
  return UnrealizedConversionCastOp::create(b, type, descriptor).getResult(0);
}

/// The word at `position` as the bits of a scalar of `type`, or as a pointer.
static Value loadWord(ImplicitLocOpBuilder &b, Value words, int64_t position,
                      Type type) {
  Type i64 = b.getI64Type();
  Type pointer = words.getType();
  Value address = LLVM::GEPOp::create(b, pointer, i64, words,
                                      ArrayRef<LLVM::GEPArg>{position});
  if (isa<LLVM::LLVMPointerType>(type))
    return LLVM::LoadOp::create(b, pointer, address);
  Value word = LLVM::LoadOp::create(b, i64, address);
  if (type.isIndex())
    return arith::IndexCastOp::create(b, type, word);
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits < 64)
    word = arith::TruncIOp::create(b, b.getIntegerType(bits), word);
  if (isa<FloatType>(type))
    word = arith::BitcastOp::create(b, type, word);
  return word;
}

namespace {
struct WrapKernelAbi : assay::impl::WrapKernelAbiBase<WrapKernelAbi> {
  using WrapKernelAbiBase::WrapKernelAbiBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (func::FuncOp function :
         llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()) ||
          function.isExternal())
        continue;
      std::string name = function.getName().str();
      auto count = symbols.lookup<func::FuncOp>(name + ".count");
      if (!count) {
        function.emitError("kernel has no companion '") << name << ".count'";
        return signalPassFailure();
      }
      returnStatus(function);
      wrap(function, /*numRangeArguments=*/2, symbols);
      wrap(count, /*numRangeArguments=*/0, symbols);
    }
  }

  /// Makes `function`, which has no results, return 0: it was not interrupted.
  static void returnStatus(func::FuncOp function) {
    auto ret = cast<func::ReturnOp>(function.getBody().back().getTerminator());
    OpBuilder b(ret);
    Value done = arith::ConstantIntOp::create(b, ret.getLoc(), 0, 32);
    ret.getOperandsMutable().assign(done);
    function.setFunctionType(
        b.getFunctionType(function.getArgumentTypes(), b.getI32Type()));
  }

  /// Replaces `function` by a body on bare pointers and a wrapper that has its
  /// name and takes words.
  void wrap(func::FuncOp function, unsigned numRangeArguments,
            SymbolTable &symbols) {
    std::string name = function.getName().str();
    SmallVector<Type> parameters(
        function.getArgumentTypes().drop_back(numRangeArguments));
    flattenArguments(function, parameters);
    function->removeAttr(kernel::KernelDialect::getEntryAttrName());
    function.setName(name + ".body");
    function.setPrivate();
    if (vectorBits != 0)
      function->setAttr("passthrough", getVectorWidthAttr());
    createWrapper(function, name, parameters, numRangeArguments);
  }

  Attribute getVectorWidthAttr() {
    Builder builder(&getContext());
    return builder.getArrayAttr({builder.getArrayAttr(
        {builder.getStringAttr("prefer-vector-width"),
         builder.getStringAttr(std::to_string(vectorBits))})});
  }

  /// Replaces each memref argument by a pointer and its dynamic dimensions.
  void flattenArguments(func::FuncOp function, ArrayRef<Type> parameters) {
    Block &body = function.getBody().front();
    ImplicitLocOpBuilder b(function.getLoc(), &getContext());
    b.setInsertionPointToStart(&body);
    SmallVector<DictionaryAttr> attributes;
    auto pointerAttributes =
        b.getDictionaryAttr({b.getNamedAttr("llvm.noalias", b.getUnitAttr()),
                             b.getNamedAttr("llvm.noundef", b.getUnitAttr())});
    unsigned position = 0;
    for (Type type : parameters) {
      auto buffer = dyn_cast<MemRefType>(type);
      if (!buffer) {
        attributes.push_back(b.getDictionaryAttr({}));
        ++position;
        continue;
      }
      Location loc = body.getArgument(position).getLoc();
      Value pointer = body.insertArgument(
          position, LLVM::LLVMPointerType::get(&getContext()), loc);
      attributes.push_back(pointerAttributes);
      SmallVector<Value> dims;
      for (unsigned dim = 0; dim < buffer.getNumDynamicDims(); ++dim) {
        dims.push_back(
            body.insertArgument(position + 1 + dim, b.getI64Type(), loc));
        attributes.push_back(b.getDictionaryAttr({}));
      }
      position += 1 + dims.size();
      body.getArgument(position).replaceAllUsesWith(
          buildMemRef(b, buffer, pointer, dims));
      body.eraseArgument(position);
    }
    while (attributes.size() < body.getNumArguments())
      attributes.push_back(b.getDictionaryAttr({}));
    function.setFunctionType(
        b.getFunctionType(body.getArgumentTypes(), function.getResultTypes()));
    function.setAllArgAttrs(attributes);
  }

  void createWrapper(func::FuncOp body, StringRef name,
                     ArrayRef<Type> parameters, unsigned numRangeArguments) {
    ImplicitLocOpBuilder b(body.getLoc(), &getContext());
    b.setInsertionPointAfter(body);
    Type i64 = b.getI64Type();
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    SmallVector<Type> types = {pointer};
    types.append(numRangeArguments, i64);
    bool isCount = body.getResultTypes().front().isIndex();
    Type result = isCount ? i64 : body.getResultTypes().front();
    auto wrapper =
        func::FuncOp::create(b, name, b.getFunctionType(types, result));
    Block *entry = wrapper.addEntryBlock();
    b.setInsertionPointToEnd(entry);

    Value words = entry->getArgument(0);
    SmallVector<Value> operands;
    int64_t position = 0;
    for (Type type : parameters) {
      bool isBuffer = isa<MemRefType>(type);
      operands.push_back(
          loadWord(b, words, position, isBuffer ? pointer : type));
      for (unsigned word = 1; word < getNumWords(type); ++word)
        operands.push_back(loadWord(b, words, position + word, i64));
      position += getNumWords(type);
    }
    for (Value bound : entry->getArguments().drop_front())
      operands.push_back(
          arith::IndexCastOp::create(b, b.getIndexType(), bound));
    Value returned = func::CallOp::create(b, body, operands).getResult(0);
    if (isCount)
      returned = arith::IndexCastOp::create(b, i64, returned);
    func::ReturnOp::create(b, returned);
  }
};
} // namespace
