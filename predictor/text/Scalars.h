//===- Scalars.h - Numbers and strings as text ------------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TEXT_SCALARS_H
#define ASSAY_PREDICTOR_TEXT_SCALARS_H

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace assay::predictor {

/// The shortest text that reads back as the same number, always with a point or
/// an exponent: `1.0`, `1e-05`, `inf`. Every NaN is `nan`.
std::string printFloat(float value);
std::string printDouble(double value);

/// The number nearest to a decimal text, or nothing where it is none or the
/// format has no infinity or NaN.
std::optional<llvm::APFloat> parseReal(llvm::StringRef text,
                                       const llvm::fltSemantics &format);

/// In double quotes; a backslash escapes quotes, backslashes and, as `\n`, the
/// end of a line.
std::string printString(llvm::StringRef text);

/// Takes a quoted string from the front of `text`; false where none is there.
bool parseString(llvm::StringRef &text, std::string &string);

/// The parts between the commas that are in no string; none of an empty text.
llvm::SmallVector<llvm::StringRef> splitElements(llvm::StringRef text);

/// Length of the text up to the first `end` that is in no string, or npos.
size_t findOutsideStrings(llvm::StringRef text, llvm::StringRef end);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TEXT_SCALARS_H
