//===- NasBench201.cpp - The NAS-Bench-201 space --------------------------===//

#include "search/spaces/NasBench201.h"
#include "llvm/ADT/StringExtras.h"
#include <array>

using namespace mlir;
using namespace assay::onnx;
using namespace assay::search;

static constexpr int64_t kNodes = 4;
static constexpr int64_t kCellsPerStage = 5;
static constexpr StringLiteral kOperations[] = {
    "none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"};

/// cell[to][from]: the operation on that edge.
using Cell = std::array<std::array<StringRef, kNodes>, kNodes>;

static FailureOr<Cell> parseCell(StringRef spec, Location loc) {
  SmallVector<StringRef> nodes;
  spec.split(nodes, '+');
  if (nodes.size() != kNodes - 1)
    return emitError(loc) << "a cell has 3 nodes joined by '+', but '" << spec
                          << "' has " << nodes.size();
  Cell cell;
  for (auto [index, node] : llvm::enumerate(nodes)) {
    size_t to = index + 1;
    StringRef inner = node;
    SmallVector<StringRef> edges;
    if (!inner.consume_front("|") || !inner.consume_back("|"))
      return emitError(loc)
             << "node '" << node << "' must begin and end with '|'";
    inner.split(edges, '|');
    if (edges.size() != to)
      return emitError(loc)
             << "node " << to << " has " << to << " incoming edges, but '"
             << node << "' lists " << edges.size();
    for (auto [from, edge] : llvm::enumerate(edges)) {
      auto [operation, source] = edge.split('~');
      if (source != std::to_string(from))
        return emitError(loc) << "edge '" << edge << "' of node " << to
                              << " must come from node " << from
                              << ", written '~" << from << "'";
      if (!llvm::is_contained(kOperations, operation))
        return emitError(loc)
               << "unknown operation '" << operation << "' on edge " << from
               << " to " << to << "; known are "
               << llvm::join(llvm::ArrayRef(kOperations), ", ");
      cell[to][from] = operation;
    }
  }
  return cell;
}

static Value reluConvBn(GraphBuilder &b, Value x, int64_t channels,
                        int64_t kernel, int64_t stride = 1) {
  return b.batchNorm(b.conv(b.relu(x), channels, kernel, stride));
}

static Value buildEdge(GraphBuilder &b, Value x, StringRef operation,
                       int64_t channels) {
  if (operation == "skip_connect")
    return x;
  if (operation == "avg_pool_3x3")
    return b.averagePool(x, /*kernel=*/3, /*stride=*/1, /*pad=*/1);
  return reluConvBn(b, x, channels, operation == "nor_conv_1x1" ? 1 : 3);
}

/// A node is the sum of its edges; `none` adds nothing, and a node without any
/// other edge is zero.
static Value buildCell(GraphBuilder &b, const Cell &cell, Value x,
                       int64_t channels) {
  SmallVector<Value, kNodes> nodes = {x};
  for (int64_t to = 1; to < kNodes; ++to) {
    Value sum;
    for (int64_t from = 0; from < to; ++from) {
      if (cell[to][from] == "none")
        continue;
      Value edge = buildEdge(b, nodes[from], cell[to][from], channels);
      sum = sum ? b.add(sum, edge) : edge;
    }
    nodes.push_back(sum ? sum : b.mul(x, b.scalar(0.0)));
  }
  return nodes.back();
}

static Value buildReduction(GraphBuilder &b, Value x, int64_t channels) {
  Value main = reluConvBn(b, x, channels, /*kernel=*/3, /*stride=*/2);
  main = reluConvBn(b, main, channels, /*kernel=*/3);
  Value pooled = b.halve("AveragePool", x);
  return b.add(b.conv(pooled, channels, /*kernel=*/1), main);
}

Network NasBench201::build(StringRef spec, const NetworkOptions &given,
                           MLIRContext *context) const {
  Location loc = NameLoc::get(StringAttr::get(context, getName()));
  FailureOr<NetworkOptions> options =
      completeOptions(given, {1, 3, 32, 32}, /*classes=*/10, loc);
  if (failed(options))
    return {};
  FailureOr<Cell> cell = parseCell(spec.trim(), loc);
  if (failed(cell))
    return {};

  GraphBuilder b(context, options->seed, options->weights);
  Value x = b.input("input", options->inputShape);
  b.setScope("stem");
  x = b.batchNorm(b.conv(x, 16, /*kernel=*/3));
  for (int64_t stage = 0; stage < 3; ++stage) {
    int64_t channels = 16 << stage;
    if (stage > 0) {
      b.setScope("reduction" + Twine(stage));
      x = buildReduction(b, x, channels);
    }
    for (int64_t index = 0; index < kCellsPerStage; ++index) {
      b.setScope("stage" + Twine(stage) + ".cell" + Twine(index));
      x = buildCell(b, *cell, x, channels);
    }
  }
  b.setScope("head");
  x = b.globalPool(b.relu(b.batchNorm(x)));
  x = b.gemm(x, options->classes);
  return {b.finish({{"output", x}}, getName()), b.getParameterCount()};
}

/// The spec whose edges, in order, take the operations that `next` gives.
static std::string spell(llvm::function_ref<size_t()> next) {
  std::string spec;
  for (int64_t to = 1; to < kNodes; ++to) {
    spec += to == 1 ? "|" : "+|";
    for (int64_t from = 0; from < to; ++from)
      spec += (kOperations[next()] + "~" + Twine(from) + "|").str();
  }
  return spec;
}

std::string NasBench201::sample(std::mt19937_64 &random) const {
  return spell([&] { return random() % std::size(kOperations); });
}

void NasBench201::enumerate(
    llvm::function_ref<bool(StringRef spec)> visit) const {
  for (int64_t number = 0; number < getSize(); ++number) {
    int64_t rest = number;
    std::string spec = spell([&] {
      size_t operation = rest % std::size(kOperations);
      rest /= std::size(kOperations);
      return operation;
    });
    if (!visit(spec))
      return;
  }
}
