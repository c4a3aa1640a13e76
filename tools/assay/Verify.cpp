//===- Verify.cpp - assay verify ------------------------------------------===//

#include "tools/assay/Command.h"
#include "tools/verify/BackendTest.h"
#include "tools/verify/IsolatedRuns.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <unistd.h>

using namespace assay::tools;
namespace cl = llvm::cl;

static cl::SubCommand command("verify", "run ONNX backend test folders");
static cl::list<std::string> roots(cl::Positional, cl::desc("DIR..."),
                                   cl::OneOrMore, cl::sub(command));
static cl::opt<bool> asJson("json", cl::desc("write every outcome as JSON"),
                            cl::sub(command));
static cl::opt<bool> verbose("verbose", cl::desc("name passed tests too"),
                             cl::sub(command));
static cl::opt<std::string> filter("filter",
                                   cl::desc("run the tests whose name matches"),
                                   cl::value_desc("regex"), cl::init("."),
                                   cl::sub(command));
static cl::opt<bool>
    reference("reference",
              cl::desc("run the reference interpreter, not compiled code"),
              cl::sub(command));
static cl::opt<unsigned>
    jobs("jobs", cl::desc("tests at a time (default: one a processor)"),
         cl::value_desc("n"), cl::init(0), cl::sub(command));
static cl::opt<unsigned> limit("limit",
                               cl::desc("most seconds a test may take"),
                               cl::value_desc("s"), cl::init(120),
                               cl::sub(command));
static cl::opt<double> relative("rtol", cl::desc("relative tolerance"),
                                cl::init(1e-3), cl::sub(command));
static cl::opt<double> absolute("atol", cl::desc("absolute tolerance"),
                                cl::init(1e-7), cl::sub(command));

namespace {
struct Report {
  TestOutcome outcome;
  double seconds = 0;
};

struct Summary {
  size_t counts[3] = {0, 0, 0};          ///< By TestOutcome::Status.
  std::map<std::string, size_t> lacking; ///< Skipped tests by operator.
};
} // namespace

static llvm::StringRef getLabel(TestOutcome::Status status) {
  static constexpr llvm::StringLiteral labels[] = {"passed", "FAILED",
                                                   "skipped"};
  return labels[status];
}

/// The tests under all roots that match the filter; nothing after a usage
/// error.
static std::optional<std::vector<BackendTest>> collectTests() {
  llvm::Regex regex(filter);
  std::string error;
  if (!regex.isValid(error)) {
    printError("verify: --filter: " + error);
    return std::nullopt;
  }
  std::vector<BackendTest> tests;
  for (const std::string &root : roots) {
    if (!llvm::sys::fs::is_directory(root)) {
      printError("verify: '" + root + "' is no folder");
      return std::nullopt;
    }
    for (BackendTest &test : findBackendTests(root))
      if (regex.match(test.name))
        tests.push_back(std::move(test));
  }
  if (tests.empty())
    printError("verify: no folder with a model.onnx and a name that matches '" +
               filter + "'");
  return tests.empty() ? std::nullopt : std::optional(std::move(tests));
}

static std::vector<Report> runTests(llvm::ArrayRef<BackendTest> tests) {
  VerifyOptions options{reference, relative, absolute};
  std::vector<Report> reports(tests.size());
  bool progress = !asJson && isatty(STDERR_FILENO);
  size_t finished = 0;
  unsigned parallel =
      jobs ? unsigned(jobs) : std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
  runIsolated(
      tests.size(), parallel, std::chrono::seconds(limit),
      [&](size_t i) { return runBackendTest(tests[i], options).serialize(); },
      [&](size_t i, const IsolatedResult &result) {
        reports[i].seconds = result.seconds;
        reports[i].outcome =
            result.fault.empty()
                ? TestOutcome::deserialize(result.output)
                : TestOutcome{TestOutcome::Failed, result.fault, {}};
        if (progress)
          llvm::errs() << '\r' << ++finished << '/' << tests.size();
      });
  if (progress)
    llvm::errs() << '\r';
  return reports;
}

static Summary summarize(llvm::ArrayRef<Report> reports) {
  Summary summary;
  for (const Report &report : reports) {
    ++summary.counts[report.outcome.status];
    for (const std::string &name : report.outcome.operators)
      ++summary.lacking[name];
  }
  return summary;
}

static void printText(llvm::ArrayRef<BackendTest> tests,
                      llvm::ArrayRef<Report> reports, const Summary &summary) {
  llvm::raw_ostream &os = llvm::outs();
  for (auto [test, report] : llvm::zip_equal(tests, reports)) {
    const TestOutcome &outcome = report.outcome;
    if (outcome.status == TestOutcome::Failed)
      os << "FAILED " << test.name << ": " << outcome.message << '\n';
    else if (verbose)
      os << getLabel(outcome.status) << ' ' << test.name
         << (outcome.operators.empty() ? "" : ": ")
         << llvm::join(outcome.operators, ", ") << '\n';
  }
  if (!summary.lacking.empty())
    os << "skipped tests by what Assay lacks:\n";
  for (const auto &[name, count] : summary.lacking)
    os << llvm::format("%6zu  ", count) << name << '\n';
  os << summary.counts[TestOutcome::Passed] << " passed, "
     << summary.counts[TestOutcome::Failed] << " failed, "
     << summary.counts[TestOutcome::Skipped] << " skipped\n";
}

static void printJson(llvm::ArrayRef<BackendTest> tests,
                      llvm::ArrayRef<Report> reports, const Summary &summary) {
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.object([&] {
    json.attributeArray("tests", [&] {
      for (auto [test, report] : llvm::zip_equal(tests, reports))
        json.object([&, &test = test, &report = report] {
          json.attribute("name", test.name);
          json.attribute("folder", test.folder);
          json.attribute("status", getLabel(report.outcome.status).lower());
          json.attribute("seconds", report.seconds);
          if (!report.outcome.message.empty())
            json.attribute("message", report.outcome.message);
          if (!report.outcome.operators.empty())
            json.attribute("unsupported",
                           llvm::json::Array(report.outcome.operators));
        });
    });
    json.attributeObject("unsupported", [&] {
      for (const auto &[name, count] : summary.lacking)
        json.attribute(name, int64_t(count));
    });
    json.attribute("passed", int64_t(summary.counts[TestOutcome::Passed]));
    json.attribute("failed", int64_t(summary.counts[TestOutcome::Failed]));
    json.attribute("skipped", int64_t(summary.counts[TestOutcome::Skipped]));
  });
  llvm::outs() << '\n';
}

static int run() {
  std::optional<std::vector<BackendTest>> tests = collectTests();
  if (!tests)
    return ExitUsage;
  std::vector<Report> reports = runTests(*tests);
  Summary summary = summarize(reports);
  if (asJson)
    printJson(*tests, reports, summary);
  else
    printText(*tests, reports, summary);
  return summary.counts[TestOutcome::Failed] ? ExitBadInput : ExitDone;
}

Command assay::tools::verifyCommand() { return {&command, run}; }
