//===- LosslessTextTest.cpp - The exact text, both ways -------------------===//

#include "predictor/text/LosslessText.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/CanonicalOrder.h"

#include <gtest/gtest.h>

using namespace assay::predictor;

static Graph parse(llvm::StringRef text) {
  llvm::Expected<Graph> graph = parseLossless(text);
  if (!graph) {
    ADD_FAILURE() << llvm::toString(graph.takeError());
    return {};
  }
  return std::move(*graph);
}

static std::string canonicalText(llvm::StringRef text) {
  return printLossless(canonicalize(parse(text)));
}

static std::string errorOf(llvm::StringRef text) {
  llvm::Expected<Graph> graph = parseLossless(text);
  return graph ? "no error" : llvm::toString(graph.takeError());
}

static constexpr llvm::StringLiteral kResidual =
    "in x0:[1,3,32,32]\n"
    "Conv(x0,[16,3,3,3],[16]){pads=[1*4]} > Relu = v0\n"
    "Conv(v0,[16,16,3,3],[16]){pads=[1*4]} > Add(v0,.) > GlobalAveragePool > "
    "Flatten > Gemm(.,[10,16],[10]){alpha=0.5,transB=1} > out\n";

TEST(LosslessText, PrintsWhatItReads) {
  EXPECT_EQ(printLossless(parse(kResidual)), kResidual);
}

TEST(LosslessText, KeepsEveryKindOfOperandAndAttribute) {
  llvm::StringRef text =
      "in x0:f16[?,3]\n"
      "in x1:i64[*]\n"
      "p0=ui8[4,4]\n"
      "Op(x0,_,<1,-2>,[]<0.5>,p0){a=1,b=1e-05,c=\"x\\\"y\\n\",d=[1,2],e=[f "
      "1.0,inf],f=[s \"u\",\"v\"],g=bf16,h=[],i=-inf} = v0,_,v1\n"
      "Op(v1,p0,v0,x1) > out(.,v0)\n";
  EXPECT_EQ(printLossless(parse(text)), text);
}

TEST(LosslessText, NamesLineColumnAndWhatWasExpected) {
  EXPECT_EQ(errorOf("in x0:[1\nout(x0)\n"), "line 1, column 9: expected ']'");
  EXPECT_EQ(errorOf("in x0:[1]\nRelu(y) > out\n"),
            "line 2, column 7: 'y' is not defined above");
  EXPECT_EQ(errorOf("in x0:[1]\nRelu > out\n"),
            "line 2, column 5: expected '(' after the first operator of a "
            "chain");
  EXPECT_EQ(errorOf("in x0:[1]\n"), "line 2, column 1: expected 'out' at the "
                                    "end");
  EXPECT_EQ(errorOf("in x:[1]\nin x:[1]\nout(x)\n"),
            "line 2, column 9: 'x' is defined twice");
  EXPECT_EQ(errorOf("in x:[2]\nF(x,[3]<1,2>) > out\n"),
            "line 2, column 13: the shape asks for 3 elements, but 2 are "
            "given");
}

TEST(LosslessText, SurvivesEveryTruncation) {
  for (size_t length = 0; length < kResidual.size(); ++length)
    EXPECT_NE(errorOf(kResidual.take_front(length)), "");
}

TEST(CanonicalOrder, ForgetsOrderAndNames) {
  EXPECT_EQ(canonicalText("in a:[1,8]\nRelu(a) = p\nSigmoid(a) = q\n"
                          "Add(p,q) > out\n"),
            canonicalText("in z:[1,8]\nSigmoid(z) = s\nRelu(z) = r\n"
                          "Tanh(z) = dead\nAdd(s,r) > out\n"));
}

TEST(CanonicalOrder, KeepsTheOrderOfInputsThatMatters) {
  EXPECT_NE(canonicalText("in a:[1]\nRelu(a) = p\nTanh(a) = q\n"
                          "Sub(p,q) > out\n"),
            canonicalText("in a:[1]\nRelu(a) = p\nTanh(a) = q\n"
                          "Sub(q,p) > out\n"));
  EXPECT_NE(canonicalText("in a:[1]\nin b:[1]\nSub(a,b) > out\n"),
            canonicalText("in a:[1]\nin b:[1]\nSub(b,a) > out\n"));
}

TEST(CanonicalOrder, TellsSharingFromCopies) {
  EXPECT_NE(canonicalText("in a:[1]\nRelu(a) = p\nAdd(p,p) > out\n"),
            canonicalText("in a:[1]\nRelu(a) = p\nRelu(a) = q\n"
                          "Add(p,q) > out\n"));
  EXPECT_NE(canonicalText("in a:[1]\np=[1,1]\nMatMul(a,p) > MatMul(.,p) > "
                          "out\n"),
            canonicalText("in a:[1]\nMatMul(a,[1,1]) > MatMul(.,[1,1]) > "
                          "out\n"));
}

// Two equal branches whose inner values are used across: whichever of the
// symmetric values comes first, the text is the same.
TEST(CanonicalOrder, BreaksSymmetryOneWay) {
  llvm::StringRef head = "in a:[1,8]\nMatMul(a,[8,8]) = p\nMatMul(a,[8,8]) = q"
                         "\nRelu(p) = r\nRelu(q) = s\n";
  std::string straight = canonicalText(
      (head + "Add(r,s) = t\nMul(p,q) = u\nSub(t,u) > out\n").str());
  std::string swapped = canonicalText(
      (head + "Add(s,r) = t\nMul(q,p) = u\nSub(t,u) > out\n").str());
  EXPECT_EQ(straight, swapped);
  EXPECT_EQ(canonicalText(straight), straight);
}

TEST(OnnxGraph, ComesBackFromAModule) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = buildOnnxModule(&context, parse(kResidual));
  ASSERT_TRUE(succeeded(module));
  EXPECT_TRUE(succeeded(mlir::verify(**module)));
  auto graph = OnnxGraphReader(&context).read(**module);
  ASSERT_TRUE(succeeded(graph));
  EXPECT_EQ(printLossless(*graph), kResidual);
  EXPECT_EQ(graph->shapeOf(graph->outputs[0]).dims,
            (llvm::SmallVector<int64_t, 4>{1, 10}));
}
