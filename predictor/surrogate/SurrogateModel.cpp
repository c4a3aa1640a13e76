//===- SurrogateModel.cpp - The surrogate as an ONNX network --------------===//

#include "predictor/surrogate/ModelParts.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;

static mlir::Value buildMember(onnx::GraphBuilder &b, const Mlp &mlp,
                               mlir::Value x, const std::string &name) {
  for (auto [index, layer] : llvm::enumerate(mlp.layers)) {
    std::string scope = name + ".layer" + std::to_string(index);
    x = b.op("Gemm", {x, buildConstant(b, layer.weight, scope + ".weight"),
                      buildConstant(b, layer.bias, scope + ".bias")});
    if (index + 1 < mlp.layers.size())
      x = b.relu(x);
  }
  return x;
}

OwningOpRef<ModuleOp>
assay::predictor::buildSurrogateModule(MLIRContext *context,
                                       const Surrogate &surrogate) {
  onnx::GraphBuilder b(context);
  int64_t count = surrogate.standardizer.mean.size();
  mlir::Value features = b.input("features", {ShapedType::kDynamic, count});
  mlir::Value inputs = buildStandardizer(b, surrogate.standardizer, features,
                                         kClip, "standardizer");
  SmallVector<mlir::Value> scores;
  for (auto [index, member] : llvm::enumerate(surrogate.members))
    scores.push_back(
        buildMember(b, member, inputs, "member" + std::to_string(index)));
  return finishSurrogate(b,
                         b.op("Concat", scores, {b.attr("axis", int64_t(1))}),
                         buildDistance(b, surrogate.familiarity, features),
                         surrogate.version, surrogate.calibration);
}
