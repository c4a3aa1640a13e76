//===- Sequential.cpp - Transformers and an LSTM --------------------------===//

#include "test/networks/Networks.h"
#include <cmath>

using namespace mlir;
using namespace assay::networks;
using namespace assay::onnx;

/// 1 x tokens x features to 1 x heads x tokens x (features / heads).
static Value splitHeads(GraphBuilder &b, Value x, int64_t heads) {
  int64_t features = GraphBuilder::dim(x, 2);
  x = b.reshape(x, {1, -1, heads, features / heads});
  return b.transpose(x, {0, 2, 1, 3});
}

/// Scaled dot-product attention; `mask` (or null) is added to the scores.
static Value attend(GraphBuilder &b, Value query, Value key, Value value,
                    int64_t heads, Value mask) {
  int64_t features = GraphBuilder::dim(query, 2);
  double scale = std::sqrt(static_cast<double>(features) / heads);
  query = splitHeads(b, query, heads);
  key = b.transpose(splitHeads(b, key, heads), {0, 1, 3, 2});
  Value scores = b.op("Div", {b.op("MatMul", {query, key}), b.scalar(scale)});
  if (mask)
    scores = b.add(scores, mask);
  Value weights = b.op("Softmax", {scores}, {b.attr("axis", int64_t(-1))});
  Value mixed = b.op("MatMul", {weights, splitHeads(b, value, heads)});
  return b.reshape(b.transpose(mixed, {0, 2, 1, 3}), {1, -1, features});
}

//===----------------------------------------------------------------------===//
// Vision transformer
//===----------------------------------------------------------------------===//

Outputs assay::networks::buildViTTiny(GraphBuilder &b, int64_t size) {
  constexpr int64_t patch = 16, features = 192, layers = 12, heads = 3;
  Value image = b.input("input", {1, 3, size, size});
  b.setScope("embed");
  Value x = b.conv(image, features, patch, patch, 1, /*bias=*/true);
  x = b.transpose(b.reshape(x, {1, features, -1}), {0, 2, 1});
  Value token = b.weight("class_token", {1, 1, features}, 0.5);
  x = b.op("Concat", {token, x}, {b.attr("axis", int64_t(1))});
  x = b.add(x,
            b.weight("positions", {1, GraphBuilder::dim(x, 1), features}, 0.5));
  for (int64_t layer = 0; layer < layers; ++layer) {
    b.setScope("layer" + Twine(layer));
    Value normal = b.layerNorm(x, 1e-6);
    Value joint = b.linear(normal, 3 * features);
    SmallVector<Value> parts =
        b.opResults("Split", {joint, b.ints({features, features, features})},
                    {b.attr("axis", int64_t(2))}, /*numResults=*/3);
    parts.resize(3);
    Value attended = attend(b, parts[0], parts[1], parts[2], heads, {});
    x = b.add(x, b.linear(attended, features));
    Value hidden = b.linear(b.layerNorm(x, 1e-6), 4 * features);
    x = b.add(x, b.linear(b.op("Gelu", {hidden}), features));
  }
  b.setScope("head");
  x = b.op("Gather", {b.layerNorm(x, 1e-6), b.index(0)},
           {b.attr("axis", int64_t(1))});
  return {{"logits", b.gemm(x, 1000)}};
}

//===----------------------------------------------------------------------===//
// BERT
//===----------------------------------------------------------------------===//

/// Gelu in the five operators that exporters wrote before opset 20.
static Value geluByErf(GraphBuilder &b, Value x) {
  Value erf = b.op("Erf", {b.op("Div", {x, b.scalar(std::sqrt(2.0))})});
  return b.mul(b.mul(x, b.add(erf, b.scalar(1.0))), b.scalar(0.5));
}

static Value embed(GraphBuilder &b, StringRef name, Value ids, int64_t rows,
                   int64_t features) {
  return b.op("Gather", {b.weight(name, {rows, features}, 0.5), ids},
              {b.attr("axis", int64_t(0))});
}

static Outputs buildBert(GraphBuilder &b, int64_t size, int64_t layers,
                         int64_t features, int64_t heads, int64_t vocabulary) {
  constexpr double epsilon = 1e-12;
  Type i64 = b.getBuilder().getI64Type();
  Value ids = b.input("input_ids", {1, size}, i64);
  Value mask = b.input("attention_mask", {1, size}, i64);
  Value types = b.input("token_type_ids", {1, size}, i64);

  b.setScope("embeddings");
  Value x = b.add(embed(b, "words", ids, vocabulary, features),
                  embed(b, "types", types, 2, features));
  Value positions = b.weight("positions", {512, features}, 0.5);
  x = b.add(x, b.op("Slice", {positions, b.ints({0}), b.ints({size})}));
  x = b.layerNorm(x, epsilon);
  mask = b.op("Cast", {b.op("Unsqueeze", {mask, b.ints({1, 2})})},
              {b.getBuilder().getNamedAttr(
                  "to", TypeAttr::get(b.getBuilder().getF32Type()))});
  mask = b.mul(b.op("Sub", {b.scalar(1.0), mask}), b.scalar(-10000.0));

  for (int64_t layer = 0; layer < layers; ++layer) {
    b.setScope("layer" + Twine(layer));
    Value query = b.linear(x, features);
    Value key = b.linear(x, features);
    Value value = b.linear(x, features);
    Value attended = attend(b, query, key, value, heads, mask);
    x = b.layerNorm(b.add(b.linear(attended, features), x), epsilon);
    Value hidden = geluByErf(b, b.linear(x, 4 * features));
    x = b.layerNorm(b.add(b.linear(hidden, features), x), epsilon);
  }
  b.setScope("pooler");
  Value first = b.op("Gather", {x, b.index(0)}, {b.attr("axis", int64_t(1))});
  Value pooled = b.op("Tanh", {b.gemm(first, features)});
  return {{"last_hidden_state", x}, {"pooler_output", pooled}};
}

Outputs assay::networks::buildBertBase(GraphBuilder &b, int64_t size) {
  return buildBert(b, size, /*layers=*/12, /*features=*/768, /*heads=*/12,
                   /*vocabulary=*/30522);
}

Outputs assay::networks::buildBertTiny(GraphBuilder &b, int64_t size) {
  return buildBert(b, size, /*layers=*/2, /*features=*/128, /*heads=*/2,
                   /*vocabulary=*/1000);
}

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

/// tokens x 1 x features to tokens x 1 x (2 * hidden); `last` becomes the final
/// state of both directions, 2 x 1 x hidden.
static Value bidirectional(GraphBuilder &b, Value x, int64_t hidden,
                           Value &last) {
  int64_t features = GraphBuilder::dim(x, 2);
  double deviation = std::sqrt(1.0 / hidden);
  Value w = b.weight("W", {2, 4 * hidden, features}, deviation);
  Value r = b.weight("R", {2, 4 * hidden, hidden}, deviation);
  Value bias = b.weight("B", {2, 8 * hidden}, 0.1);
  SmallVector<Value> results = b.opResults(
      "LSTM", {x, w, r, bias},
      {b.attr("hidden_size", hidden), b.attr("direction", "bidirectional")});
  results.resize(3);
  last = results[1];
  return b.reshape(b.transpose(results[0], {0, 2, 1, 3}), {-1, 1, 2 * hidden});
}

Outputs assay::networks::buildLstmClassifier(GraphBuilder &b, int64_t size) {
  constexpr int64_t vocabulary = 2000, features = 64, hidden = 96;
  Value ids = b.input("input_ids", {1, size}, b.getBuilder().getI64Type());
  b.setScope("embedding");
  Value x =
      b.transpose(embed(b, "words", ids, vocabulary, features), {1, 0, 2});
  Value last;
  for (int64_t layer = 0; layer < 2; ++layer) {
    b.setScope("lstm" + Twine(layer));
    x = bidirectional(b, x, hidden, last);
  }
  b.setScope("head");
  last = b.reshape(b.transpose(last, {1, 0, 2}), {1, 2 * hidden});
  Value logits = b.gemm(last, 5);
  return {{"probabilities",
           b.op("Softmax", {logits}, {b.attr("axis", int64_t(-1))})}};
}
