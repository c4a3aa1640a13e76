//===- NasBench201TextTest.cpp - Equal texts are equal networks -----------===//
//
// All networks of NAS-Bench-201: two share a canonical text if and only if they
// are isomorphic.
//
//===----------------------------------------------------------------------===//

#include "Isomorphism.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/CanonicalOrder.h"
#include "search/spaces/Space.h"
#include "llvm/ADT/StringMap.h"

#include <atomic>
#include <gtest/gtest.h>
#include <map>
#include <thread>

using namespace assay::predictor;
using assay::search::Network;
using assay::search::Space;

namespace {
struct Described {
  std::string hash;
  ColoredGraph colored;
};
} // namespace

static Described describe(const Space &space, llvm::StringRef spec,
                          mlir::MLIRContext *context) {
  assay::search::NetworkOptions options;
  options.weights = assay::onnx::GraphBuilder::Weights::Splat;
  Network network = space.build(spec, options, context);
  if (!network.module)
    return {};
  llvm::FailureOr<Graph> graph = OnnxGraphReader(context).read(*network.module);
  if (failed(graph))
    return {};
  ColoredGraph colored = colorGraph(*graph);
  return {canonicalHash(canonicalize(std::move(*graph))), std::move(colored)};
}

static std::vector<Described> describeAll(const Space &space) {
  std::vector<std::string> specs;
  space.enumerate([&](llvm::StringRef spec) {
    specs.push_back(spec.str());
    return true;
  });
  std::vector<Described> all(specs.size());
  std::atomic<size_t> next = 0;
  auto work = [&] {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    for (size_t i; (i = next++) < specs.size();)
      all[i] = describe(space, specs[i], &context);
  };
  std::thread other(work);
  work();
  other.join();
  return all;
}

TEST(NasBench201Text, NetworksShareATextIfAndOnlyIfTheyAreIsomorphic) {
  const Space *space = assay::search::lookupSpace("nasbench201");
  std::vector<Described> all = describeAll(*space);
  ASSERT_EQ(all.size(), 15625u);

  // One network of each class, in buckets that isomorphic networks share.
  std::multimap<uint64_t, const Described *> classes;
  llvm::StringMap<const Described *> texts;
  int64_t collisions = 0, missed = 0;
  for (const Described &network : all) {
    ASSERT_FALSE(network.hash.empty());
    auto [first, last] = classes.equal_range(network.colored.invariant());
    auto same = std::find_if(first, last, [&](const auto &entry) {
      return areIsomorphic(entry.second->colored, network.colored);
    });
    bool newClass = same == last;
    bool newText = texts.try_emplace(network.hash, &network).second;
    collisions += newClass && !newText;
    missed += !newClass && newText;
    if (newClass)
      classes.emplace(network.colored.invariant(), &network);
  }
  EXPECT_EQ(collisions, 0);
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(texts.size(), classes.size());
  RecordProperty("distinct", static_cast<int>(classes.size()));
}
