//===- Scalars.cpp - Numbers and strings as text --------------------------===//

#include "predictor/text/Scalars.h"
#include "llvm/Support/Error.h"
#include <charconv>
#include <cmath>

using namespace assay::predictor;
using llvm::APFloat;
using llvm::StringRef;

template <typename Real> static std::string printReal(Real value) {
  if (std::isnan(value))
    return "nan";
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  std::string text(buffer, end);
  if (text.find_first_of(".en") == std::string::npos) // inf has an n
    text += ".0";
  return text;
}

std::string assay::predictor::printFloat(float value) {
  return printReal(value);
}

std::string assay::predictor::printDouble(double value) {
  return printReal(value);
}

std::optional<APFloat>
assay::predictor::parseReal(StringRef text, const llvm::fltSemantics &format) {
  if ((text.contains("inf") && !APFloat::semanticsHasInf(format)) ||
      (text.contains("nan") && !APFloat::semanticsHasNaN(format)))
    return std::nullopt;
  APFloat value(format);
  llvm::Expected<APFloat::opStatus> status =
      value.convertFromString(text, APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return std::nullopt;
  }
  if (*status & ~(APFloat::opInexact | APFloat::opUnderflow))
    return std::nullopt;
  return value;
}

std::string assay::predictor::printString(StringRef text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    if (c == '\n')
      quoted += "\\n";
    else
      quoted += c;
  }
  return quoted + '"';
}

bool assay::predictor::parseString(StringRef &text, std::string &string) {
  if (!text.consume_front("\""))
    return false;
  while (!text.empty() && text.front() != '"') {
    bool escaped = text.consume_front("\\");
    if (text.empty())
      return false;
    char c = text.front();
    text = text.drop_front();
    string += escaped && c == 'n' ? '\n' : c;
  }
  return text.consume_front("\"");
}

size_t assay::predictor::findOutsideStrings(StringRef text, StringRef end) {
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && end.contains(text[i]))
      return i;
  }
  return StringRef::npos;
}

llvm::SmallVector<StringRef> assay::predictor::splitElements(StringRef text) {
  llvm::SmallVector<StringRef> parts;
  if (text.empty())
    return parts;
  while (true) {
    size_t comma = findOutsideStrings(text, ",");
    parts.push_back(text.take_front(comma));
    if (comma == StringRef::npos)
      return parts;
    text = text.drop_front(comma + 1);
  }
}
