//===- OperatorVersions.cpp - When operators came -------------------------===//

#include "compiler/import/OperatorVersions.h"
#include "llvm/ADT/StringMap.h"

int64_t assay::getFirstOpset(llvm::StringRef operatorName) {
  static const llvm::StringMap<int64_t> firstOpsets = {
      {"Acosh", 9},
      {"Asinh", 9},
      {"Atanh", 9},
      {"BitShift", 11},
      {"BitwiseAnd", 18},
      {"BitwiseNot", 18},
      {"BitwiseOr", 18},
      {"BitwiseXor", 18},
      {"CastLike", 15},
      {"Celu", 12},
      {"Compress", 9},
      {"ConstantOfShape", 9},
      {"Cosh", 9},
      {"CumSum", 11},
      {"DequantizeLinear", 10},
      {"DynamicQuantizeLinear", 11},
      {"Einsum", 12},
      {"Erf", 9},
      {"Expand", 8},
      {"EyeLike", 9},
      {"GatherElements", 11},
      {"GatherND", 11},
      {"Gelu", 20},
      {"GreaterOrEqual", 12},
      {"GroupNormalization", 18},
      {"HardSwish", 14},
      {"IsInf", 10},
      {"IsNaN", 9},
      {"LayerNormalization", 17},
      {"LessOrEqual", 12},
      {"MeanVarianceNormalization", 9},
      {"Mish", 18},
      {"Mod", 10},
      {"OneHot", 9},
      {"QuantizeLinear", 10},
      {"RMSNormalization", 23},
      {"Range", 11},
      {"Resize", 10},
      {"ReverseSequence", 10},
      {"Round", 11},
      {"ScatterElements", 11},
      {"ScatterND", 11},
      {"Shrink", 9},
      {"Sign", 9},
      {"Sinh", 9},
      {"Swish", 24},
      {"ThresholdedRelu", 10},
      {"Trilu", 14},
      {"Where", 9}};
  auto found = firstOpsets.find(operatorName);
  return found == firstOpsets.end() ? 7 : found->second;
}
