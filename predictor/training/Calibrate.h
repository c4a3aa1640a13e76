//===- Calibrate.h - From scores to accuracies ------------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TRAINING_CALIBRATE_H
#define ASSAY_PREDICTOR_TRAINING_CALIBRATE_H

#include "predictor/surrogate/Surrogate.h"

namespace assay::predictor {

/// Slope, intercept, noise and inflation from networks that the scores were not
/// fit to: by row, the mean score, its spread and the label in percent.
Calibration fitCalibration(const std::vector<double> &scores,
                           const std::vector<double> &spreads,
                           const std::vector<double> &labels);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TRAINING_CALIBRATE_H
