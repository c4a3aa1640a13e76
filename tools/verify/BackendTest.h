//===- BackendTest.h - One test folder of the ONNX backend suite *- C++ -*-===//
//
// A folder with model.onnx and, for each data set, test_data_set_N/input_I.pb
// and output_I.pb (onnx/backend/test of the ONNX project).
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_TOOLS_VERIFY_BACKENDTEST_H
#define ASSAY_TOOLS_VERIFY_BACKENDTEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace assay::tools {

struct BackendTest {
  std::string
      name; ///< The path below the folder given, such as "node/test_abs".
  std::string folder;
};

/// The test folders at and below `root`, by name.
std::vector<BackendTest> findBackendTests(llvm::StringRef root);

struct VerifyOptions {
  /// Run the reference interpreter instead of compiled code.
  bool reference = false;
  /// |actual - expected| <= absolute + relative * |expected|; the defaults are
  /// those of ONNX's own runner.
  double relative = 1e-3;
  double absolute = 1e-7;
};

struct TestOutcome {
  enum Status { Passed, Failed, Skipped };

  Status status = Passed;
  /// What differs or was refused.
  std::string message;
  /// When skipped, the operators that Assay lacks.
  std::vector<std::string> operators;

  /// The outcome as text, and back; a text that is none counts as failed.
  std::string serialize() const;
  static TestOutcome deserialize(llvm::StringRef text);
};

/// Imports the model, runs every data set, compares every output.
TestOutcome runBackendTest(const BackendTest &test,
                           const VerifyOptions &options);

/// The operators that an error message names as unsupported; empty when the
/// message is about something else.
std::vector<std::string> getUnsupportedOperators(llvm::StringRef message);

} // namespace assay::tools

#endif // ASSAY_TOOLS_VERIFY_BACKENDTEST_H
