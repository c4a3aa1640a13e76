//===- SurrogateModel.cpp - The surrogate as an ONNX network --------------===//

#include "dialects/onnx/GraphBuilder.h"
#include "predictor/features/Features.h"
#include "predictor/surrogate/Surrogate.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;

static constexpr StringLiteral kMetadata = "onnx.metadata_props";

/// A rows x columns f32 constant; one row gives rank 1.
static mlir::Value constant(onnx::GraphBuilder &b, const Matrix &matrix,
                            StringRef name) {
  SmallVector<int64_t> shape = {matrix.rows(), matrix.cols()};
  if (matrix.rows() == 1)
    shape = {matrix.cols()};
  auto type = RankedTensorType::get(shape, b.getBuilder().getF32Type());
  return b.constant(
      ElementsAttr(DenseElementsAttr::get(
          type, llvm::ArrayRef<float>(matrix.data(), matrix.size()))),
      name);
}

static mlir::Value buildMember(onnx::GraphBuilder &b, const Mlp &mlp,
                               mlir::Value x, const std::string &name) {
  for (auto [index, layer] : llvm::enumerate(mlp.layers)) {
    std::string scope = name + ".layer" + std::to_string(index);
    x = b.op("Gemm", {x, constant(b, layer.weight, scope + ".weight"),
                      constant(b, layer.bias, scope + ".bias")});
    if (index + 1 < mlp.layers.size())
      x = b.relu(x);
  }
  return x;
}

static std::string print(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value);
  return text;
}

static DictionaryAttr buildMetadata(MLIRContext *context,
                                    const Surrogate &surrogate) {
  const Calibration &c = surrogate.calibration;
  Builder builder(context);
  SmallVector<NamedAttribute> entries;
  auto add = [&](StringRef key, const std::string &value) {
    entries.push_back(builder.getNamedAttr(("assay." + key).str(),
                                           builder.getStringAttr(value)));
  };
  add("version", surrogate.version);
  add("dataset", c.dataset);
  add("slope", print(c.slope));
  add("intercept", print(c.intercept));
  add("noise", print(c.noise));
  add("inflation", print(c.inflation));
  add("max_distance", print(c.maxDistance));
  return builder.getDictionaryAttr(entries);
}

OwningOpRef<ModuleOp>
assay::predictor::buildSurrogateModule(MLIRContext *context,
                                       const Surrogate &surrogate) {
  onnx::GraphBuilder b(context);
  int64_t count = surrogate.standardizer.mean.size();
  mlir::Value features = b.input("features", {ShapedType::kDynamic, count});
  mlir::Value standardized = b.mul(
      b.op("Sub", {features, constant(b, surrogate.standardizer.mean, "mean")}),
      constant(b, surrogate.standardizer.scale, "scale"));
  mlir::Value inputs =
      b.op("Clip", {standardized, b.scalar(-kClip), b.scalar(kClip)});
  SmallVector<mlir::Value> scores;
  for (auto [index, member] : llvm::enumerate(surrogate.members))
    scores.push_back(
        buildMember(b, member, inputs, "member" + std::to_string(index)));
  mlir::Value far =
      b.op("Clip", {standardized, b.scalar(-kFar), b.scalar(kFar)});
  mlir::Value distance = b.op("ReduceMean", {b.mul(far, far), b.ints({1})},
                              {b.attr("keepdims", int64_t(0))});
  OwningOpRef<ModuleOp> module = b.finish(
      {{"scores", b.op("Concat", scores, {b.attr("axis", int64_t(1))})},
       {"distance", distance}},
      "surrogate");
  if (module)
    (*module)->setAttr(kMetadata, buildMetadata(context, surrogate));
  return module;
}

FailureOr<std::pair<std::string, Calibration>>
assay::predictor::readSurrogateMetadata(ModuleOp module) {
  auto metadata = module->getAttrOfType<DictionaryAttr>(kMetadata);
  std::pair<std::string, Calibration> result;
  Calibration &c = result.second;
  auto find = [&](StringRef key) -> StringRef {
    auto value = metadata ? metadata.getAs<StringAttr>(("assay." + key).str())
                          : StringAttr();
    return value ? value.getValue() : StringRef();
  };
  result.first = find("version").str();
  c.dataset = find("dataset").str();
  if (result.first.empty() || c.dataset.empty())
    return module.emitError("is no surrogate: its metadata lack assay.version "
                            "or assay.dataset");
  std::pair<StringRef, double *> numbers[] = {{"slope", &c.slope},
                                              {"intercept", &c.intercept},
                                              {"noise", &c.noise},
                                              {"inflation", &c.inflation},
                                              {"max_distance", &c.maxDistance}};
  for (auto [key, target] : numbers)
    if (find(key).getAsDouble(*target))
      return module.emitError("is no surrogate: its metadata lack a number "
                              "assay.")
             << key;
  return result;
}
