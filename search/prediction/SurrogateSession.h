//===- SurrogateSession.h - The surrogate, compiled -------------*- C++ -*-===//

#ifndef ASSAY_SEARCH_PREDICTION_SURROGATESESSION_H
#define ASSAY_SEARCH_PREDICTION_SURROGATESESSION_H

#include "compiler/api/Executable.h"
#include "predictor/surrogate/Surrogate.h"

namespace assay::search {

/// A surrogate network compiled for this machine. One thread at a time.
class SurrogateSession {
public:
  /// Compiles the ONNX file that `assay train` wrote, or its IR (*.mlir).
  static llvm::Expected<std::unique_ptr<SurrogateSession>>
  load(llvm::StringRef path);

  /// That of the file's metadata, else 16 hex digits of the hash of the file.
  llvm::StringRef getVersion() const { return version; }
  llvm::StringRef getDataset() const { return calibration.dataset; }

  /// One estimate for each feature vector of kNumFeatures numbers.
  llvm::Expected<std::vector<predictor::Estimate>>
  estimate(llvm::ArrayRef<std::vector<float>> features);

private:
  mlir::MLIRContext context;
  std::unique_ptr<Executable> executable;
  std::string version;
  predictor::Calibration calibration;
};

/// The surrogate that comes with Assay for a data set: $ASSAY_SURROGATE, else
/// the file of its name in the data folder beside the program, else the one in
/// the source tree. Empty where there is none.
std::string defaultSurrogatePath(llvm::StringRef dataset);

} // namespace assay::search

#endif // ASSAY_SEARCH_PREDICTION_SURROGATESESSION_H
