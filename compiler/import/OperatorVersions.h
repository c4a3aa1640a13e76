//===- OperatorVersions.h - When operators came -----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_OPERATORVERSIONS_H
#define ASSAY_COMPILER_IMPORT_OPERATORVERSIONS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace assay {

/// The first opset with `operatorName`, for operators of the dialect that came
/// after opset 7; 7 for the others (ONNX Operators.md, Changelog.md).
int64_t getFirstOpset(llvm::StringRef operatorName);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_OPERATORVERSIONS_H
