//===- TensorTest.cpp - Dense tensors in memory ---------------------------===//

#include "dialects/onnx/reference/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>
#include <limits>

using namespace assay::onnx;
using namespace mlir;

namespace {
class TensorTest : public testing::Test {
protected:
  MLIRContext context;
  Builder builder{&context};
  Type f32 = builder.getF32Type();
  Type i64 = builder.getI64Type();
};

class RoundTripTest : public TensorTest,
                      public testing::WithParamInterface<const char *> {
protected:
  Type getType() {
    StringRef name = GetParam();
    if (name == "f16")
      return builder.getF16Type();
    if (name == "bf16")
      return builder.getBF16Type();
    if (name == "f8E4M3FN")
      return Float8E4M3FNType::get(&context);
    if (name == "f8E5M2")
      return Float8E5M2Type::get(&context);
    if (name == "i1")
      return builder.getI1Type();
    if (name == "i4")
      return builder.getIntegerType(4);
    if (name == "ui8")
      return builder.getIntegerType(8, /*isSigned=*/false);
    if (name == "i64")
      return i64;
    return name == "f64" ? Type(builder.getF64Type()) : f32;
  }
};
} // namespace

TEST_P(RoundTripTest, ElementsAndAttributes) {
  Type type = getType();
  Tensor tensor = Tensor::fromInts(type, {2, 2}, {1, 0, 1, 1});
  EXPECT_EQ(tensor.toInts(), (std::vector<int64_t>{1, 0, 1, 1}));
  EXPECT_EQ(tensor.toDoubles(), (std::vector<double>{1, 0, 1, 1}));

  ElementsAttr attr = tensor.toAttr();
  EXPECT_EQ(attr.getType(), tensor.getType());
  std::string error;
  FailureOr<Tensor> back = Tensor::fromAttr(attr, error);
  ASSERT_TRUE(succeeded(back)) << error;
  EXPECT_EQ(back->toInts(), tensor.toInts());
}

INSTANTIATE_TEST_SUITE_P(ElementTypes, RoundTripTest,
                         testing::Values("f16", "bf16", "f8E4M3FN", "f8E5M2",
                                         "f32", "f64", "i1", "i4", "ui8",
                                         "i64"));

TEST_F(TensorTest, NarrowTypesRoundAndWrap) {
  Tensor half(builder.getF16Type(), {1});
  half.setDouble(0, 2049.0); // Between 2048 and 2050: ties to even.
  EXPECT_EQ(half.getDouble(0), 2048.0);
  Tensor bf16(builder.getBF16Type(), {1});
  bf16.setDouble(0, 257.0);
  EXPECT_EQ(bf16.getDouble(0), 256.0);
  Tensor nibble(builder.getIntegerType(4), {1});
  nibble.setInt(0, 9);
  EXPECT_EQ(nibble.getInt(0), -7);
  Tensor byte(builder.getIntegerType(8, /*isSigned=*/false), {1});
  byte.setInt(0, -1);
  EXPECT_EQ(byte.getInt(0), 255);
}

TEST_F(TensorTest, WholeNumbersAreExact) {
  int64_t large = (int64_t(1) << 53) + 1; // No double.
  EXPECT_EQ(Tensor::fromInts(i64, {1}, large).getInt(0), large);
}

TEST_F(TensorTest, CopiesShareUntilWritten) {
  Tensor first = Tensor::fromDoubles(f32, {2}, {1, 2});
  Tensor second = first;
  EXPECT_EQ(first.getData().data(), second.getData().data());
  second.setDouble(0, 5);
  EXPECT_EQ(first.getDouble(0), 1);
  EXPECT_EQ(second.getDouble(0), 5);
  EXPECT_EQ(first.reshaped({2, 1}).getData().data(), first.getData().data());
}

TEST_F(TensorTest, BorrowedDataIsNeverWritten) {
  const float data[] = {1, 2};
  Tensor tensor = Tensor::borrow(
      f32, {2}, {reinterpret_cast<const char *>(data), sizeof(data)});
  EXPECT_EQ(tensor.getData().data(), reinterpret_cast<const char *>(data));
  tensor.setDouble(1, 7);
  EXPECT_EQ(data[1], 2);
  EXPECT_EQ(tensor.getDouble(1), 7);
}

TEST_F(TensorTest, LargeTensorsBecomeSharedBlobs) {
  Tensor tensor(f32, {1000});
  tensor.setDouble(3, 1.5);
  auto attr = dyn_cast<DenseResourceElementsAttr>(tensor.toAttr());
  ASSERT_TRUE(attr);
  EXPECT_EQ(attr.getRawHandle().getBlob()->getData().data(),
            tensor.getData().data());
  std::string error;
  FailureOr<Tensor> back = Tensor::fromAttr(attr, error);
  ASSERT_TRUE(succeeded(back));
  EXPECT_EQ(back->getData().data(), tensor.getData().data());
}

TEST_F(TensorTest, EqualElementsBecomeASplat) {
  auto attr = dyn_cast<DenseElementsAttr>(Tensor(f32, {1000}).toAttr());
  ASSERT_TRUE(attr);
  EXPECT_TRUE(attr.isSplat());
}

TEST_F(TensorTest, BlobsOfTheWrongSizeAreRefused) {
  auto type = RankedTensorType::get({4}, f32);
  auto attr = DenseResourceElementsAttr::get(
      type, "short", HeapAsmResourceBlob::allocate(12, 4));
  std::string error;
  EXPECT_TRUE(failed(Tensor::fromAttr(attr, error)));
  EXPECT_NE(error.find("has 12 bytes"), std::string::npos) << error;
}

TEST_F(TensorTest, SizesDoNotOverflow) {
  int64_t big = int64_t(1) << 32;
  EXPECT_EQ(countElements({big, big}), std::nullopt);
  EXPECT_EQ(countElements({big, 0, big}), 0);
  EXPECT_EQ(countElements({2, -1}), std::nullopt);
  EXPECT_FALSE(checkSize(f32, {int64_t(1) << 40}));
  EXPECT_TRUE(checkSize(f32, {1000, 1000}));
  auto splat =
      DenseElementsAttr::get(RankedTensorType::get({1 << 30, 1 << 30}, f32),
                             builder.getF32FloatAttr(1));
  std::string error;
  EXPECT_TRUE(failed(Tensor::fromAttr(splat, error)));
  EXPECT_NE(error.find("below 1 TiB"), std::string::npos) << error;
}

TEST_F(TensorTest, RandomValuesDependOnTheSeedOnly) {
  Tensor first(f32, {100}), second(f32, {100}), third(f32, {100});
  fillRandom(first, 1, -2, 3);
  fillRandom(second, 1, -2, 3);
  fillRandom(third, 2, -2, 3);
  EXPECT_EQ(first.toDoubles(), second.toDoubles());
  EXPECT_NE(first.toDoubles(), third.toDoubles());
  for (double value : first.toDoubles()) {
    EXPECT_GE(value, -2);
    EXPECT_LE(value, 3);
  }
}

TEST_F(TensorTest, MismatchNamesTheFirstElement) {
  Tensor expected = Tensor::fromDoubles(f32, {2, 2}, {1, 2, 3, 4});
  Tensor actual = Tensor::fromDoubles(f32, {2, 2}, {1, 2, 3.5, 5});
  EXPECT_EQ(findMismatch(expected, expected, 0, 0), std::nullopt);
  EXPECT_EQ(findMismatch(actual, expected, 0.3, 0), std::nullopt);
  EXPECT_EQ(findMismatch(actual, expected, 0, 1), std::nullopt);
  std::optional<std::string> text = findMismatch(actual, expected, 1e-3, 0);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "element [1, 0] is 3.5, expected 3 (2 of 4 elements differ)");
}

TEST_F(TensorTest, NaNsAndInfinitiesMatchThemselves) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  double inf = std::numeric_limits<double>::infinity();
  Tensor expected = Tensor::fromDoubles(f32, {3}, {nan, inf, 1});
  EXPECT_EQ(findMismatch(Tensor::fromDoubles(f32, {3}, {-nan, inf, 1}),
                         expected, 0, 0),
            std::nullopt);
  EXPECT_TRUE(
      findMismatch(Tensor::fromDoubles(f32, {3}, {1, inf, 1}), expected, 1, 1));
  EXPECT_TRUE(findMismatch(Tensor::fromDoubles(f32, {3}, {nan, -inf, 1}),
                           expected, 1, 1));
  EXPECT_TRUE(findMismatch(Tensor::fromDoubles(f32, {3}, {nan, inf, nan}),
                           expected, 1, 1));
}

TEST_F(TensorTest, MismatchOfLargeIntegersIsExact) {
  int64_t large = int64_t(1) << 60;
  EXPECT_TRUE(findMismatch(Tensor::fromInts(i64, {1}, large + 1),
                           Tensor::fromInts(i64, {1}, large), 0, 0));
}
