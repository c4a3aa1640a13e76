//===- VerifyTest.cpp - Outcomes and isolation ----------------------------===//

#include "tools/verify/BackendTest.h"
#include "tools/verify/IsolatedRuns.h"

#include <csignal>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

using namespace assay::tools;
using Names = std::vector<std::string>;

static std::map<size_t, IsolatedResult>
runAll(size_t count, unsigned jobs, std::chrono::seconds limit,
       llvm::function_ref<std::string(size_t)> work) {
  std::map<size_t, IsolatedResult> results;
  runIsolated(count, jobs, limit, work,
              [&](size_t i, const IsolatedResult &result) {
                EXPECT_TRUE(results.emplace(i, result).second);
              });
  EXPECT_EQ(results.size(), count);
  return results;
}

TEST(IsolatedRuns, ReturnsEveryOutput) {
  auto results = runAll(9, 3, std::chrono::seconds(60),
                        [](size_t i) { return std::string(i * 50000, 'x'); });
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(results[i].output.size(), i * 50000);
    EXPECT_EQ(results[i].fault, "");
  }
}

TEST(IsolatedRuns, SurvivesCrashAndExit) {
  auto results = runAll(3, 2, std::chrono::seconds(60), [](size_t i) {
    if (i == 0)
      raise(SIGKILL);
    if (i == 1)
      _exit(7);
    return std::string("fine");
  });
  EXPECT_EQ(results[0].fault, "killed by signal 9 (Killed)");
  EXPECT_EQ(results[1].fault, "ended with code 7");
  EXPECT_EQ(results[2].output, "fine");
}

TEST(IsolatedRuns, EndsWhatHangs) {
  auto results = runAll(1, 1, std::chrono::seconds(1), [](size_t) {
    while (true)
      pause();
    return std::string();
  });
  EXPECT_EQ(results[0].fault, "exceeded 1 s");
}

TEST(TestOutcome, SurvivesARoundTrip) {
  TestOutcome outcome{TestOutcome::Skipped, "line\n\"quoted\"", {"If", "Loop"}};
  TestOutcome read = TestOutcome::deserialize(outcome.serialize());
  EXPECT_EQ(read.status, outcome.status);
  EXPECT_EQ(read.message, outcome.message);
  EXPECT_EQ(read.operators, outcome.operators);
}

TEST(TestOutcome, NothingIsAFailure) {
  EXPECT_EQ(TestOutcome::deserialize("").status, TestOutcome::Failed);
  EXPECT_EQ(TestOutcome::deserialize("[1]").status, TestOutcome::Failed);
}

TEST(UnsupportedOperators, AreReadFromErrors) {
  EXPECT_EQ(
      getUnsupportedOperators("m.onnx: 2 operators are not supported:\n"
                              "  If (opset 13): 1 node: 'a'\n"
                              "  Foo (domain 'x', opset 1): 2 nodes: 'b', 'c'"),
      (Names{"If", "Foo"}));
  EXPECT_EQ(
      getUnsupportedOperators("m.onnx: unsupported operators: Det, Resize\n"
                              "m.onnx: node 'd' (Det): Det has no lowering"),
      (Names{"Det", "Resize"}));
  EXPECT_EQ(getUnsupportedOperators(
                "m.onnx: operator Det has no reference evaluation"),
            Names{"Det"});
  EXPECT_EQ(getUnsupportedOperators("m.onnx: 'x': wrong rank"), Names{});
}

TEST(BackendTests, FolderWithoutModelHoldsNone) {
  EXPECT_TRUE(findBackendTests("/no/such/folder").empty());
}
