//===- OperatorVersions.h - When operators came -----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_OPERATORVERSIONS_H
#define ASSAY_COMPILER_IMPORT_OPERATORVERSIONS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace assay {

/// The oldest opset whose form of `operatorName` is read: the operator's first,
/// or that of its last change before opset 7 where the older form is of no use
/// today (ONNX Operators.md, Changelog.md).
int64_t getFirstOpset(llvm::StringRef operatorName);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_OPERATORVERSIONS_H
