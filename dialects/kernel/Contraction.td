//===- Contraction.td - Packed contractions --------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_CONTRACTION_TD
#define ASSAY_DIALECTS_KERNEL_CONTRACTION_TD

include "dialects/kernel/KernelBase.td"
include "mlir/IR/CommonTypeConstraints.td"

// Packed operands hold columns in panels of 32 (kPanelColumns): element (k, n)
// lies at [n / 32, k, n % 32]; columns beyond the last are zero.
class Kernel_Contraction<string mnemonic>
    : Kernel_Op<mnemonic, [Pure, DestinationStyleOpInterface,
          DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                    ["reifyResultShapes"]>,
          TypesMatchWith<"the result has the type of the init", "init", "result",
                         "$_self">]> {
  let results = (outs RankedTensorOf<[F32]>:$result);
  let hasVerifier = 1;
  code dpsInits = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
  let extraClassDeclaration = dpsInits;
}

def Kernel_MatMulOp : Kernel_Contraction<"matmul"> {
  let summary = "a batch of matrix products";
  let description = [{
    `init[batch..., m, n] = sum over k of lhs[batch..., m, k] * rhs(k, n)`.

    | form | rhs | batch dimensions |
    |---|---|---|
    | `packed` | [ceil(N / 32), K, 32] | those of lhs and init are equal |
    | `transposed` | [batch..., N, K] | broadcast, all operands of one rank |
    | neither | [batch..., K, N] | broadcast, all operands of one rank |

    ```mlir
    %c = kernel.matmul packed ins(%a, %b : tensor<8x64xf32>, tensor<2x64x32xf32>)
                              outs(%e : tensor<8x40xf32>)
    ```
  }];
  let arguments = (ins RankedTensorOf<[F32]>:$lhs, RankedTensorOf<[F32]>:$rhs,
                       RankedTensorOf<[F32]>:$init, UnitAttr:$packed,
                       UnitAttr:$transposed);
  let assemblyFormat = [{
    (`packed` $packed^)? (`transposed` $transposed^)?
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict
  }];
}

defvar Kernel_convolutionArguments = (ins
    RankedTensorOf<[F32]>:$input, RankedTensorOf<[F32]>:$filter,
    RankedTensorOf<[F32]>:$init, DenseI64ArrayAttr:$kernel_shape,
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads,
    DenseI64ArrayAttr:$dilations);

class Kernel_Convolution<string mnemonic> : Kernel_Contraction<mnemonic> {
  let assemblyFormat = [{
    `ins` `(` $input `,` $filter `:` type($input) `,` type($filter) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict
  }];
}

def Kernel_Conv2DOp : Kernel_Convolution<"conv2d"> {
  let summary = "2-D convolution, NHWC";
  let description = [{
    input [N, H, W, C], init [N, OH, OW, O]. The filter is packed: panels of 32
    output channels of one group after the other, each
    [kernel height * kernel width * C / group, 32]; [group * ceil(O / group / 32),
    KH * KW * C / group, 32] in all. `pads` are top, left, bottom, right.
    W and OW are static unless all pads are zero.
  }];
  let arguments = !con(Kernel_convolutionArguments,
                       (ins DefaultValuedAttr<I64Attr, "1">:$group));
}

def Kernel_DepthwiseConv2DOp : Kernel_Convolution<"depthwise_conv2d"> {
  let summary = "2-D convolution of each channel with its own filter, NHWC";
  let description = [{
    input [N, H, W, C], filter [kernel height * kernel width, C],
    init [N, OH, OW, C]. `pads` are top, left, bottom, right. W and OW are static
    unless all pads are zero.
  }];
  let arguments = Kernel_convolutionArguments;
}

def Kernel_WinogradConv2DOp : Kernel_Contraction<"winograd_conv2d"> {
  let summary = "3 x 3 convolution of stride 1 by tiles of 4 x 4 pixels, NHWC";
  let description = [{
    All shapes are static; the channels of the input are a multiple of 16, those
    of the init of 32. The filter [36 * O / 32, C, 32] holds for each panel of
    output channels the 36 matrices of the transform, row-major. `pads` are top,
    left, bottom, right.
  }];
  let arguments = (ins RankedTensorOf<[F32]>:$input,
                       RankedTensorOf<[F32]>:$filter,
                       RankedTensorOf<[F32]>:$init, DenseI64ArrayAttr:$pads);
  let assemblyFormat = [{
    `ins` `(` $input `,` $filter `:` type($input) `,` type($filter) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict
  }];
}

#endif // ASSAY_DIALECTS_KERNEL_CONTRACTION_TD
