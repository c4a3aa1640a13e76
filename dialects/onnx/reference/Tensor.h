//===- Tensor.h - Dense tensors in memory -----------------------*- C++ -*-===//
//
// The value of the reference interpreter, of constant folding, and of whatever
// feeds a compiled model or compares its results.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_ONNX_REFERENCE_TENSOR_H
#define ASSAY_DIALECTS_ONNX_REFERENCE_TENSOR_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include <complex>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay::onnx {

/// A dense, contiguous, row-major tensor. Elements take whole bytes: bool one
/// byte (0 or 1), integers and floats narrower than a byte one byte each, with
/// the value in the low bits; this is also the layout of `dense_resource`
/// blobs of the onnx dialect. Copies share the buffer; writing to a shared or
/// borrowed buffer copies it first. Strings are not held.
class Tensor {
public:
  /// No tensor; false in a condition.
  Tensor() = default;

  /// Zeros. `shape` must be static and pass `checkSize`.
  Tensor(mlir::Type elementType, llvm::ArrayRef<int64_t> shape);

  /// Borrows `data`, which `owner` keeps alive (null: the caller does).
  /// `data` is row-major and holds every element.
  static Tensor borrow(mlir::Type elementType, llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<char> data,
                       std::shared_ptr<const void> owner = nullptr);

  /// Rounds `values` (row-major) to `elementType`, a float or integer type.
  static Tensor fromDoubles(mlir::Type elementType,
                            llvm::ArrayRef<int64_t> shape,
                            llvm::ArrayRef<double> values);
  /// Wraps `values` (row-major) to `elementType`, a float or integer type.
  static Tensor fromInts(mlir::Type elementType, llvm::ArrayRef<int64_t> shape,
                         llvm::ArrayRef<int64_t> values);

  /// Borrows the buffer of a `dense_resource` or non-splat `dense` attribute;
  /// the attribute's context must outlive the tensor. Fails with the reason
  /// in `error` for other attributes, strings, and blobs of the wrong size.
  static llvm::FailureOr<Tensor> fromAttr(mlir::ElementsAttr attr,
                                          std::string &error);

  /// `dense` for splats and small tensors, else a `dense_resource` that shares
  /// this buffer (a borrowed buffer without an owner is copied).
  mlir::ElementsAttr toAttr(llvm::StringRef name = "folded") const;

  explicit operator bool() const { return static_cast<bool>(elementType); }

  mlir::Type getElementType() const { return elementType; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  int64_t getDim(int64_t axis) const { return shape[axis]; }
  int64_t getNumElements() const { return numElements; }
  int64_t getElementBytes() const { return elementBytes; }
  mlir::RankedTensorType getType() const;

  llvm::ArrayRef<char> getData() const {
    return {data, static_cast<size_t>(numElements * elementBytes)};
  }
  llvm::MutableArrayRef<char> getMutableData();

  /// Elements as T, whose size must be that of an element.
  template <typename T> llvm::ArrayRef<T> getAs() const {
    assert(sizeof(T) == static_cast<size_t>(elementBytes));
    return {reinterpret_cast<const T *>(data),
            static_cast<size_t>(numElements)};
  }
  template <typename T> llvm::MutableArrayRef<T> getMutableAs() {
    assert(sizeof(T) == static_cast<size_t>(elementBytes));
    return {reinterpret_cast<T *>(getMutableData().data()),
            static_cast<size_t>(numElements)};
  }

  /// Element `index` (row-major) of any float, integer or bool tensor.
  double getDouble(int64_t index) const;
  /// Floats are truncated towards zero; ui64 above 2^63 wraps.
  int64_t getInt(int64_t index) const;
  /// Rounds to the nearest representable value, ties to even; integer element
  /// types truncate.
  void setDouble(int64_t index, double value);
  /// Integer element types keep the low bits.
  void setInt(int64_t index, int64_t value);

  /// All elements, row-major.
  std::vector<double> toDoubles() const;
  std::vector<int64_t> toInts() const;

  /// The same elements in another shape of as many elements; shares the buffer.
  Tensor reshaped(llvm::ArrayRef<int64_t> newShape) const;
  /// The same elements converted by setDouble or setInt.
  Tensor converted(mlir::Type newElementType) const;

private:
  enum class Kind : uint8_t {
    Bool,
    Signed,
    Unsigned,
    F32,
    F64,
    BF16,
    SmallFloat,
    Complex
  };
  static Kind kindOf(mlir::Type elementType);

  mlir::Type elementType;
  llvm::SmallVector<int64_t, 4> shape;
  int64_t numElements = 0;
  int64_t elementBytes = 0;
  Kind kind = Kind::F32;
  bool writable = false;
  const char *data = nullptr;
  std::shared_ptr<const void> owner;
};

/// Bytes that one element takes in a Tensor, or 0 for types it does not hold.
int64_t getElementBytes(mlir::Type elementType);

/// Element count of a static shape, or nullopt when it or the byte size of a
/// tensor of up to 16-byte elements would not fit 63 bits.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

/// Whether a tensor of this type can be made: the element type is held and the
/// size is below 1 TiB.
bool checkSize(mlir::Type elementType, llvm::ArrayRef<int64_t> shape);

/// Row-major strides of `shape`, in elements.
llvm::SmallVector<int64_t> computeStrides(llvm::ArrayRef<int64_t> shape);

/// Fills with uniform values: floats in [low, high), integers in
/// [ceil(low), ceil(high)), bools fair. The same seed gives the same values
/// everywhere.
void fillRandom(Tensor &tensor, uint64_t seed, double low = -1.0,
                double high = 1.0);

/// The first element where |actual - expected| > atol + rtol * |expected|, or a
/// difference in type or shape, as a sentence; nullopt when all agree. NaN
/// agrees with NaN, an infinity with itself only.
std::optional<std::string> findMismatch(const Tensor &actual,
                                        const Tensor &expected, double rtol,
                                        double atol);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_REFERENCE_TENSOR_H
