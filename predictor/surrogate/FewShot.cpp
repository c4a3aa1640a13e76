//===- FewShot.cpp - A surrogate corrected by a few labels ----------------===//

#include "predictor/surrogate/FewShot.h"
#include "mlir/IR/IRMapping.h"
#include "predictor/surrogate/ModelParts.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;

static mlir::Value reduce(onnx::GraphBuilder &b, StringRef name,
                          mlir::Value x) {
  return b.op(name, {x, b.ints({1})}, {b.attr("keepdims", int64_t(1))});
}

/// [N, 1]: the mean of the scores that the prior gives, standardised.
static mlir::Value buildPrior(onnx::GraphBuilder &b, const KernelRidge &ridge,
                              ModuleOp prior, mlir::Value features) {
  auto main = prior.lookupSymbol<func::FuncOp>("main");
  IRMapping mapping;
  mapping.map(main.getArgument(0), features);
  SmallVector<Operation *> copies;
  for (Operation &op : main.front().without_terminator())
    copies.push_back(b.getBuilder().clone(op, mapping));
  mlir::Value scores =
      mapping.lookup(main.front().getTerminator()->getOperand(0));
  mlir::Value mean = reduce(b, "ReduceMean", scores);
  // The distance to what the prior was trained on is not asked for.
  for (Operation *op : llvm::reverse(copies))
    if (op->use_empty())
      op->erase();
  return b.mul(b.op("Sub", {mean, b.scalar(ridge.priorMean)}),
               b.scalar(ridge.priorScale));
}

/// exp(-|x - c|^2 / width) for all centres c, [N, centres].
static mlir::Value buildGaussian(onnx::GraphBuilder &b,
                                 const KernelRidge &ridge, mlir::Value x) {
  float scale = 1 / ridge.width;
  mlir::Value cross = b.op(
      "Gemm",
      {x, buildConstant(b, 2 * scale * ridge.centers.transpose(), "centers"),
       buildConstant(b,
                     -scale * ridge.centers.rowwise().squaredNorm().transpose(),
                     "centers.squared")});
  mlir::Value square = b.mul(reduce(b, "ReduceSumSquare", x), b.scalar(scale));
  return b.op("Exp",
              {b.op("Min", {b.op("Sub", {cross, square}), b.scalar(0)})});
}

OwningOpRef<ModuleOp>
assay::predictor::buildFewShotModule(const FewShot &fewShot, ModuleOp prior) {
  const KernelRidge &ridge = fewShot.ridge;
  onnx::GraphBuilder b(prior.getContext());
  mlir::Value features = b.input(
      "features", {ShapedType::kDynamic, ridge.standardizer.mean.size()});
  mlir::Value x =
      buildStandardizer(b, ridge.standardizer, features, kClip, "standardizer");
  mlir::Value kernel = buildGaussian(b, ridge, x);
  auto timesKernel = [&](const Matrix &matrix, StringRef name) {
    return b.op("MatMul", {kernel, buildConstant(b, matrix, name)});
  };
  mlir::Value score = timesKernel(ridge.weights, "weights");
  mlir::Value known =
      reduce(b, "ReduceSum",
             b.mul(timesKernel(ridge.invertKernel(), "inverse"), kernel));
  mlir::Value variance = b.relu(b.op("Sub", {b.scalar(1), known}));
  if (ridge.centerPriors.size()) {
    mlir::Value p = buildPrior(b, ridge, prior, features);
    score = b.add(score, b.mul(p, b.scalar(ridge.priorCoefficient)));
    mlir::Value unknown =
        b.op("Sub", {p, timesKernel(ridge.priorWeights, "priors")});
    variance = b.add(variance, b.mul(b.mul(unknown, unknown),
                                     b.scalar(ridge.priorVariance)));
  }
  mlir::Value deviation = b.op("Sqrt", {variance});
  mlir::Value scores =
      b.op("Concat", {b.op("Sub", {score, deviation}), b.add(score, deviation)},
           {b.attr("axis", int64_t(1))});
  return finishSurrogate(b, scores,
                         buildDistance(b, fewShot.familiarity, features),
                         fewShot.version, fewShot.calibration);
}
