//===- OnnxOp.h - Signatures and generic op building ------------*- C++ -*-===//
//
// What code needs that handles onnx ops by name or by position: the importer,
// the exporter, upgrades, the interpreter.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_ONNX_ONNXOP_H
#define ASSAY_DIALECTS_ONNX_ONNXOP_H

#include "dialects/onnx/OnnxInterfaces.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"

namespace assay::onnx {

/// One input or result position of an operator signature.
struct Parameter {
  llvm::StringRef elementType; ///< "T", or a builtin type name such as "i64".
  bool optional = false;
  bool variadic = false;
  bool heterogeneous = false; ///< Variadic with mixed element types.
};

/// A parsed signature such as "T,T,T?->T".
struct Signature {
  llvm::SmallVector<Parameter, 4> inputs;
  llvm::SmallVector<Parameter, 2> results;

  static Signature parse(llvm::StringRef text);
  /// The same for a literal, such as an op's getSignature(), but parsed once.
  static const Signature &get(llvm::StringRef literal);
  /// Whether ODS keeps operand segment sizes: two or more inputs are optional
  /// or variadic.
  bool needsSegments() const;
  bool hasVariadicInput() const;
};

/// Whether the dialect in `context` has operator `name` ("Conv").
bool isOnnxOperator(mlir::MLIRContext *context, llvm::StringRef name);

/// Creates op `name` ("Conv") with inputs by position (null = absent; missing
/// trailing ones are absent) and infers its result types. `numResults` counts
/// the results of ops with variadic results and is ignored for others. The op
/// is one that the verifier accepts.
/// Returns null, after an error on `loc`, when the name is unknown, the inputs
/// or attributes do not fit the operator, or inference refuses them.
mlir::Operation *
buildOnnxOp(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
            llvm::ArrayRef<mlir::Value> inputs,
            llvm::ArrayRef<mlir::NamedAttribute> attributes = {},
            unsigned numResults = 1);

/// The constant behind `value`, or null.
mlir::ElementsAttr getConstant(mlir::Value value);

/// The integers (i32 or i64, any rank, flattened) of a constant, or nullopt.
std::optional<llvm::SmallVector<int64_t>> getConstantInts(mlir::Value value);

/// The numbers (any float type, or what getConstantInts reads) of a constant,
/// flattened, or nullopt.
std::optional<llvm::SmallVector<double>> getConstantDoubles(mlir::Value value);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_ONNXOP_H
