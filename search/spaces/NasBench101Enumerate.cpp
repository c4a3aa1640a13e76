//===- NasBench101Enumerate.cpp - All NAS-Bench-101 cells, once each ------===//
//
// Two cells are one when a permutation of the inner vertices maps edges to
// edges and operations to operations. Graphs come first: of each class the
// smallest adjacency matrix is kept. Then operations: of each class under the
// automorphisms of the graph the smallest assignment is kept.
//
//===----------------------------------------------------------------------===//

#include "search/spaces/NasBench101.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <array>
#include <numeric>

using namespace assay::search;
using llvm::SmallVector;

static constexpr int kMaxVertices = 7;
static constexpr int kMaxEdges = 9;
static constexpr const char *kOperations[] = {"conv3x3-bn-relu",
                                              "conv1x1-bn-relu", "maxpool3x3"};

namespace {

/// One bit for each pair from < to, in row-major order of the upper triangle.
using Edges = uint32_t;

class CellEnumerator {
public:
  explicit CellEnumerator(int size);
  /// Returns false when `visit` has asked to stop.
  bool run(llvm::function_ref<bool(llvm::StringRef)> visit) const;

private:
  using Permutation = std::array<int8_t, kMaxVertices>;

  bool isFull(Edges edges) const;
  std::optional<Edges> permute(Edges edges, const Permutation &to) const;
  bool isSmallest(Edges edges,
                  llvm::SmallVectorImpl<Permutation> &symmetries) const;
  std::string spell(Edges edges, llvm::ArrayRef<int> operations) const;
  bool visitAssignments(Edges edges, llvm::ArrayRef<Permutation> symmetries,
                        llvm::function_ref<bool(llvm::StringRef)> visit) const;

  int size;
  int numPairs;
  int bit[kMaxVertices][kMaxVertices];      ///< Position of a pair in Edges.
  SmallVector<Permutation, 0> permutations; ///< Of the inner vertices.
};

} // namespace

CellEnumerator::CellEnumerator(int size)
    : size(size), numPairs(size * (size - 1) / 2) {
  int next = 0;
  for (int from = 0; from < size; ++from)
    for (int to = from + 1; to < size; ++to)
      bit[from][to] = next++;
  Permutation permutation{};
  std::iota(permutation.begin(), permutation.begin() + size, 0);
  do
    permutations.push_back(permutation);
  while (std::next_permutation(permutation.begin() + 1,
                               permutation.begin() + size - 1));
}

/// Whether every vertex is on a path from the first to the last.
bool CellEnumerator::isFull(Edges edges) const {
  auto has = [&](int from, int to) { return edges >> bit[from][to] & 1; };
  for (int vertex = 0; vertex < size; ++vertex) {
    bool in = vertex == 0, out = vertex == size - 1;
    for (int from = 0; from < vertex; ++from)
      in |= has(from, vertex);
    for (int to = vertex + 1; to < size; ++to)
      out |= has(vertex, to);
    if (!in || !out)
      return false;
  }
  return true;
}

/// The edges with vertex v renamed to[v]; nothing where an edge would point
/// backwards.
std::optional<Edges> CellEnumerator::permute(Edges edges,
                                             const Permutation &to) const {
  Edges permuted = 0;
  for (int from = 0; from < size; ++from)
    for (int other = from + 1; other < size; ++other) {
      if (!(edges >> bit[from][other] & 1))
        continue;
      if (to[from] > to[other])
        return std::nullopt;
      permuted |= 1u << bit[to[from]][to[other]];
    }
  return permuted;
}

/// Whether no renaming gives a smaller matrix; collects those that give the
/// same one.
bool CellEnumerator::isSmallest(
    Edges edges, llvm::SmallVectorImpl<Permutation> &symmetries) const {
  symmetries.clear();
  for (const Permutation &permutation : permutations) {
    std::optional<Edges> permuted = permute(edges, permutation);
    if (permuted && *permuted < edges)
      return false;
    if (permuted && *permuted == edges)
      symmetries.push_back(permutation);
  }
  return true;
}

std::string CellEnumerator::spell(Edges edges,
                                  llvm::ArrayRef<int> operations) const {
  std::string spec;
  for (int from = 0; from < size; ++from)
    for (int to = 0; to < size; ++to)
      spec += from < to && (edges >> bit[from][to] & 1) ? '1' : '0';
  spec += ":input";
  for (int operation : operations)
    spec += std::string(";") + kOperations[operation];
  return spec + ";output";
}

bool CellEnumerator::visitAssignments(
    Edges edges, llvm::ArrayRef<Permutation> symmetries,
    llvm::function_ref<bool(llvm::StringRef)> visit) const {
  int inner = size - 2;
  SmallVector<int> operations(inner, 0), renamed(inner, 0);
  while (true) {
    bool smallest = llvm::all_of(symmetries, [&](const Permutation &to) {
      for (int vertex = 0; vertex < inner; ++vertex)
        renamed[to[vertex + 1] - 1] = operations[vertex];
      return operations <= renamed;
    });
    if (smallest && !visit(spell(edges, operations)))
      return false;
    int digit = inner - 1;
    while (digit >= 0 && operations[digit] == 2)
      operations[digit--] = 0;
    if (digit < 0)
      return true;
    ++operations[digit];
  }
}

bool CellEnumerator::run(
    llvm::function_ref<bool(llvm::StringRef)> visit) const {
  SmallVector<Permutation> symmetries;
  for (Edges edges = 0; edges < 1u << numPairs; ++edges) {
    if (llvm::popcount(edges) > kMaxEdges || !isFull(edges) ||
        !isSmallest(edges, symmetries))
      continue;
    if (!visitAssignments(edges, symmetries, visit))
      return false;
  }
  return true;
}

void NasBench101::enumerate(
    llvm::function_ref<bool(llvm::StringRef spec)> visit) const {
  for (int size = 2; size <= kMaxVertices; ++size)
    if (!CellEnumerator(size).run(visit))
      return;
}
