//===- OnnxNetText.h - The text of the ONNX-Net paper -----------*- C++ -*-===//
//
// The `chain_slim` form of "ONNX-Net: Towards Universal Representations and
// Instant Performance Prediction for Neural Architectures" (arXiv 2510.04938):
//
//   Relu(Value1) --> Conv(prev, Param[16,16,3,3])(pads=1) --> Value2:1x16x8x8
//   Add(Value2, prev) --> Value3:1x16x8x8
//
// It loses things: a value inside a chain has no name and reads `prev` wherever
// it is used, and only attributes that are lists are shown. Kept as published,
// to compare with; LosslessText.h is what Assay works on.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_TEXT_ONNXNETTEXT_H
#define ASSAY_PREDICTOR_TEXT_ONNXNETTEXT_H

#include "predictor/graph/Graph.h"

namespace assay::predictor {

/// Prints the graph, simplified, in its present order.
std::string printOnnxNet(Graph graph);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TEXT_ONNXNETTEXT_H
