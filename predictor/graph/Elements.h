//===- Elements.h - Element types and constants as text ---------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_GRAPH_ELEMENTS_H
#define ASSAY_PREDICTOR_GRAPH_ELEMENTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "predictor/graph/Graph.h"

namespace assay::predictor {

/// The IR spelling ("f16", "ui8", "i1"), but "string", "complex64" and
/// "complex128" for the types whose spelling is no single word.
std::string spellElementType(mlir::Type type);

/// The type of that spelling, or null where tensors cannot have it.
mlir::Type parseElementType(mlir::MLIRContext *context, llvm::StringRef name);

/// The elements in row-major order: "1,-1,512", "0.5,inf", "1.0:-2.0" for a
/// complex number, quoted strings; bools are 0 and 1. Nothing where the
/// constant holds no readable data.
std::optional<std::string> printElements(mlir::ElementsAttr elements);

/// Reads what printElements writes; a single element stands for all of them.
/// Null where an element is no value of the type or their number is another.
mlir::DenseElementsAttr parseElements(mlir::RankedTensorType type,
                                      llvm::StringRef text);

/// All zero, or empty strings.
mlir::DenseElementsAttr makeZeros(mlir::RankedTensorType type);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_GRAPH_ELEMENTS_H
