//===- SignatureTest.cpp - Operator signatures ----------------------------===//

#include "dialects/onnx/OnnxOp.h"

#include <gtest/gtest.h>

using namespace assay::onnx;

TEST(Signature, ParsesOptionalInputs) {
  Signature signature = Signature::parse("T,T,T?->T");
  ASSERT_EQ(signature.inputs.size(), 3u);
  EXPECT_FALSE(signature.inputs[1].optional);
  EXPECT_TRUE(signature.inputs[2].optional);
  EXPECT_EQ(signature.inputs[2].elementType, "T");
  ASSERT_EQ(signature.results.size(), 1u);
  EXPECT_FALSE(signature.hasVariadicInput());
  EXPECT_FALSE(signature.needsSegments());
}

TEST(Signature, TwoOptionalInputsNeedSegments) {
  EXPECT_TRUE(Signature::parse("T,T?,T?->T").needsSegments());
}
