//===- Surrogate.h - Ranks networks it has no labels for --------*- C++ -*-===//
//
// An ensemble of small perceptrons on the feature vector. It gives a score that
// ranks networks within a task, an estimate of a data set's accuracy, an
// uncertainty that was calibrated on networks held out, and how far a network
// is from those it was trained on.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_SURROGATE_SURROGATE_H
#define ASSAY_PREDICTOR_SURROGATE_SURROGATE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "predictor/surrogate/Familiarity.h"
#include "predictor/surrogate/Mlp.h"
#include <string>

namespace assay::predictor {

/// What turns the outputs of the members into an answer.
struct Calibration {
  std::string dataset = "cifar10";
  /// Accuracy in percent = intercept + slope * mean score.
  double slope = 0, intercept = 0;
  /// Deviation of the accuracy, in percent:
  /// sqrt(noise^2 + (slope * inflation * spread)^2).
  double noise = 0, inflation = 1;
  /// A network farther than this from all prototypes is unfamiliar.
  double maxDistance = 0;
};

/// Answers for one network.
struct Estimate {
  double score = 0;       ///< Mean over members, each of unit deviation.
  double accuracy = 0;    ///< Percent.
  double uncertainty = 0; ///< One standard deviation, percent.
  bool familiar = true;
};

/// Turns the scores of the members for one network, and its distance, into an
/// answer.
Estimate estimate(const Calibration &calibration,
                  llvm::ArrayRef<float> memberScores, double distance);

struct Surrogate {
  std::string version; ///< May be empty.
  Standardizer standardizer;
  std::vector<Mlp> members; ///< Scores scaled to unit deviation in training.
  Familiarity familiarity;
  Calibration calibration;

  /// Networks x members.
  Matrix scoreMembers(const Matrix &features) const;
  /// Mean over members.
  Eigen::VectorXf score(const Matrix &features) const;
};

/// The surrogate as an ONNX network: "features" [N, 342] to "scores"
/// [N, members] and "distance" [N]. Version and calibration become metadata of
/// the model.
mlir::OwningOpRef<mlir::ModuleOp>
buildSurrogateModule(mlir::MLIRContext *context, const Surrogate &surrogate);

/// Version and calibration from the metadata of an imported surrogate; fails,
/// with a diagnostic on the module, where one is missing.
llvm::FailureOr<std::pair<std::string, Calibration>>
readSurrogateMetadata(mlir::ModuleOp module);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_SURROGATE_H
