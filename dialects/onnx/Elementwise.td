//===- Elementwise.td - Elementwise operators -------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ELEMENTWISE_TD
#define ASSAY_DIALECTS_ONNX_ELEMENTWISE_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_ComparableTensor
    : Onnx_TensorOf<[I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, BF16,
                     F32, F64, Onnx_String]>;
def Onnx_CastableTensor
    : Onnx_TensorOf<[I1, I<2>, I<4>, I8, I16, I32, I64, UI<2>, UI<4>, UI8, UI16,
                     UI32, UI64, F4E2M1FN, F6E2M3FN, F6E3M2FN, F8E4M3FN,
                     F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0FNU, F16, BF16, F32,
                     F64, Onnx_String]>;

def Onnx_AbsOp : Onnx_Op<"Abs", 13, "T->T"> {
  let summary = "Abs";
  let arguments = (ins Onnx_NumericTensor:$X);
  let results = (outs Onnx_NumericTensor:$Y);
}

def Onnx_AcosOp : Onnx_Op<"Acos", 22, "T->T"> {
  let summary = "Acos";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_AcoshOp : Onnx_Op<"Acosh", 22, "T->T"> {
  let summary = "Acosh";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_AddOp : Onnx_Op<"Add", 14, "T,T->T"> {
  let summary = "Add";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_NumericTensor:$C);
}

def Onnx_AndOp : Onnx_Op<"And", 7, "i1,i1->i1"> {
  let summary = "And";
  let arguments = (ins Onnx_BoolTensor:$A,
                       Onnx_BoolTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_AsinOp : Onnx_Op<"Asin", 22, "T->T"> {
  let summary = "Asin";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_AsinhOp : Onnx_Op<"Asinh", 22, "T->T"> {
  let summary = "Asinh";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_AtanOp : Onnx_Op<"Atan", 22, "T->T"> {
  let summary = "Atan";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_AtanhOp : Onnx_Op<"Atanh", 22, "T->T"> {
  let summary = "Atanh";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_BitShiftOp : Onnx_Op<"BitShift", 28, "T,T->T"> {
  let summary = "BitShift";
  let arguments = (ins Onnx_IntTensor:$X,
                       Onnx_IntTensor:$Y,
                       StrAttr:$direction);
  let results = (outs Onnx_IntTensor:$Z);
}

def Onnx_BitwiseAndOp : Onnx_Op<"BitwiseAnd", 18, "T,T->T"> {
  let summary = "BitwiseAnd";
  let arguments = (ins Onnx_IntTensor:$A,
                       Onnx_IntTensor:$B);
  let results = (outs Onnx_IntTensor:$C);
}

def Onnx_BitwiseNotOp : Onnx_Op<"BitwiseNot", 18, "T->T"> {
  let summary = "BitwiseNot";
  let arguments = (ins Onnx_IntTensor:$X);
  let results = (outs Onnx_IntTensor:$Y);
}

def Onnx_BitwiseOrOp : Onnx_Op<"BitwiseOr", 18, "T,T->T"> {
  let summary = "BitwiseOr";
  let arguments = (ins Onnx_IntTensor:$A,
                       Onnx_IntTensor:$B);
  let results = (outs Onnx_IntTensor:$C);
}

def Onnx_BitwiseXorOp : Onnx_Op<"BitwiseXor", 18, "T,T->T"> {
  let summary = "BitwiseXor";
  let arguments = (ins Onnx_IntTensor:$A,
                       Onnx_IntTensor:$B);
  let results = (outs Onnx_IntTensor:$C);
}

def Onnx_CastOp : Onnx_Op<"Cast", 28, "T1->T2"> {
  let summary = "Cast";
  let arguments = (ins Onnx_CastableTensor:$input,
                       DefaultValuedStrAttr<StrAttr, "up">:$round_mode,
                       DefaultValuedAttr<I64Attr, "1">:$saturate,
                       OptionalAttr<TypeAttr>:$to);
  let results = (outs Onnx_CastableTensor:$output);
}

def Onnx_CastLikeOp : Onnx_Op<"CastLike", 25, "T1,T2->T2"> {
  let summary = "CastLike";
  let arguments = (ins Onnx_CastableTensor:$input,
                       Onnx_CastableTensor:$target_type,
                       DefaultValuedStrAttr<StrAttr, "up">:$round_mode,
                       DefaultValuedAttr<I64Attr, "1">:$saturate);
  let results = (outs Onnx_CastableTensor:$output);
}

def Onnx_CeilOp : Onnx_Op<"Ceil", 13, "T->T"> {
  let summary = "Ceil";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_CosOp : Onnx_Op<"Cos", 22, "T->T"> {
  let summary = "Cos";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_CoshOp : Onnx_Op<"Cosh", 22, "T->T"> {
  let summary = "Cosh";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_DivOp : Onnx_Op<"Div", 14, "T,T->T"> {
  let summary = "Div";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_NumericTensor:$C);
}

def Onnx_EqualOp : Onnx_Op<"Equal", 19, "T,T->i1"> {
  let summary = "Equal";
  let arguments = (ins Onnx_ComparableTensor:$A,
                       Onnx_ComparableTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_ErfOp : Onnx_Op<"Erf", 13, "T->T"> {
  let summary = "Erf";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_ExpOp : Onnx_Op<"Exp", 13, "T->T"> {
  let summary = "Exp";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_FloorOp : Onnx_Op<"Floor", 13, "T->T"> {
  let summary = "Floor";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_GreaterOp : Onnx_Op<"Greater", 13, "T,T->i1"> {
  let summary = "Greater";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_GreaterOrEqualOp : Onnx_Op<"GreaterOrEqual", 16, "T,T->i1"> {
  let summary = "GreaterOrEqual";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_IdentityOp : Onnx_Op<"Identity", 25, "V->V"> {
  let summary = "Identity";
  let arguments = (ins Onnx_AnyTensor:$input);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_IsInfOp : Onnx_Op<"IsInf", 20, "T1->i1"> {
  let summary = "IsInf";
  let arguments = (ins Onnx_TensorOf<[F16, BF16, F32, F64, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ]>:$X,
                       DefaultValuedAttr<I64Attr, "1">:$detect_negative,
                       DefaultValuedAttr<I64Attr, "1">:$detect_positive);
  let results = (outs Onnx_BoolTensor:$Y);
}

def Onnx_IsNaNOp : Onnx_Op<"IsNaN", 20, "T1->i1"> {
  let summary = "IsNaN";
  let arguments = (ins Onnx_TensorOf<[F16, BF16, F32, F64, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ]>:$X);
  let results = (outs Onnx_BoolTensor:$Y);
}

def Onnx_LessOp : Onnx_Op<"Less", 13, "T,T->i1"> {
  let summary = "Less";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_LessOrEqualOp : Onnx_Op<"LessOrEqual", 16, "T,T->i1"> {
  let summary = "LessOrEqual";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_LogOp : Onnx_Op<"Log", 13, "T->T"> {
  let summary = "Log";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_MaxOp : Onnx_Op<"Max", 13, "T...->T"> {
  let summary = "Max";
  let arguments = (ins Variadic<Onnx_NumericTensor>:$data_0);
  let results = (outs Onnx_NumericTensor:$max);
}

def Onnx_MeanOp : Onnx_Op<"Mean", 13, "T...->T"> {
  let summary = "Mean";
  let arguments = (ins Variadic<Onnx_FloatTensor>:$data_0);
  let results = (outs Onnx_FloatTensor:$mean);
}

def Onnx_MinOp : Onnx_Op<"Min", 13, "T...->T"> {
  let summary = "Min";
  let arguments = (ins Variadic<Onnx_NumericTensor>:$data_0);
  let results = (outs Onnx_NumericTensor:$min);
}

def Onnx_ModOp : Onnx_Op<"Mod", 28, "T,T->T"> {
  let summary = "Mod";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B,
                       DefaultValuedAttr<I64Attr, "0">:$fmod);
  let results = (outs Onnx_NumericTensor:$C);
}

def Onnx_MulOp : Onnx_Op<"Mul", 14, "T,T->T"> {
  let summary = "Mul";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_NumericTensor:$C);
}

def Onnx_NegOp : Onnx_Op<"Neg", 13, "T->T"> {
  let summary = "Neg";
  let arguments = (ins Onnx_SignedTensor:$X);
  let results = (outs Onnx_SignedTensor:$Y);
}

def Onnx_NotOp : Onnx_Op<"Not", 1, "i1->i1"> {
  let summary = "Not";
  let arguments = (ins Onnx_BoolTensor:$X);
  let results = (outs Onnx_BoolTensor:$Y);
}

def Onnx_OrOp : Onnx_Op<"Or", 7, "i1,i1->i1"> {
  let summary = "Or";
  let arguments = (ins Onnx_BoolTensor:$A,
                       Onnx_BoolTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

def Onnx_PowOp : Onnx_Op<"Pow", 15, "T,T1->T"> {
  let summary = "Pow";
  let arguments = (ins Onnx_TensorOf<[I32, I64, F16, BF16, F32, F64]>:$X,
                       Onnx_NumericTensor:$Y);
  let results = (outs Onnx_TensorOf<[I32, I64, F16, BF16, F32, F64]>:$Z);
}

def Onnx_ReciprocalOp : Onnx_Op<"Reciprocal", 13, "T->T"> {
  let summary = "Reciprocal";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_RoundOp : Onnx_Op<"Round", 22, "T->T"> {
  let summary = "Round";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_SignOp : Onnx_Op<"Sign", 13, "T->T"> {
  let summary = "Sign";
  let arguments = (ins Onnx_NumericTensor:$input);
  let results = (outs Onnx_NumericTensor:$output);
}

def Onnx_SinOp : Onnx_Op<"Sin", 22, "T->T"> {
  let summary = "Sin";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_SinhOp : Onnx_Op<"Sinh", 22, "T->T"> {
  let summary = "Sinh";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_SqrtOp : Onnx_Op<"Sqrt", 13, "T->T"> {
  let summary = "Sqrt";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_SubOp : Onnx_Op<"Sub", 14, "T,T->T"> {
  let summary = "Sub";
  let arguments = (ins Onnx_NumericTensor:$A,
                       Onnx_NumericTensor:$B);
  let results = (outs Onnx_NumericTensor:$C);
}

def Onnx_SumOp : Onnx_Op<"Sum", 13, "T...->T"> {
  let summary = "Sum";
  let arguments = (ins Variadic<Onnx_FloatTensor>:$data_0);
  let results = (outs Onnx_FloatTensor:$sum);
}

def Onnx_TanOp : Onnx_Op<"Tan", 22, "T->T"> {
  let summary = "Tan";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_WhereOp : Onnx_Op<"Where", 16, "i1,T,T->T"> {
  let summary = "Where";
  let arguments = (ins Onnx_BoolTensor:$condition,
                       Onnx_AnyTensor:$X,
                       Onnx_AnyTensor:$Y);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_XorOp : Onnx_Op<"Xor", 7, "i1,i1->i1"> {
  let summary = "Xor";
  let arguments = (ins Onnx_BoolTensor:$A,
                       Onnx_BoolTensor:$B);
  let results = (outs Onnx_BoolTensor:$C);
}

#endif
