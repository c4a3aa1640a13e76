//===- HostLowering.h - Patterns of convert-host-to-llvm --------*- C++ -*-===//

#ifndef ASSAY_PASSES_HOST_HOSTLOWERING_H
#define ASSAY_PASSES_HOST_HOSTLOWERING_H

#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinTypes.h"

namespace assay::host {

/// Fields of the struct assay_runtime, in order.
enum class RuntimeField {
  Arena,
  Launch,
  Allocate,
  AllocateOutput,
  SetOutputShape,
  Fail,
  Release,
  Count
};

/// Arguments of @assay_run.
enum class RunArgument { Runtime, Session, Inputs };

/// Emits LLVM ops at one place of @assay_run.
class HostBuilder {
public:
  HostBuilder(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::Value constant(int64_t value, unsigned bits = 64);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value multiply(mlir::Value lhs, mlir::Value rhs);
  /// The product, or INT64_MAX where it does not fit.
  mlir::Value multiplySaturating(mlir::Value lhs, mlir::Value rhs);
  /// The address of element `index` of an array of `elementType`.
  mlir::Value elementAddress(mlir::Type elementType, mlir::Value base,
                             mlir::Value index);
  mlir::Value argument(RunArgument which);
  /// Calls a function of the runtime with the session and `arguments`.
  /// `result` is null for void; no value is returned then.
  mlir::Value call(RuntimeField field, mlir::Type result,
                   mlir::ValueRange arguments);
  /// An array of `count` i64 on the stack, allocated once for the run.
  mlir::Value stackWords(int64_t count);
  /// Stores `values` to successive words.
  void storeWords(mlir::Value words, mlir::ValueRange values);

  mlir::LLVM::LLVMFuncOp function();
  mlir::Type i64() { return builder.getI64Type(); }
  mlir::Type pointer();

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// A memref during conversion: its address and then one i64 for each dynamic
/// dimension.
class Buffer {
public:
  Buffer(mlir::MemRefType type, mlir::ValueRange parts)
      : type(type), parts(parts) {}

  mlir::MemRefType getType() const { return type; }
  mlir::Value getAddress() const { return parts.front(); }
  mlir::Value getDim(HostBuilder &host, int64_t axis) const;
  llvm::SmallVector<mlir::Value> getDims(HostBuilder &host) const;
  /// The size in bytes; INT64_MAX, which nothing can allocate, when sizes known
  /// at run time ask for more.
  mlir::Value countBytes(HostBuilder &host) const;
  /// The address of the element at `indices`, one for each dimension.
  mlir::Value getElementAddress(HostBuilder &host,
                                mlir::ValueRange indices) const;

private:
  mlir::MemRefType type;
  mlir::ValueRange parts;
};

/// The parts of a memref of `type` at `address` with all dimensions `dims`.
llvm::SmallVector<mlir::Value>
makeParts(mlir::MemRefType type, mlir::Value address, mlir::ValueRange dims);

/// Branches to a return of 1 when `failed` is true; the builder goes on in the
/// other successor.
void returnErrorIf(mlir::ConversionPatternRewriter &rewriter,
                   mlir::Location loc, mlir::Value failed);

/// memref ops on contiguous buffers.
void populateHostBuffers(mlir::LLVMTypeConverter &converter,
                         mlir::RewritePatternSet &patterns);
/// Branches, selects and assertions.
void populateHostControlFlow(mlir::LLVMTypeConverter &converter,
                             mlir::RewritePatternSet &patterns);

} // namespace assay::host

#endif // ASSAY_PASSES_HOST_HOSTLOWERING_H
