//===- Einsum.cpp - Einsum equations --------------------------------------===//

#include "dialects/onnx/Einsum.h"
#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>

using namespace mlir;
using namespace assay::onnx;

namespace {
/// One operand or the output as written: letters before and after the ellipsis.
struct Term {
  std::string before, after;
  bool ellipsis = false;
};
} // namespace

static FailureOr<Term> parseTerm(StringRef text, std::string &error) {
  Term term;
  while (!text.empty()) {
    if (text.consume_front("...")) {
      if (term.ellipsis) {
        error = "a term has more than one ellipsis";
        return failure();
      }
      term.ellipsis = true;
      continue;
    }
    if (!llvm::isAlpha(text.front())) {
      error = llvm::formatv("'{0}' is no letter, ellipsis, comma or arrow",
                            text.front());
      return failure();
    }
    (term.ellipsis ? term.after : term.before) += text.front();
    text = text.drop_front();
  }
  return term;
}

/// The output term of an equation without "->".
static Term getImplicitOutput(ArrayRef<Term> inputs) {
  std::map<char, unsigned> count;
  Term output;
  for (const Term &term : inputs) {
    output.ellipsis |= term.ellipsis;
    for (char letter : term.before + term.after)
      ++count[letter];
  }
  for (auto [letter, times] : count)
    if (times == 1)
      output.after += letter;
  return output;
}

FailureOr<EinsumEquation> EinsumEquation::parse(StringRef text,
                                                ArrayRef<int64_t> ranks,
                                                std::string &error) {
  std::string compact;
  for (char c : text)
    if (c != ' ')
      compact += c;
  StringRef equation = compact;
  bool isExplicit = equation.contains("->");
  auto [left, right] = equation.split("->");
  SmallVector<StringRef> texts;
  left.split(texts, ',');
  if (texts.size() != ranks.size()) {
    error = llvm::formatv("the equation has {0} input terms for {1} inputs",
                          texts.size(), ranks.size());
    return failure();
  }

  SmallVector<Term> terms;
  std::optional<int64_t> ellipsisRank;
  for (auto [position, term] : llvm::enumerate(texts)) {
    FailureOr<Term> parsed = parseTerm(term, error);
    if (failed(parsed))
      return failure();
    int64_t letters = parsed->before.size() + parsed->after.size();
    if (parsed->ellipsis ? letters > ranks[position]
                         : letters != ranks[position]) {
      error = llvm::formatv("term '{0}' has {1} letters for input {2} of rank "
                            "{3}",
                            term, letters, position, ranks[position]);
      return failure();
    }
    if (parsed->ellipsis)
      ellipsisRank =
          std::max(ellipsisRank.value_or(0), ranks[position] - letters);
    terms.push_back(*parsed);
  }

  EinsumEquation result;
  unsigned numEllipsis = ellipsisRank.value_or(0);
  std::map<char, unsigned> labels;
  result.numLabels = numEllipsis;
  auto number = [&](StringRef letters, SmallVector<unsigned> &into) {
    for (char letter : letters) {
      auto [entry, isNew] = labels.try_emplace(letter, result.numLabels);
      result.numLabels += isNew;
      into.push_back(entry->second);
    }
  };
  for (auto [term, rank] : llvm::zip_equal(terms, ranks)) {
    SmallVector<unsigned> &dims = result.inputs.emplace_back();
    number(term.before, dims);
    // A shorter ellipsis broadcasts: it stands for the trailing dimensions.
    int64_t own =
        term.ellipsis ? rank - term.before.size() - term.after.size() : 0;
    for (unsigned label = numEllipsis - own; label < numEllipsis; ++label)
      dims.push_back(label);
    number(term.after, dims);
  }

  FailureOr<Term> output =
      isExplicit ? parseTerm(right, error) : getImplicitOutput(terms);
  if (failed(output))
    return failure();
  std::string letters = output->before + output->after;
  for (auto [position, letter] : llvm::enumerate(letters)) {
    if (!labels.count(letter)) {
      error = llvm::formatv("output letter '{0}' is in no input term", letter);
      return failure();
    }
    if (letters.find(letter, position + 1) != std::string::npos) {
      error = llvm::formatv("output letter '{0}' is repeated", letter);
      return failure();
    }
  }
  if (output->ellipsis && !ellipsisRank) {
    error = "the output has an ellipsis, but no input term has one";
    return failure();
  }
  number(output->before, result.output);
  if (output->ellipsis)
    for (unsigned label = 0; label < numEllipsis; ++label)
      result.output.push_back(label);
  number(output->after, result.output);
  return result;
}

FailureOr<SmallVector<int64_t>>
EinsumEquation::getLabelSizes(ArrayRef<ArrayRef<int64_t>> shapes,
                              std::string &error) const {
  SmallVector<int64_t> sizes(numLabels, 1);
  for (auto [position, labels] : llvm::enumerate(inputs))
    for (auto [dim, label] : llvm::enumerate(labels)) {
      int64_t size = shapes[position][dim];
      int64_t &known = sizes[label];
      if (size == known || size == 1)
        continue;
      if (ShapedType::isDynamic(size)) {
        if (known == 1)
          known = size;
        continue;
      }
      if (known != 1 && !ShapedType::isDynamic(known)) {
        error = llvm::formatv("dimension {0} of input {1} is {2}, but the same "
                              "label is {3} before",
                              dim, position, size, known);
        return failure();
      }
      known = size;
    }
  return sizes;
}
