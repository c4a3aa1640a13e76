//===- Familiarity.cpp - Is a network like those trained on? --------------===//

#include "predictor/surrogate/Familiarity.h"

using namespace assay::predictor;

Familiarity Familiarity::fromMoments(const Eigen::RowVectorXd &mean,
                                     const Eigen::RowVectorXd &variance) {
  Familiarity familiarity;
  familiarity.standardizer.mean = mean.cast<float>();
  Eigen::ArrayXXd floor = (mean.array().abs() * 1e-3).max(1e-3);
  familiarity.standardizer.scale =
      variance.array().sqrt().max(floor).inverse().matrix().cast<float>();
  return familiarity;
}

Eigen::VectorXf Familiarity::distance(const Matrix &features) const {
  return squaredDistances(apply(features), prototypes).rowwise().minCoeff();
}
