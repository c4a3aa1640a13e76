//===- FewShotTrainer.cpp - Fits a few labels of one space ----------------===//

#include "predictor/training/FewShotTrainer.h"
#include "predictor/training/Calibrate.h"
#include "predictor/training/FamiliarityTrainer.h"

using namespace assay::predictor;

static constexpr int kPrototypes = 128;

FewShot assay::predictor::trainFewShot(const Family &family, const Matrix &pool,
                                       const Eigen::VectorXf &priors,
                                       uint64_t seed, LeaveOneOut *result) {
  Family all{family.name,
             Matrix(family.inputs.rows() + pool.rows(), family.inputs.cols()),
             Eigen::VectorXf::Zero(family.inputs.rows() + pool.rows())};
  all.inputs.topRows(family.inputs.rows()) = family.inputs;
  all.inputs.bottomRows(pool.rows()) = pool;
  FewShot fewShot;
  LeaveOneOut leaveOneOut;
  fewShot.ridge = KernelRidge::fit(family.inputs, family.labels, all.inputs,
                                   priors, &leaveOneOut);
  auto toDoubles = [](const Eigen::VectorXf &values) {
    return std::vector<double>(values.begin(), values.end());
  };
  fewShot.calibration = fitCalibration(toDoubles(leaveOneOut.means),
                                       toDoubles(leaveOneOut.deviations),
                                       toDoubles(family.labels));
  fewShot.familiarity = fitFamiliarity(all, kPrototypes, seed);
  fewShot.calibration.maxDistance =
      fitMaxDistance(all, fewShot.familiarity, seed);
  if (result)
    *result = std::move(leaveOneOut);
  return fewShot;
}
