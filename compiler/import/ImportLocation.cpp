//===- ImportLocation.cpp - Locations of files and nodes ------------------===//

#include "compiler/import/ImportLocation.h"
#include "compiler/import/Import.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

Location assay::getFileLoc(MLIRContext *context, StringRef file) {
  return FileLineColLoc::get(context, file, /*line=*/0, /*column=*/0);
}

Location assay::getOperatorLoc(Location fileLoc, StringRef operatorName) {
  MLIRContext *context = fileLoc.getContext();
  return FusedLoc::get(context, {fileLoc},
                       StringAttr::get(context, operatorName));
}

Location assay::getNodeLoc(Location operatorLoc, StringRef node) {
  return NameLoc::get(StringAttr::get(operatorLoc.getContext(), node),
                      operatorLoc);
}

Location assay::getValueLoc(Location fileLoc, StringRef name) {
  return NameLoc::get(StringAttr::get(fileLoc.getContext(), name), fileLoc);
}

/// Drops the "'onnx.Conv' op " that emitOpError puts first.
static StringRef dropOpPrefix(StringRef message) {
  StringRef rest = message;
  if (!rest.consume_front("'onnx."))
    return message;
  size_t end = rest.find("' op ");
  return end == StringRef::npos ? message : rest.drop_front(end + 5);
}

std::string assay::formatDiagnostic(Diagnostic &diagnostic) {
  std::string message = diagnostic.str();
  std::string text;
  llvm::raw_string_ostream stream(text);
  Location loc = diagnostic.getLocation();
  StringAttr node;
  StringAttr operatorName;
  if (auto name = dyn_cast<NameLoc>(loc)) {
    node = name.getName();
    loc = name.getChildLoc();
  }
  if (auto fused = dyn_cast<FusedLoc>(loc);
      fused && fused.getLocations().size() == 1) {
    operatorName = dyn_cast_or_null<StringAttr>(fused.getMetadata());
    loc = fused.getLocations().front();
  }
  auto file = dyn_cast<FileLineColLoc>(loc);
  if (!file || file.getLine() != 0) {
    if (node && isa<UnknownLoc>(loc))
      stream << node.getValue() << ": ";
    else if (!isa<UnknownLoc>(diagnostic.getLocation()))
      stream << diagnostic.getLocation() << ": ";
    stream << message;
    return text;
  }
  stream << file.getFilename().getValue() << ": ";
  if (!node)
    stream << message;
  else if (operatorName)
    stream << "node '" << node.getValue() << "' (" << operatorName.getValue()
           << "): " << dropOpPrefix(message);
  else
    stream << "'" << node.getValue() << "': " << dropOpPrefix(message);
  return text;
}
