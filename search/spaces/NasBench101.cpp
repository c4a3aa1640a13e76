//===- NasBench101.cpp - The NAS-Bench-101 space --------------------------===//

#include "search/spaces/NasBench101.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace assay::onnx;
using namespace assay::search;

static constexpr size_t kMaxVertices = 7;
static constexpr int64_t kMaxEdges = 9;
static constexpr int64_t kStemChannels = 128;
static constexpr int64_t kStacks = 3;
static constexpr int64_t kCellsPerStack = 3;
static constexpr StringLiteral kOperations[] = {
    "conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3"};

namespace {
struct Cell {
  SmallVector<std::string> operations;  // The first and last are no operation.
  SmallVector<SmallVector<bool>> edges; // edges[from][to], from < to.

  size_t size() const { return operations.size(); }
  size_t output() const { return size() - 1; }
  int64_t countEdges() const {
    int64_t count = 0;
    for (const SmallVector<bool> &row : edges)
      count += llvm::count(row, true);
    return count;
  }
};
} // namespace

static FailureOr<Cell> parseCell(StringRef spec, Location loc) {
  auto [matrix, list] = spec.split(':');
  SmallVector<StringRef> operations;
  llvm::SplitString(list, operations, ";,");
  size_t size = operations.size();
  if (size < 2 || size > kMaxVertices)
    return emitError(loc) << "a cell has 2 to 7 operations after ':', but '"
                          << spec << "' has " << size;
  if (matrix.size() != size * size)
    return emitError(loc) << "the adjacency matrix of " << size
                          << " vertices has " << size * size << " digits, but '"
                          << matrix << "' has " << matrix.size();
  if (operations.front() != "input" || operations.back() != "output")
    return emitError(loc)
           << "the first operation must be 'input' and the last 'output', but "
              "they are '"
           << operations.front() << "' and '" << operations.back() << "'";
  Cell cell;
  for (auto [vertex, operation] : llvm::enumerate(operations)) {
    bool inner = vertex > 0 && vertex + 1 < size;
    if (inner && !llvm::is_contained(kOperations, operation))
      return emitError(loc)
             << "unknown operation '" << operation << "' of vertex " << vertex
             << "; known are " << llvm::join(llvm::ArrayRef(kOperations), ", ");
    cell.operations.push_back(operation.str());
  }
  cell.edges.assign(size, SmallVector<bool>(size, false));
  for (auto [index, digit] : llvm::enumerate(matrix)) {
    size_t from = index / size, to = index % size;
    if (digit != '0' && digit != '1')
      return emitError(loc) << "the adjacency matrix has the digit '"
                            << StringRef(&digit, 1) << "'; only 0 and 1 may be";
    if (digit == '1' && from >= to)
      return emitError(loc) << "the adjacency matrix has an edge from " << from
                            << " to " << to << "; it must be upper triangular";
    cell.edges[from][to] = digit == '1';
  }
  return cell;
}

/// Keeps the vertices on a path from the input to the output; nullopt when
/// there is no path.
static std::optional<Cell> prune(const Cell &cell) {
  size_t size = cell.size();
  SmallVector<bool> forward(size, false), backward(size, false);
  forward.front() = backward.back() = true;
  for (size_t from = 0; from < size; ++from)
    for (size_t to = from + 1; to < size; ++to)
      forward[to] = forward[to] || (forward[from] && cell.edges[from][to]);
  for (size_t from = size; from-- > 0;)
    for (size_t to = from + 1; to < size; ++to)
      backward[from] = backward[from] || (backward[to] && cell.edges[from][to]);
  if (!forward.back())
    return std::nullopt;

  SmallVector<size_t> kept;
  for (size_t vertex = 0; vertex < size; ++vertex)
    if (forward[vertex] && backward[vertex])
      kept.push_back(vertex);
  Cell pruned;
  for (size_t from : kept) {
    pruned.operations.push_back(cell.operations[from]);
    SmallVector<bool> &row = pruned.edges.emplace_back();
    for (size_t to : kept)
      row.push_back(cell.edges[from][to]);
  }
  return pruned;
}

/// The vertices that feed the output share its channels, the first ones taking
/// the remainder; any other vertex has the most that a successor has.
static SmallVector<int64_t> computeChannels(const Cell &cell,
                                            int64_t outChannels) {
  size_t output = cell.output();
  SmallVector<int64_t> channels(cell.size(), 0);
  channels[output] = outChannels;
  int64_t fanIn = 0;
  for (size_t vertex = 1; vertex < output; ++vertex)
    fanIn += cell.edges[vertex][output];
  if (fanIn == 0)
    return channels;
  int64_t remainder = outChannels % fanIn;
  for (size_t vertex = 1; vertex < output; ++vertex)
    if (cell.edges[vertex][output])
      channels[vertex] = outChannels / fanIn + (remainder-- > 0);
  for (size_t vertex = output; vertex-- > 1;) {
    if (cell.edges[vertex][output])
      continue;
    for (size_t to = vertex + 1; to < output; ++to)
      if (cell.edges[vertex][to])
        channels[vertex] = std::max(channels[vertex], channels[to]);
  }
  return channels;
}

static Value convBnRelu(GraphBuilder &b, Value x, int64_t channels,
                        int64_t kernel) {
  return b.relu(b.batchNorm(b.conv(x, channels, kernel)));
}

static Value truncate(GraphBuilder &b, Value x, int64_t channels) {
  if (GraphBuilder::dim(x, 1) == channels)
    return x;
  return b.op("Slice", {x, b.ints({0}), b.ints({channels}), b.ints({1})});
}

static Value accumulate(GraphBuilder &b, Value sum, Value term) {
  return sum ? b.add(sum, term) : term;
}

static Value buildCell(GraphBuilder &b, const Cell &cell, Value x,
                       int64_t outChannels) {
  size_t output = cell.output();
  SmallVector<int64_t> channels = computeChannels(cell, outChannels);
  SmallVector<Value> values = {x};
  SmallVector<Value> concatenated;
  for (size_t vertex = 1; vertex < output; ++vertex) {
    Value sum;
    for (size_t from = 1; from < vertex; ++from)
      if (cell.edges[from][vertex])
        sum = accumulate(b, sum, truncate(b, values[from], channels[vertex]));
    if (cell.edges[0][vertex])
      sum = accumulate(b, sum, convBnRelu(b, x, channels[vertex], 1));
    StringRef operation = cell.operations[vertex];
    if (operation == "maxpool3x3")
      values.push_back(b.maxPool(sum, /*kernel=*/3, /*stride=*/1, /*pad=*/1));
    else
      values.push_back(convBnRelu(b, sum, channels[vertex],
                                  operation == "conv3x3-bn-relu" ? 3 : 1));
    if (cell.edges[vertex][output])
      concatenated.push_back(values.back());
  }
  Value result;
  if (concatenated.size() == 1)
    result = concatenated.front();
  else if (concatenated.size() > 1)
    result = b.op("Concat", concatenated, {b.attr("axis", int64_t(1))});
  if (cell.edges[0][output])
    result = accumulate(b, result, convBnRelu(b, x, outChannels, 1));
  return result;
}

Network NasBench101::build(StringRef spec, const NetworkOptions &given,
                           MLIRContext *context) const {
  Location loc = NameLoc::get(StringAttr::get(context, getName()));
  FailureOr<NetworkOptions> options =
      completeOptions(given, {1, 3, 32, 32}, /*classes=*/10, loc);
  if (failed(options))
    return {};
  FailureOr<Cell> parsed = parseCell(spec.trim(), loc);
  if (failed(parsed))
    return {};
  std::optional<Cell> cell = prune(*parsed);
  if (!cell) {
    emitError(loc) << "no path leads from the input to the output of '" << spec
                   << "'";
    return {};
  }
  if (int64_t edges = cell->countEdges(); edges > kMaxEdges) {
    emitError(loc) << "a cell has at most " << kMaxEdges
                   << " edges on paths from the input to the output, but '"
                   << spec << "' has " << edges;
    return {};
  }

  GraphBuilder b(context, options->seed, options->weights);
  Value x = b.input("input", options->inputShape);
  b.setScope("stem");
  x = convBnRelu(b, x, kStemChannels, 3);
  for (int64_t stack = 0; stack < kStacks; ++stack) {
    b.setScope("stack" + Twine(stack));
    if (stack > 0)
      x = b.halve("MaxPool", x);
    for (int64_t index = 0; index < kCellsPerStack; ++index) {
      b.setScope("stack" + Twine(stack) + ".cell" + Twine(index));
      x = buildCell(b, *cell, x, kStemChannels << stack);
    }
  }
  b.setScope("head");
  x = b.gemm(b.globalPool(x), options->classes);
  return {b.finish({{"output", x}}, getName()), b.getParameterCount()};
}

/// As the authors sample: edges by fair coin, operations uniform, until a spec
/// is valid.
std::string NasBench101::sample(std::mt19937_64 &random) const {
  while (true) {
    Cell cell;
    cell.edges.assign(kMaxVertices, SmallVector<bool>(kMaxVertices, false));
    for (size_t vertex = 0; vertex < kMaxVertices; ++vertex) {
      bool inner = vertex > 0 && vertex + 1 < kMaxVertices;
      cell.operations.push_back(
          inner         ? kOperations[random() % std::size(kOperations)].str()
          : vertex == 0 ? "input"
                        : "output");
      for (size_t to = vertex + 1; to < kMaxVertices; ++to)
        cell.edges[vertex][to] = random() & 1;
    }
    std::optional<Cell> pruned = prune(cell);
    if (!pruned || pruned->countEdges() > kMaxEdges)
      continue;
    std::string spec;
    for (const SmallVector<bool> &row : pruned->edges)
      for (bool edge : row)
        spec += edge ? '1' : '0';
    return spec + ":" + llvm::join(pruned->operations, ";");
  }
}
