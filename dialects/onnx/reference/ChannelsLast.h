//===- ChannelsLast.h - N x C x spatial from and to N x spatial x C -------===//

#ifndef ASSAY_DIALECTS_ONNX_REFERENCE_CHANNELSLAST_H
#define ASSAY_DIALECTS_ONNX_REFERENCE_CHANNELSLAST_H

#include "dialects/onnx/reference/Tensor.h"

namespace assay::onnx {

/// N x spatial x C as N x C x spatial.
Tensor toChannelsFirst(const Tensor &tensor);

/// N x C x spatial as N x spatial x C.
Tensor toChannelsLast(const Tensor &tensor);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_REFERENCE_CHANNELSLAST_H
