//===- LosslessTextTest.cpp - The exact text, both ways -------------------===//

#include "predictor/text/LosslessText.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
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

//===----------------------------------------------------------------------===//
// What a graph may hold
//===----------------------------------------------------------------------===//

/// Builds the text's module, and expects its graph to print the text again.
static void expectSurvives(llvm::StringRef text) {
  SCOPED_TRACE(text.str());
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = buildOnnxModule(&context, parse(text));
  ASSERT_TRUE(succeeded(module));
  EXPECT_TRUE(succeeded(mlir::verify(**module)));
  auto graph = OnnxGraphReader(&context).read(**module);
  ASSERT_TRUE(succeeded(graph));
  EXPECT_EQ(printLossless(*graph), text);
  EXPECT_EQ(canonicalText(text), text);
}

TEST(OnnxGraph, KeepsTypesAndElementsOfLiterals) {
  for (const char *literal : {"f16[]<0.5>",
                              "bf16[]<-inf>",
                              "f64[]<0.1>",
                              "[]<0.1>",
                              "[]<nan>",
                              "f8E4M3FN[]<0.5>",
                              "i4[3]<-8,0,7>",
                              "ui4[2]<0,15>",
                              "i1[2]<0,1>",
                              "i8[2]<-128,127>",
                              "ui64[1]<18446744073709551615>",
                              "<-9223372036854775808>",
                              "<>",
                              "i64[]<3>",
                              "i64[2,1]<3,4>",
                              "i64[2,0]<>",
                              "[0]<>",
                              "complex64[]<1.0:-2.5>",
                              "string[]<\"\">",
                              "string[3]<\"a,b\",\"\\\"\\\\>\",\"\\n\">"})
    expectSurvives(std::string("Identity(") + literal + ") > out\n");
  for (const char *parameter :
       {"[3,4]", "f16[2]", "i64[100]", "i1[65]", "ui4[65]", "string[65]"})
    expectSurvives(std::string("Identity(") + parameter + ") > out\n");
}

TEST(OnnxGraph, KeepsTypesOfAttributesAndTensorsInThem) {
  expectSurvives("in x0:[?]\nCast(x0){to=f16} > out\n");
  expectSurvives("in x0:f16[4]\nCast(x0){to=string} > out\n");
  expectSurvives("ConstantOfShape(<2,3>){value=i64[1]<7>} > out\n");
  expectSurvives("ConstantOfShape(<2,3>){value=f32[1]<-0.0>} > out\n");
  expectSurvives("ConstantOfShape(<2,3>) > out\n"); // zeros
}

TEST(OnnxGraph, DistinguishesDoublesThatAreOneFloat) {
  EXPECT_NE(canonicalText("Identity(f64[]<0.1>) > out\n"),
            canonicalText("Identity(f64[]<0.10000000149011612>) > out\n"));
}

TEST(OnnxGraph, KeepsInputsAndOutputsAsTheyAre) {
  expectSurvives("in x0:[2]\nout(x0)\n");
  expectSurvives("in x0:[2]\nout(x0,x0)\n");
  expectSurvives("out([3,4])\n");
  expectSurvives("p0=[3,4]\nout(p0,p0)\n");
  expectSurvives("out([]<2.0>)\n");
  expectSurvives("in x0:[2]\nRelu(x0) = v0\nout(v0,v0,x0)\n");
  expectSurvives("in x0:[2]\nin x1:[3]\nRelu(x1) > out\n"); // x0 is unused
  expectSurvives("in x0:[2]\nRelu(x0) > Sigmoid = v0\nTanh(v0) > out(v0,.)\n");
}

TEST(OnnxGraph, KeepsTheNumberAndTheUseOfResults) {
  expectSurvives("in x0:[1,1,4,4]\n"
                 "MaxPool(x0){kernel_shape=[2*2]} = _,v0\nout(v0)\n");
  expectSurvives("in x0:[6]\nSplit(x0){num_outputs=3} = v0,_,_\nout(v0)\n");
  // A result that only a dead node reads is as good as absent.
  EXPECT_EQ(canonicalText("in x0:[1,1,4,4]\n"
                          "MaxPool(x0){kernel_shape=[2*2]} = v0,v1\n"
                          "Identity(v1) = _\nout(v0)\n"),
            "in x0:[1,1,4,4]\nMaxPool(x0){kernel_shape=[2*2]} > out\n");
}

TEST(OnnxGraph, TreatsEqualLiteralsAsOne) {
  // Whether two users share a literal or have one each says nothing.
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  Graph graph = parse("in x0:[2]\nMul(x0,[]<2.0>) > Mul(.,[]<2.0>) > out\n");
  EXPECT_EQ(graph.nodes[0].inputs[1], graph.nodes[1].inputs[1]);
}

TEST(OnnxGraph, WritesNoWeightsHoweverFew) {
  // A bias of one element is a weight, a factor of one element is not.
  expectSurvives("in x0:[1,3,4,4]\nConv(x0,[1,3,1,1],[1]) > Mul(.,[1]<2.0>) > "
                 "out\n");
}

static std::string readError(llvm::StringRef ir) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect, assay::onnx::OnnxDialect>();
  context.allowUnregisteredDialects();
  std::string message;
  mlir::ScopedDiagnosticHandler handler(&context,
                                        [&](mlir::Diagnostic &diagnostic) {
                                          message = diagnostic.str();
                                          return mlir::success();
                                        });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(ir, &context);
  if (!module)
    return "does not parse: " + message;
  return succeeded(OnnxGraphReader(&context).read(*module)) ? "" : message;
}

TEST(OnnxGraph, RefusesWhatHasNoText) {
  EXPECT_NE(readError("func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
                      "  %y = \"other.loop\"(%x) ({\n  ^bb0:\n"
                      "    \"other.end\"() : () -> ()\n"
                      "  }) : (tensor<2xf32>) -> tensor<2xf32>\n"
                      "  return %y : tensor<2xf32>\n}")
                .find("'other.loop' op cannot be described"),
            std::string::npos);
  EXPECT_NE(readError("func.func @main(%x: i32) { return }")
                .find("takes values that are no tensors"),
            std::string::npos);
  EXPECT_NE(
      readError("func.func @other() { return }").find("no function @main"),
      std::string::npos);
}

TEST(OnnxGraph, RefusesTextsThatAreNoNetwork) {
  auto errorOfBuild = [](llvm::StringRef text) {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    std::string message;
    mlir::ScopedDiagnosticHandler handler(&context,
                                          [&](mlir::Diagnostic &diagnostic) {
                                            message = diagnostic.str();
                                            return mlir::success();
                                          });
    return succeeded(buildOnnxModule(&context, parse(text))) ? "" : message;
  };
  EXPECT_EQ(errorOfBuild("in x0:[2]\nFoo(x0) > out\n"),
            "operator Foo is not supported");
  EXPECT_EQ(errorOfBuild("in x0:q9[2]\nRelu(x0) > out\n"),
            "unknown element type q9");
  EXPECT_EQ(errorOfBuild("Identity(i8[1]<128>) > out\n"),
            "literal <128> does not fit 'tensor<1xi8>'");
  EXPECT_EQ(errorOfBuild("Identity(f8E4M3FN[1]<inf>) > out\n"),
            "literal <inf> does not fit 'tensor<1xf8E4M3FN>'");
  EXPECT_NE(errorOfBuild("in x0:[2]\nCast(x0){to=q9} > out\n")
                .find("has no element type"),
            std::string::npos);
}
