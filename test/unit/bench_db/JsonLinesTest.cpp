//===- JsonLinesTest.cpp --------------------------------------------------===//

#include "bench_db/importers/Table.h"

#include <gtest/gtest.h>

using namespace assay::bench_db;

static std::string errorOf(llvm::StringRef line) {
  llvm::Expected<TableRow> row = parseNetworkLine(line);
  return row ? "" : llvm::toString(row.takeError());
}

TEST(JsonLines, ReadsEveryField) {
  llvm::Expected<TableRow> row = parseNetworkLine(
      R"({"space": "s", "spec": "a", "text": "t", "hash": "passed over",
          "labels": [{"dataset": "d", "metric": "m", "protocol": "p",
                      "kind": "weight-sharing", "epochs": 3, "seed": 7,
                      "value": 0.1, "source": "o"}],
          "latencies": [{"target": "x", "threads": 2, "options": "-O3",
                         "median_ns": 5, "p10_ns": 4, "p90_ns": null,
                         "runs": 9, "source": "o"}]})");
  ASSERT_TRUE(static_cast<bool>(row)) << llvm::toString(row.takeError());
  EXPECT_EQ(row->space, "s");
  EXPECT_EQ(row->spec, "a");
  EXPECT_EQ(row->text, "t");
  ASSERT_EQ(row->labels.size(), 1u);
  const Label &label = row->labels[0];
  EXPECT_EQ(label.dataset + label.metric + label.protocol + label.kind +
                label.source,
            "dmpweight-sharingo");
  EXPECT_EQ(label.epochs, 3);
  EXPECT_EQ(label.seed, 7);
  EXPECT_EQ(label.value, 0.1);
  ASSERT_EQ(row->latencies.size(), 1u);
  const Latency &latency = row->latencies[0];
  EXPECT_EQ(latency.target + latency.options + latency.source, "x-O3o");
  EXPECT_EQ(latency.threads, 2);
  EXPECT_EQ(latency.medianNs, 5);
  EXPECT_EQ(latency.p10Ns, 4);
  EXPECT_EQ(latency.p90Ns, std::nullopt);
  EXPECT_EQ(latency.runs, 9);
}

TEST(JsonLines, TakesNullForNothing) {
  llvm::Expected<TableRow> row =
      parseNetworkLine(R"({"text": "t", "space": null, "labels": null})");
  ASSERT_TRUE(static_cast<bool>(row)) << llvm::toString(row.takeError());
  EXPECT_EQ(row->text, "t");
  EXPECT_TRUE(row->space.empty() && row->labels.empty());
}

TEST(JsonLines, SaysWhatIsWrong) {
  EXPECT_EQ(errorOf("[]"), "is no JSON object");
  EXPECT_EQ(errorOf("{}"), "expected \"text\", or \"space\" and \"spec\"");
  EXPECT_EQ(errorOf(R"({"space": "s", "text": "t"})"),
            "\"space\" and \"spec\" need each other");
  EXPECT_EQ(errorOf(R"({"text": 5})"), "\"text\" must be a string");
  EXPECT_EQ(errorOf(R"({"text": "t", "labels": {}})"),
            "\"labels\" must be a list");
  EXPECT_EQ(errorOf(R"({"text": "t", "latencies": [1]})"),
            "latencies[0]: is no object");
  EXPECT_EQ(errorOf(R"({"text": "t", "latencies": [{"target": "x"}]})"),
            "latencies[0]: has no \"median_ns\"");
  EXPECT_EQ(errorOf(R"({"space": "s", "spec": "a", "labels": [
                      {"dataset": "d", "metric": "m", "kind": "guess",
                       "value": 1}]})"),
            "labels[0]: \"kind\" must be one of trained, weight-sharing, "
            "surrogate, proxy, rank");
  EXPECT_EQ(errorOf(R"({"space": "s", "spec": "a", "labels": [
                      {"dataset": "d", "metric": "m", "kind": "rank",
                       "value": 1, "epochs": -1}]})"),
            "labels[0]: \"epochs\" must be an integer from 0 on");
  EXPECT_EQ(errorOf(R"({"space": "s", "spec": "a", "labels": [
                      {"dataset": "d", "metric": "m", "kind": "rank",
                       "value": 1e999}]})"),
            "labels[0]: \"value\" must be a finite number");
  EXPECT_EQ(errorOf(R"({"text": "t", "labels": [
                      {"dataset": "d", "metric": "m", "kind": "rank",
                       "value": 1}]})"),
            "labels belong to a point of a space: expected \"space\" and "
            "\"spec\"");
}
