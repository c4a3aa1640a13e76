//===- SurrogateTest.cpp - Training, calibration, kernel ridge ------------===//

#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/features/Features.h"
#include "predictor/surrogate/KernelRidge.h"
#include "predictor/training/RankCorrelation.h"
#include "predictor/training/SurrogateTrainer.h"

#include <gtest/gtest.h>
#include <random>

using namespace assay;
using namespace assay::predictor;

/// Networks of two hidden properties, which the features show through noise and
/// the label is a smooth function of.
static Family makeFamily(int rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Family family{"made", Matrix(rows, kNumFeatures), Eigen::VectorXf(rows)};
  for (int row = 0; row < rows; ++row) {
    float hidden[2] = {normal(random), normal(random)};
    for (unsigned column = 0; column < kNumFeatures; ++column)
      family.inputs(row, column) =
          5 + 2 * hidden[column % 2] + 0.5f * normal(random);
    family.labels[row] = 90 + hidden[0] + 0.4f * hidden[1] * hidden[1];
  }
  return family;
}

static double rankCorrelation(const Eigen::VectorXf &a,
                              const Eigen::VectorXf &b) {
  return spearman({a.begin(), a.end()}, {b.begin(), b.end()});
}

static SurrogateTrainerOptions quickOptions() {
  SurrogateTrainerOptions options;
  options.members = 3;
  options.rank.hidden = {24, 8};
  options.rank.steps = 300;
  options.rank.inputDropout = 0.2f;
  return options;
}

TEST(Surrogate, LearnsToRankAndIsSeeded) {
  Family family = makeFamily(400, 1), other = makeFamily(200, 2);
  Surrogate surrogate = trainSurrogate(family, quickOptions(), 7);
  EXPECT_GT(rankCorrelation(surrogate.score(other.inputs), other.labels), 0.6);
  Surrogate again = trainSurrogate(family, quickOptions(), 7);
  EXPECT_EQ(surrogate.score(other.inputs), again.score(other.inputs));
  EXPECT_NE(surrogate.score(other.inputs),
            trainSurrogate(family, quickOptions(), 8).score(other.inputs));
}

TEST(Surrogate, UncertaintyCoversHeldOutErrors) {
  Surrogate surrogate = trainSurrogate(makeFamily(600, 3), quickOptions(), 7);
  Family other = makeFamily(300, 4);
  Matrix members = surrogate.scoreMembers(other.inputs);
  Eigen::VectorXf distance = surrogate.familiarity.distance(other.inputs);
  int within = 0, familiar = 0;
  for (Eigen::Index i = 0; i < members.rows(); ++i) {
    Estimate e = estimate(surrogate.calibration,
                          llvm::ArrayRef(members.row(i).data(), members.cols()),
                          distance[i]);
    within += std::abs(e.accuracy - other.labels[i]) <= e.uncertainty;
    familiar += e.familiar;
  }
  EXPECT_NEAR(within / 300.0, 0.68, 0.15);
  EXPECT_GT(familiar, 290);
  other.inputs.array() += 40;
  EXPECT_GT(surrogate.familiarity.distance(other.inputs)[0],
            surrogate.calibration.maxDistance);
}

static double familiarShare(const Surrogate &surrogate, const Matrix &inputs) {
  Eigen::VectorXf distance = surrogate.familiarity.distance(inputs);
  int familiar =
      (distance.array() <= float(surrogate.calibration.maxDistance)).count();
  return familiar / static_cast<double>(inputs.rows());
}

/// A surrogate whose members do not matter.
static Surrogate trainFamiliarity(llvm::ArrayRef<Family> families) {
  SurrogateTrainerOptions options = quickOptions();
  options.members = 1;
  options.rank.steps = 1;
  options.heldOut = 0;
  return trainSurrogate(families, options, 7);
}

TEST(Familiarity, OfTheSpacesTrainedOn) {
  Family families[] = {makeFamily(900, 11), makeFamily(150, 12)};
  families[1].inputs.array() *= 2;  // another space
  families[0].inputs.row(17) *= -1; // and a rare network
  Surrogate surrogate = trainFamiliarity(families);
  EXPECT_LE(surrogate.familiarity.prototypes.rows(), 128);
  EXPECT_EQ(familiarShare(surrogate, families[0].inputs), 1);
  EXPECT_EQ(familiarShare(surrogate, families[1].inputs), 1);
  EXPECT_GE(familiarShare(surrogate, makeFamily(500, 13).inputs), 0.99);
}

TEST(Familiarity, NotOfOthers) {
  Family family = makeFamily(400, 14);
  family.inputs.col(3).setConstant(0.25f); // never varies in training
  Surrogate surrogate = trainFamiliarity(family);
  Matrix other = family.inputs.topRows(20);
  EXPECT_EQ(familiarShare(surrogate, other), 1);
  other.col(3).array() += 0.05f;
  EXPECT_EQ(familiarShare(surrogate, other), 0);
  other = family.inputs.topRows(20);
  other.leftCols(kNumFeatures / 2).array() += 20;
  EXPECT_EQ(familiarShare(surrogate, other), 0);
}

TEST(Familiarity, TakesFamiliesOfOneRowAndEqualRows) {
  Family families[] = {makeFamily(1, 15), makeFamily(5, 16)};
  families[1].inputs.rowwise() = families[1].inputs.row(0).eval();
  Surrogate surrogate = trainFamiliarity(families);
  for (const Family &family : families)
    EXPECT_EQ(familiarShare(surrogate, family.inputs), 1);
}

TEST(Surrogate, OnnxFormComputesTheSame) {
  Surrogate surrogate = trainSurrogate(makeFamily(300, 5), quickOptions(), 1);
  Family family = makeFamily(100, 8);
  surrogate.version = "v";
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = buildSurrogateModule(&context, surrogate);
  ASSERT_TRUE(module);
  auto metadata = readSurrogateMetadata(*module);
  ASSERT_TRUE(succeeded(metadata));
  EXPECT_EQ(metadata->first, "v");
  EXPECT_NEAR(metadata->second.slope, surrogate.calibration.slope, 1e-6);

  std::vector<double> values(family.inputs.data(),
                             family.inputs.data() + family.inputs.size());
  onnx::Tensor input = onnx::Tensor::fromDoubles(
      mlir::Float32Type::get(&context), {100, kNumFeatures}, values);
  auto main = module->lookupSymbol<mlir::func::FuncOp>("main");
  auto outputs = onnx::interpret(main, llvm::ArrayRef(input));
  ASSERT_TRUE(succeeded(outputs));
  Matrix expected = surrogate.scoreMembers(family.inputs);
  Eigen::VectorXf distance = surrogate.familiarity.distance(family.inputs);
  for (int row = 0; row < 100; ++row) {
    for (int member = 0; member < 3; ++member)
      EXPECT_NEAR((*outputs)[0].getDouble(row * 3 + member),
                  expected(row, member), 1e-4);
    EXPECT_NEAR((*outputs)[1].getDouble(row), distance[row],
                1e-4 * distance[row]);
  }
}

TEST(KernelRidge, RanksFromFewLabels) {
  Family family = makeFamily(300, 6), other = makeFamily(300, 7);
  const Matrix &few = family.inputs, &rest = other.inputs;
  KernelRidge ridge =
      KernelRidge::fit(few.topRows(60), family.labels.head(60), few);
  EXPECT_GT(rankCorrelation(ridge.score(rest), other.labels), 0.9);
  // Any rising function of the labels gives the same scores.
  KernelRidge same = KernelRidge::fit(
      few.topRows(60),
      ((family.labels.head(60).array() - 90) / 3).exp().matrix(), few);
  EXPECT_EQ(ridge.score(rest), same.score(rest));
}

TEST(KernelRidge, TakesConstantFeaturesAndEqualRows) {
  Matrix features = Matrix::Constant(5, 3, 2.0f);
  Eigen::VectorXf labels = Eigen::VectorXf::LinSpaced(5, 0, 1);
  KernelRidge ridge = KernelRidge::fit(features, labels, features);
  EXPECT_TRUE(ridge.score(features).allFinite());
}
