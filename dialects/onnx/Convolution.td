//===- Convolution.td - Convolution operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_CONVOLUTION_TD
#define ASSAY_DIALECTS_ONNX_CONVOLUTION_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_ConvOp : Onnx_Op<"Conv", 22, "T,T,T?->T"> {
  let summary = "Conv";
  // channels_last is ours, set by layout planning and never exported: X and the
  // result are N x spatial x C instead of N x C x spatial; W stays as it is.
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$W,
                       Optional<Onnx_FloatTensor>:$B,
                       DefaultValuedStrAttr<StrAttr, "NOTSET">:$auto_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<I64Attr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides,
                       UnitAttr:$channels_last);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_ConvTransposeOp : Onnx_Op<"ConvTranspose", 22, "T,T,T?->T"> {
  let summary = "ConvTranspose";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$W,
                       Optional<Onnx_FloatTensor>:$B,
                       DefaultValuedStrAttr<StrAttr, "NOTSET">:$auto_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DefaultValuedAttr<I64Attr, "1">:$group,
                       OptionalAttr<DenseI64ArrayAttr>:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$output_padding,
                       OptionalAttr<DenseI64ArrayAttr>:$output_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_FloatTensor:$Y);
}

#endif
