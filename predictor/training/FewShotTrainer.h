//===- FewShotTrainer.h - Fits a few labels of one space --------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TRAINING_FEWSHOTTRAINER_H
#define ASSAY_PREDICTOR_TRAINING_FEWSHOTTRAINER_H

#include "predictor/surrogate/FewShot.h"
#include "predictor/training/RankTrainer.h"

namespace assay::predictor {

/// Fewer labels calibrate nothing; more are fit better, and faster, by a
/// surrogate of their own.
inline constexpr int kMinFewShotLabels = 8, kMaxFewShotLabels = 1000;

/// Fits raw features and labels, between the two numbers above of them. `pool`
/// holds features of further networks of the space, or none: the more, the
/// better is known which networks are of it. `priors` holds by row the score of
/// the surrogate to be corrected. The calibration is that of `leaveOneOut`, by
/// row.
FewShot trainFewShot(const Family &family, const Matrix &pool,
                     const Eigen::VectorXf &priors, uint64_t seed,
                     LeaveOneOut *leaveOneOut = nullptr);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TRAINING_FEWSHOTTRAINER_H
