//===- OnnxAssembly.cpp - The shared assembly format ----------------------===//

#include "dialects/onnx/OnnxOp.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace assay::onnx;

static constexpr StringLiteral kSegments = "operandSegmentSizes";

/// operands ::= `(` ((ssa-use | `_`) (`,` (ssa-use | `_`))*)? `)`
static ParseResult
parseInputs(OpAsmParser &parser,
            SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands,
            SmallVectorImpl<bool> &present) {
  return parser.parseCommaSeparatedList(
      OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
        if (succeeded(parser.parseOptionalKeyword("_"))) {
          present.push_back(false);
          return success();
        }
        present.push_back(true);
        return parser.parseOperand(operands.emplace_back());
      });
}

ParseResult assay::onnx::detail::parseOnnxOp(OpAsmParser &parser,
                                             OperationState &state,
                                             StringRef text) {
  const Signature &signature = Signature::get(text);
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<bool> present;
  SMLoc loc = parser.getCurrentLocation();
  FunctionType type;
  if (parseInputs(parser, operands, present) ||
      parser.parseOptionalAttrDict(state.attributes) || parser.parseColon() ||
      parser.parseType(type) ||
      parser.resolveOperands(operands, type.getInputs(), loc, state.operands))
    return failure();
  state.addTypes(type.getResults());

  size_t formal = signature.inputs.size();
  bool variadic = signature.hasVariadicInput();
  if (present.size() > formal && !variadic)
    return parser.emitError(loc) << "takes at most " << formal
                                 << " inputs, but has " << present.size();
  if (!signature.needsSegments())
    return success();
  SmallVector<int32_t> segments;
  for (size_t position = 0; position < formal; ++position) {
    if (variadic && position + 1 == formal)
      segments.push_back(present.size() > position ? present.size() - position
                                                   : 0);
    else
      segments.push_back(position < present.size() && present[position]);
  }
  state.addAttribute(kSegments,
                     parser.getBuilder().getDenseI32ArrayAttr(segments));
  return success();
}

void assay::onnx::detail::printOnnxOp(OpAsmPrinter &printer, Operation *op) {
  printer << '(';
  llvm::interleaveComma(cast<OnnxOp>(op).getOnnxInputs(), printer,
                        [&](Value input) {
                          if (input)
                            printer.printOperand(input);
                          else
                            printer << '_';
                        });
  printer << ')';
  printer.printOptionalAttrDict(op->getAttrs(), {kSegments});
  printer << " : ";
  printer.printFunctionalType(op);
}
