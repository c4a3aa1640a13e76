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

/// clip((x - mean) * scale)
static mlir::Value buildStandardizer(onnx::GraphBuilder &b,
                                     const Standardizer &standardizer,
                                     mlir::Value x, float clip,
                                     const std::string &name) {
  x = b.mul(b.op("Sub", {x, constant(b, standardizer.mean, name + ".mean")}),
            constant(b, standardizer.scale, name + ".scale"));
  return b.op("Clip", {x, b.scalar(-clip), b.scalar(clip)});
}

/// |x - p|^2 = |x|^2 + (|p|^2 - 2 x p), of which the bracket is one Gemm over
/// all prototypes p.
static mlir::Value buildDistance(onnx::GraphBuilder &b,
                                 const Familiarity &familiarity,
                                 mlir::Value features) {
  const Matrix &prototypes = familiarity.prototypes;
  mlir::Value x = buildStandardizer(b, familiarity.standardizer, features, kFar,
                                    "familiarity");
  mlir::Value nearest = b.op(
      "ReduceMin",
      {b.op("Gemm", {x, constant(b, -2 * prototypes.transpose(), "prototypes"),
                     constant(b, prototypes.rowwise().squaredNorm().transpose(),
                              "prototypes.squared")}),
       b.ints({1})},
      {b.attr("keepdims", int64_t(0))});
  mlir::Value square = b.op("ReduceSumSquare", {x, b.ints({1})},
                            {b.attr("keepdims", int64_t(0))});
  return b.relu(b.add(square, nearest));
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
  mlir::Value inputs = buildStandardizer(b, surrogate.standardizer, features,
                                         kClip, "standardizer");
  SmallVector<mlir::Value> scores;
  for (auto [index, member] : llvm::enumerate(surrogate.members))
    scores.push_back(
        buildMember(b, member, inputs, "member" + std::to_string(index)));
  OwningOpRef<ModuleOp> module = b.finish(
      {{"scores", b.op("Concat", scores, {b.attr("axis", int64_t(1))})},
       {"distance", buildDistance(b, surrogate.familiarity, features)}},
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
