//===- Networks.cpp - The table of networks -------------------------------===//

#include "test/networks/Networks.h"

using namespace mlir;
using namespace assay::networks;
using namespace assay::onnx;

ArrayRef<NamedNetwork> assay::networks::getNetworks() {
  static const NamedNetwork networks[] = {
      {"bert-base", "BERT encoder, 12 layers of 768", 128, buildBertBase},
      {"bert-tiny", "BERT encoder, 2 layers of 128", 128, buildBertTiny},
      {"efficientnet-b0", "EfficientNet-B0", 224, buildEfficientNetB0},
      {"lstm", "bidirectional LSTM classifier", 32, buildLstmClassifier},
      {"mobilenetv2", "MobileNetV2", 224, buildMobileNetV2},
      {"resnet50", "ResNet-50", 224, buildResNet50},
      {"vit-tiny", "Vision Transformer, 12 layers of 192", 224, buildViTTiny}};
  return networks;
}

const NamedNetwork *assay::networks::lookupNetwork(StringRef name) {
  for (const NamedNetwork &network : getNetworks())
    if (network.name == name)
      return &network;
  return nullptr;
}

OwningOpRef<ModuleOp> assay::networks::buildNetwork(const NamedNetwork &network,
                                                    MLIRContext *context,
                                                    int64_t size,
                                                    uint64_t seed) {
  GraphBuilder b(context, seed);
  Outputs outputs = network.build(b, size > 0 ? size : network.defaultSize);
  return b.finish(outputs, network.name);
}
