//===- ModelParts.cpp - Pieces of surrogates as ONNX ops ------------------===//

#include "predictor/surrogate/ModelParts.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;

static constexpr StringLiteral kMetadata = "onnx.metadata_props";

mlir::Value assay::predictor::buildConstant(onnx::GraphBuilder &b,
                                            const Matrix &matrix,
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

mlir::Value assay::predictor::buildStandardizer(
    onnx::GraphBuilder &b, const Standardizer &standardizer, mlir::Value x,
    float clip, const std::string &name) {
  x = b.mul(
      b.op("Sub", {x, buildConstant(b, standardizer.mean, name + ".mean")}),
      buildConstant(b, standardizer.scale, name + ".scale"));
  return b.op("Clip", {x, b.scalar(-clip), b.scalar(clip)});
}

/// |x - p|^2 = |x|^2 + (|p|^2 - 2 x p), of which the bracket is one Gemm over
/// all prototypes p.
mlir::Value assay::predictor::buildDistance(onnx::GraphBuilder &b,
                                            const Familiarity &familiarity,
                                            mlir::Value features) {
  const Matrix &prototypes = familiarity.prototypes;
  mlir::Value x = buildStandardizer(b, familiarity.standardizer, features, kFar,
                                    "familiarity");
  mlir::Value nearest = b.op(
      "ReduceMin",
      {b.op("Gemm",
            {x, buildConstant(b, -2 * prototypes.transpose(), "prototypes"),
             buildConstant(b, prototypes.rowwise().squaredNorm().transpose(),
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

static DictionaryAttr buildMetadata(MLIRContext *context, StringRef version,
                                    const Calibration &c) {
  Builder builder(context);
  SmallVector<NamedAttribute> entries;
  auto add = [&](StringRef key, const std::string &value) {
    entries.push_back(builder.getNamedAttr(("assay." + key).str(),
                                           builder.getStringAttr(value)));
  };
  if (!version.empty())
    add("version", version.str());
  add("dataset", c.dataset);
  add("slope", print(c.slope));
  add("intercept", print(c.intercept));
  add("noise", print(c.noise));
  add("inflation", print(c.inflation));
  add("max_distance", print(c.maxDistance));
  return builder.getDictionaryAttr(entries);
}

OwningOpRef<ModuleOp>
assay::predictor::finishSurrogate(onnx::GraphBuilder &b, mlir::Value scores,
                                  mlir::Value distance, StringRef version,
                                  const Calibration &calibration) {
  OwningOpRef<ModuleOp> module =
      b.finish({{"scores", scores}, {"distance", distance}}, "surrogate");
  if (module)
    (*module)->setAttr(
        kMetadata, buildMetadata(module->getContext(), version, calibration));
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
  if (c.dataset.empty())
    return module.emitError("is no surrogate: its metadata lack assay.dataset");
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
