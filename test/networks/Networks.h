//===- Networks.h - Well-known networks with random weights -----*- C++ -*-===//
//
// Whole networks for tests and benchmarks, as common exporters write them:
// seeded weights, scaled so that activations keep their order of magnitude.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_TEST_NETWORKS_NETWORKS_H
#define ASSAY_TEST_NETWORKS_NETWORKS_H

#include "dialects/onnx/GraphBuilder.h"

namespace assay::networks {

struct NamedNetwork {
  llvm::StringRef name;
  llvm::StringRef summary;
  /// Side of the square image, or tokens in the sequence.
  int64_t defaultSize;
  /// Adds the graph for one sample of that size; the outputs by name.
  llvm::SmallVector<std::pair<llvm::StringRef, mlir::Value>> (*build)(
      onnx::GraphBuilder &b, int64_t size);
};

/// All networks, in order of name.
llvm::ArrayRef<NamedNetwork> getNetworks();

/// The network of this name, or null.
const NamedNetwork *lookupNetwork(llvm::StringRef name);

/// Null, after an error, when the network cannot have that size; 0 is its
/// default size.
mlir::OwningOpRef<mlir::ModuleOp> buildNetwork(const NamedNetwork &network,
                                               mlir::MLIRContext *context,
                                               int64_t size = 0,
                                               uint64_t seed = 0);

using Outputs = llvm::SmallVector<std::pair<llvm::StringRef, mlir::Value>>;

/// He et al., "Deep Residual Learning for Image Recognition", 2016; the stride
/// of a bottleneck is in its 3x3 convolution, as in torchvision.
Outputs buildResNet50(onnx::GraphBuilder &b, int64_t size);
/// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
/// 2018.
Outputs buildMobileNetV2(onnx::GraphBuilder &b, int64_t size);
/// Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
/// Networks", 2019.
Outputs buildEfficientNetB0(onnx::GraphBuilder &b, int64_t size);
/// Touvron et al., "Training data-efficient image transformers", 2021: DeiT-Ti,
/// patches of 16.
Outputs buildViTTiny(onnx::GraphBuilder &b, int64_t size);
/// Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers",
/// 2019: the encoder with its pooler; at most 512
/// tokens.
Outputs buildBertBase(onnx::GraphBuilder &b, int64_t size);
/// The same with 2 layers, 128 features, 2 heads (BERT-Tiny).
Outputs buildBertTiny(onnx::GraphBuilder &b, int64_t size);
/// Embedding, two bidirectional LSTM layers, a classifier over their last
/// states.
Outputs buildLstmClassifier(onnx::GraphBuilder &b, int64_t size);

} // namespace assay::networks

#endif // ASSAY_TEST_NETWORKS_NETWORKS_H
