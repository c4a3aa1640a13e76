//===- RankCorrelation.h - Spearman rho and Kendall tau ---------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TRAINING_RANKCORRELATION_H
#define ASSAY_PREDICTOR_TRAINING_RANKCORRELATION_H

#include <vector>

namespace assay::predictor {

/// Pearson correlation of the ranks, ties getting their mean rank. 0 where a
/// side is constant. Both vectors have the same size.
double spearman(const std::vector<double> &a, const std::vector<double> &b);

/// Kendall's tau-b in n log n (Knight 1966). 0 where a side is constant.
double kendall(const std::vector<double> &a, const std::vector<double> &b);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TRAINING_RANKCORRELATION_H
