//===- Calibrate.cpp - From scores to accuracies --------------------------===//

#include "predictor/training/Calibrate.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace assay::predictor;

/// Share of a normal distribution within one deviation.
static constexpr double kOneSigma = 0.6827;

/// accuracy = intercept + slope * score by least squares with Huber weights:
/// networks that failed to train do not bend the line.
static void fitLine(const std::vector<double> &scores,
                    const std::vector<double> &labels, Calibration &c) {
  std::vector<double> weights(scores.size(), 1.0);
  for (int iteration = 0; iteration < 20; ++iteration) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < scores.size(); ++i) {
      w += weights[i];
      x += weights[i] * scores[i];
      y += weights[i] * labels[i];
      xx += weights[i] * scores[i] * scores[i];
      xy += weights[i] * scores[i] * labels[i];
    }
    double variance = xx - x * x / w;
    c.slope = variance > 1e-9 ? (xy - x * y / w) / variance : 0;
    c.intercept = (y - c.slope * x) / w;
    std::vector<double> sorted;
    for (size_t i = 0; i < scores.size(); ++i)
      sorted.push_back(std::abs(labels[i] - c.intercept - c.slope * scores[i]));
    std::vector<double> residuals = sorted;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2,
                     sorted.end());
    double limit = 1.345 * 1.4826 * std::max(1e-6, sorted[sorted.size() / 2]);
    for (size_t i = 0; i < scores.size(); ++i)
      weights[i] = residuals[i] <= limit ? 1 : limit / residuals[i];
  }
}

/// The noise and the inflation of the spread under which held-out residuals are
/// likeliest, scaled so that the share of a normal distribution lies within one
/// deviation.
static void fitUncertainty(const std::vector<double> &residuals,
                           const std::vector<double> &spreads, Calibration &c) {
  double best = -std::numeric_limits<double>::infinity();
  for (double inflation : {0.0, 0.5, 1.0, 2.0, 4.0, 8.0}) {
    for (double noise : {0.1, 0.25, 0.5, 1.0, 2.0, 4.0}) {
      std::vector<double> ratios;
      for (size_t i = 0; i < residuals.size(); ++i)
        ratios.push_back(residuals[i] /
                         std::hypot(noise, c.slope * inflation * spreads[i]));
      std::vector<double> sorted = ratios;
      auto quantile = sorted.begin() + size_t(kOneSigma * (sorted.size() - 1));
      std::nth_element(sorted.begin(), quantile, sorted.end());
      double scale = std::max(1e-6, *quantile);
      double likelihood = 0;
      for (size_t i = 0; i < residuals.size(); ++i) {
        double sigma =
            scale * std::hypot(noise, c.slope * inflation * spreads[i]);
        // Failed trainings are bounded, as in the fit of the line.
        double z = std::min(4.0, residuals[i] / sigma);
        likelihood -= std::log(sigma) + 0.5 * z * z;
      }
      if (likelihood <= best)
        continue;
      best = likelihood;
      c.noise = scale * noise;
      c.inflation = scale * inflation;
    }
  }
}

Calibration
assay::predictor::fitCalibration(const std::vector<double> &scores,
                                 const std::vector<double> &spreads,
                                 const std::vector<double> &labels) {
  Calibration c;
  if (scores.empty())
    return c;
  fitLine(scores, labels, c);
  std::vector<double> residuals;
  for (size_t i = 0; i < scores.size(); ++i)
    residuals.push_back(
        std::abs(labels[i] - c.intercept - c.slope * scores[i]));
  fitUncertainty(residuals, spreads, c);
  return c;
}
