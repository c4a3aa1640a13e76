//===- RankTrainer.cpp - Trains an MLP to rank within families ------------===//

#include "predictor/training/RankTrainer.h"
#include <cmath>
#include <random>

using namespace assay::predictor;
using Random = std::mt19937_64;

namespace {

/// Moments of Adam for one layer.
struct LayerState {
  Matrix weightGradient, weightMean, weightSquare;
  RowVector biasGradient, biasMean, biasSquare;
};

class Trainer {
public:
  Trainer(llvm::ArrayRef<Family> families, const RankTrainerOptions &options,
          uint64_t seed);
  Mlp run();

private:
  void initialize(int inputs);
  void sampleBatch(Matrix &inputs, Eigen::VectorXf &labels);
  void dropOut(Matrix &x, float share);
  void step(int index);

  llvm::ArrayRef<Family> families;
  const RankTrainerOptions &options;
  Random random;
  Mlp mlp;
  std::vector<LayerState> states;
};

} // namespace

/// A uniform number in [0, 1) that does not depend on the standard library.
static float uniform(Random &random) {
  return static_cast<float>(random() >> 40) * 0x1p-24f;
}

Trainer::Trainer(llvm::ArrayRef<Family> families,
                 const RankTrainerOptions &options, uint64_t seed)
    : families(families), options(options), random(seed) {
  initialize(families.front().inputs.cols());
}

void Trainer::initialize(int inputs) {
  std::vector<int> widths = options.hidden;
  widths.push_back(1);
  for (int outputs : widths) {
    float bound = std::sqrt(3.0f / inputs);
    Mlp::Layer layer;
    layer.weight = Matrix::NullaryExpr(
        inputs, outputs, [&]() { return (2 * uniform(random) - 1) * bound; });
    layer.bias = RowVector::Zero(outputs);
    LayerState state;
    state.weightMean = state.weightSquare = Matrix::Zero(inputs, outputs);
    state.biasMean = state.biasSquare = RowVector::Zero(outputs);
    mlp.layers.push_back(std::move(layer));
    states.push_back(std::move(state));
    inputs = outputs;
  }
}

void Trainer::sampleBatch(Matrix &inputs, Eigen::VectorXf &labels) {
  const Family &family = families[random() % families.size()];
  int size = std::min<int>(options.batchSize, family.inputs.rows());
  inputs.resize(size, family.inputs.cols());
  labels.resize(size);
  for (int i = 0; i < size; ++i) {
    size_t row = random() % family.inputs.rows();
    inputs.row(i) = family.inputs.row(row);
    labels[i] = family.labels[row];
  }
}

void Trainer::dropOut(Matrix &x, float share) {
  if (share <= 0)
    return;
  float scale = 1 / (1 - share);
  for (Eigen::Index i = 0; i < x.size(); ++i)
    x.data()[i] *= uniform(random) < share ? 0.0f : scale;
}

/// d loss / d score of the mean logistic loss over all pairs with a winner.
static Eigen::VectorXf pairGradient(const Eigen::VectorXf &scores,
                                    const Eigen::VectorXf &labels) {
  Eigen::VectorXf gradient = Eigen::VectorXf::Zero(scores.size());
  int pairs = 0;
  for (Eigen::Index i = 0; i < scores.size(); ++i)
    for (Eigen::Index j = 0; j < scores.size(); ++j) {
      if (labels[i] <= labels[j])
        continue;
      float slope = 1 / (1 + std::exp(scores[i] - scores[j]));
      gradient[i] -= slope;
      gradient[j] += slope;
      ++pairs;
    }
  return pairs ? Eigen::VectorXf(gradient / pairs) : gradient;
}

/// One Adam update of a parameter block; `t` counts from 1.
template <typename Block>
static void adam(Block &parameter, const Block &gradient, Block &mean,
                 Block &square, float rate, int t) {
  constexpr float kBeta1 = 0.9f, kBeta2 = 0.999f, kEpsilon = 1e-8f;
  mean = kBeta1 * mean + (1 - kBeta1) * gradient;
  square = kBeta2 * square + (1 - kBeta2) * gradient.cwiseProduct(gradient);
  float unbias1 = 1 - std::pow(kBeta1, t), unbias2 = 1 - std::pow(kBeta2, t);
  parameter.array() -= rate * (mean.array() / unbias1) /
                       ((square.array() / unbias2).sqrt() + kEpsilon);
}

void Trainer::step(int index) {
  Matrix x;
  Eigen::VectorXf labels;
  sampleBatch(x, labels);
  dropOut(x, options.inputDropout);
  std::vector<Matrix> activations = {x};
  size_t depth = mlp.layers.size();
  for (size_t i = 0; i < depth; ++i) {
    x = ((x * mlp.layers[i].weight).rowwise() + mlp.layers[i].bias).eval();
    if (i + 1 < depth) {
      x = x.cwiseMax(0.0f);
      dropOut(x, options.hiddenDropout);
    }
    activations.push_back(x);
  }

  Matrix delta = pairGradient(activations.back().col(0), labels);
  for (size_t i = depth; i-- > 0;) {
    states[i].weightGradient = activations[i].transpose() * delta;
    states[i].biasGradient = delta.colwise().sum();
    if (i == 0)
      break;
    // A unit that ReLU or dropout silenced passes no gradient.
    float scale = 1 / (1 - options.hiddenDropout);
    delta = (delta * mlp.layers[i].weight.transpose()).eval();
    delta = (activations[i].array() > 0).select(delta * scale, 0.0f);
  }

  float progress = static_cast<float>(index) / options.steps;
  float rate =
      options.learningRate * 0.5f * (1 + std::cos(float(M_PI) * progress));
  for (size_t i = 0; i < depth; ++i) {
    Mlp::Layer &layer = mlp.layers[i];
    LayerState &state = states[i];
    layer.weight *= 1 - rate * options.weightDecay;
    adam(layer.weight, state.weightGradient, state.weightMean,
         state.weightSquare, rate, index + 1);
    adam(layer.bias, state.biasGradient, state.biasMean, state.biasSquare, rate,
         index + 1);
  }
}

Mlp Trainer::run() {
  for (int index = 0; index < options.steps; ++index)
    step(index);
  return std::move(mlp);
}

Mlp assay::predictor::trainRankMlp(llvm::ArrayRef<Family> families,
                                   const RankTrainerOptions &options,
                                   uint64_t seed) {
  return Trainer(families, options, seed).run();
}
