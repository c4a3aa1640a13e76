//===- FewShotTest.cpp - Kernel ridge and the surrogate it corrects -------===//

#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/training/FewShotTrainer.h"
#include "predictor/training/RankCorrelation.h"

#include <Eigen/LU>
#include <gtest/gtest.h>
#include <random>

using namespace assay;
using namespace assay::predictor;

static constexpr int kFeatures = 40;

namespace {

/// Networks whose label depends on three of their features, and what a
/// surrogate knows of the label.
struct Sample {
  Sample(int rows, uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    family = {"made",
              Matrix::NullaryExpr(rows, kFeatures,
                                  [&] { return 3 + normal(random); }),
              Eigen::VectorXf(rows)};
    priors.resize(rows);
    for (int i = 0; i < rows; ++i) {
      auto x = family.inputs.row(i);
      family.labels[i] = 80 + x[0] + x[1] * x[1] / 4 - x[2];
      priors[i] = 0.1f * family.labels[i] + 0.03f * normal(random);
    }
  }
  Family family;
  Eigen::VectorXf priors;
};

} // namespace

static double rankCorrelation(const Eigen::VectorXf &a,
                              const Eigen::VectorXf &b) {
  return spearman({a.begin(), a.end()}, {b.begin(), b.end()});
}

/// Two members on the raw features.
static Surrogate makePrior() {
  Surrogate surrogate;
  surrogate.version = "prior";
  surrogate.standardizer = {RowVector::Constant(kFeatures, 3),
                            RowVector::Ones(kFeatures)};
  surrogate.familiarity = {surrogate.standardizer, Matrix::Zero(3, kFeatures)};
  for (float sign : {1.0f, 0.5f}) {
    Mlp::Layer layer{Matrix::Zero(kFeatures, 1), RowVector::Zero(1)};
    layer.weight(0, 0) = sign;
    layer.weight(2, 0) = -sign;
    surrogate.members.push_back({{layer}});
  }
  return surrogate;
}

TEST(KernelRidge, GoodPriorHelpsWhereLabelsAreFew) {
  Sample few(12, 1), other(300, 2);
  KernelRidge plain =
      KernelRidge::fit(few.family.inputs, few.family.labels, few.family.inputs);
  KernelRidge informed = KernelRidge::fit(few.family.inputs, few.family.labels,
                                          few.family.inputs, few.priors);
  double without =
      rankCorrelation(plain.score(other.family.inputs), other.family.labels);
  double with = rankCorrelation(
      informed.score(other.family.inputs, other.priors), other.family.labels);
  EXPECT_GT(with, 0.9);
  EXPECT_GT(with, without + 0.1);
}

TEST(KernelRidge, BadPriorDoesNotHurtMuch) {
  Sample some(200, 3), other(300, 4);
  Eigen::VectorXf noise = Eigen::VectorXf::Random(200);
  KernelRidge plain = KernelRidge::fit(some.family.inputs, some.family.labels,
                                       some.family.inputs);
  KernelRidge misled = KernelRidge::fit(some.family.inputs, some.family.labels,
                                        some.family.inputs, noise);
  double without =
      rankCorrelation(plain.score(other.family.inputs), other.family.labels);
  double with = rankCorrelation(
      misled.score(other.family.inputs, Eigen::VectorXf::Random(300)),
      other.family.labels);
  EXPECT_GT(with, without - 0.1);
}

TEST(KernelRidge, LeaveOneOutIsTheFitWithoutTheRow) {
  Sample few(15, 5);
  LeaveOneOut leaveOneOut;
  KernelRidge ridge =
      KernelRidge::fit(few.family.inputs, few.family.labels, few.family.inputs,
                       few.priors, &leaveOneOut);
  // The kernel with the prior, from the variance of its coefficient.
  Eigen::VectorXd priors = ridge.centerPriors.cast<double>();
  double variance = 1 / (1 / double(ridge.priorVariance) -
                         priors.dot(ridge.priorWeights.cast<double>()));
  Eigen::MatrixXd regularized = ridge.invertKernel().cast<double>().inverse() +
                                variance * priors * priors.transpose();
  Eigen::VectorXd targets = regularized * ridge.weights.cast<double>();
  for (int row = 0; row < 15; ++row) {
    std::vector<int> rest;
    for (int i = 0; i < 15; ++i)
      if (i != row)
        rest.push_back(i);
    Eigen::MatrixXd inverse = regularized(rest, rest).inverse();
    Eigen::VectorXd cross = regularized(rest, row);
    double mean = cross.dot(inverse * targets(rest));
    double left =
        regularized(row, row) - ridge.ridge - cross.dot(inverse * cross);
    EXPECT_NEAR(leaveOneOut.means[row], mean, 1e-2);
    EXPECT_NEAR(leaveOneOut.deviations[row], std::sqrt(std::max(0.0, left)),
                2e-2);
  }
}

TEST(KernelRidge, KnowsWhereItHasNoLabels) {
  Sample few(40, 6);
  KernelRidge ridge =
      KernelRidge::fit(few.family.inputs, few.family.labels, few.family.inputs);
  Matrix far = few.family.inputs.topRows(1).array() + 50;
  EXPECT_GT(ridge.deviation(far)[0],
            ridge.deviation(few.family.inputs).maxCoeff());
}

TEST(FewShot, IsCalibratedOnRowsLeftOut) {
  Sample few(80, 7), other(300, 8);
  FewShot fewShot =
      trainFewShot(few.family, Matrix(0, kFeatures), few.priors, 1);
  Eigen::VectorXf scores =
      fewShot.ridge.score(other.family.inputs, other.priors);
  Eigen::VectorXf spreads =
      fewShot.ridge.deviation(other.family.inputs, other.priors);
  int within = 0;
  for (int i = 0; i < 300; ++i) {
    float members[] = {scores[i] - spreads[i], scores[i] + spreads[i]};
    Estimate e = estimate(fewShot.calibration, members, /*distance=*/0);
    EXPECT_NEAR(e.score, scores[i], 1e-4);
    within += std::abs(e.accuracy - other.family.labels[i]) <= e.uncertainty;
  }
  EXPECT_NEAR(within / 300.0, 0.68, 0.15);
}

TEST(FewShot, OnnxFormComputesTheSame) {
  Sample few(30, 9), pool(40, 12), other(20, 10);
  Surrogate prior = makePrior();
  const Matrix &inputs = other.family.inputs;
  FewShot fewShot = trainFewShot(few.family, pool.family.inputs,
                                 prior.score(few.family.inputs), 1);
  ASSERT_EQ(fewShot.ridge.centerPriors.size(), 30);
  fewShot.version = "prior+made";
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto priorModule = buildSurrogateModule(&context, prior);
  ASSERT_TRUE(priorModule);
  auto module = buildFewShotModule(fewShot, *priorModule);
  ASSERT_TRUE(module);
  auto metadata = readSurrogateMetadata(*module);
  ASSERT_TRUE(succeeded(metadata));
  EXPECT_EQ(metadata->first, "prior+made");

  onnx::Tensor input = onnx::Tensor::fromDoubles(
      mlir::Float32Type::get(&context), {20, kFeatures},
      std::vector<double>(inputs.data(), inputs.data() + inputs.size()));
  auto main = module->lookupSymbol<mlir::func::FuncOp>("main");
  auto outputs = onnx::interpret(main, llvm::ArrayRef(input));
  ASSERT_TRUE(succeeded(outputs));
  Eigen::VectorXf priors = prior.score(inputs);
  Eigen::VectorXf scores = fewShot.ridge.score(inputs, priors);
  Eigen::VectorXf spreads = fewShot.ridge.deviation(inputs, priors);
  Eigen::VectorXf distance = fewShot.familiarity.distance(inputs);
  for (int row = 0; row < 20; ++row) {
    EXPECT_NEAR((*outputs)[0].getDouble(row * 2), scores[row] - spreads[row],
                1e-3);
    EXPECT_NEAR((*outputs)[0].getDouble(row * 2 + 1),
                scores[row] + spreads[row], 1e-3);
    EXPECT_NEAR((*outputs)[1].getDouble(row), distance[row],
                1e-3 * distance[row]);
  }
}
