//===- Dispatch.cpp - Dispatches and kernel calls -------------------------===//

#include "dialects/kernel/Dispatch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace assay::kernel;

#define GET_OP_CLASSES
#include "dialects/kernel/Dispatch.cpp.inc"

void KernelDialect::registerDispatchOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/kernel/Dispatch.cpp.inc"
      >();
}

/// The shape of each result is that of the init it overwrites.
static LogicalResult reifyFromInits(OpBuilder &builder, Operation *op,
                                    OperandRange inits,
                                    ReifiedRankedShapedTypeDims &shapes) {
  for (Value init : inits)
    shapes.push_back(tensor::getMixedSizes(builder, op->getLoc(), init));
  return success();
}

//===----------------------------------------------------------------------===//
// DispatchOp
//===----------------------------------------------------------------------===//

void DispatchOp::build(OpBuilder &builder, OperationState &state,
                       ValueRange inputs, ValueRange inits) {
  state.addOperands(inputs);
  state.addOperands(inits);
  state.addTypes(inits.getTypes());
  state.addAttribute(
      getOperandSegmentSizesAttrName(state.name),
      builder.getDenseI32ArrayAttr({static_cast<int32_t>(inputs.size()),
                                    static_cast<int32_t>(inits.size())}));
  OpBuilder::InsertionGuard guard(builder);
  Region *body = state.addRegion();
  Block *block = builder.createBlock(body);
  for (Value operand : llvm::concat<Value>(inputs, inits))
    block->addArgument(operand.getType(), operand.getLoc());
}

/// `keyword(%arg = %operand : type, ...)`, absent when there are none.
static ParseResult
parseAssignments(OpAsmParser &parser, StringRef keyword,
                 SmallVectorImpl<OpAsmParser::Argument> &arguments,
                 SmallVectorImpl<Value> &operands) {
  if (failed(parser.parseOptionalKeyword(keyword)))
    return success();
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&]() {
    OpAsmParser::Argument argument;
    OpAsmParser::UnresolvedOperand operand;
    if (parser.parseArgument(argument) || parser.parseEqual() ||
        parser.parseOperand(operand) || parser.parseColonType(argument.type) ||
        parser.resolveOperand(operand, argument.type, operands))
      return failure();
    arguments.push_back(argument);
    return success();
  });
}

ParseResult DispatchOp::parse(OpAsmParser &parser, OperationState &state) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Value> operands;
  if (parseAssignments(parser, "ins", arguments, operands))
    return failure();
  int32_t numInputs = operands.size();
  if (parseAssignments(parser, "outs", arguments, operands))
    return failure();
  int32_t numInits = operands.size() - numInputs;
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
      parser.parseRegion(*state.addRegion(), arguments))
    return failure();

  state.addOperands(operands);
  for (Value init : ArrayRef(operands).drop_front(numInputs))
    state.addTypes(init.getType());
  state.addAttribute(
      getOperandSegmentSizesAttrName(state.name),
      parser.getBuilder().getDenseI32ArrayAttr({numInputs, numInits}));
  return success();
}

static void printAssignments(OpAsmPrinter &printer, StringRef keyword,
                             Block::BlockArgListType arguments,
                             OperandRange operands) {
  if (operands.empty())
    return;
  printer << ' ' << keyword << '(';
  llvm::interleaveComma(
      llvm::zip(arguments, operands), printer, [&](auto pair) {
        auto [argument, operand] = pair;
        printer << argument << " = " << operand << " : " << operand.getType();
      });
  printer << ')';
}

void DispatchOp::print(OpAsmPrinter &printer) {
  size_t numInputs = getInputs().size();
  auto arguments = getBlock()->getArguments();
  printAssignments(printer, "ins", arguments.take_front(numInputs),
                   getInputs());
  printAssignments(printer, "outs", arguments.drop_front(numInputs),
                   getInits());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getOperandSegmentSizesAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

LogicalResult DispatchOp::verify() {
  if (getBlock()->getArgumentTypes() != getOperandTypes())
    return emitOpError("body must take one argument of the same type for each "
                       "operand");
  auto yield = dyn_cast<YieldOp>(getBlock()->getTerminator());
  if (!yield)
    return emitOpError("body must end with kernel.yield");
  if (yield.getOperandTypes() != getResultTypes())
    return yield.emitOpError("must yield one value of the same type for each "
                             "init of the dispatch");
  return success();
}

LogicalResult
DispatchOp::reifyResultShapes(OpBuilder &builder,
                              ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInits(builder, *this, getInits(), shapes);
}

//===----------------------------------------------------------------------===//
// CallOp
//===----------------------------------------------------------------------===//

void CallOp::build(OpBuilder &builder, OperationState &state, StringRef callee,
                   ValueRange inputs, ValueRange inits) {
  SmallVector<Type> results;
  for (Type type : inits.getTypes())
    if (isa<RankedTensorType>(type))
      results.push_back(type);
  build(builder, state, results, callee, inputs, inits);
}

LogicalResult CallOp::verify() {
  bool buffers = llvm::all_of(getInits().getTypes(), llvm::IsaPred<MemRefType>);
  bool tensors =
      llvm::all_of(getInits().getTypes(), llvm::IsaPred<RankedTensorType>);
  if (!buffers && !tensors)
    return emitOpError("inits must be all tensors or all memrefs");
  if (buffers && getNumResults() != 0)
    return emitOpError("has results although its inits are memrefs");
  return success();
}

/// Whether an operand of type `actual` may be passed for a parameter of type
/// `expected`. Bufferization changes calls before callees, so a memref stands
/// for a tensor of the same shape and element type.
static bool isPassable(Type actual, Type expected) {
  if (actual == expected)
    return true;
  auto lhs = dyn_cast<ShapedType>(actual), rhs = dyn_cast<ShapedType>(expected);
  return lhs && rhs && lhs.getElementType() == rhs.getElementType() &&
         succeeded(verifyCompatibleShape(lhs, rhs)) &&
         isa<MemRefType>(actual) != isa<MemRefType>(expected);
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto callee = symbolTable.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getCalleeAttr());
  if (!callee)
    return emitOpError("'") << getCallee() << "' is not a function";
  // Generated code adds the range and loses tensor results; its signature is
  // its own affair.
  ArrayRef<Type> parameters = callee.getArgumentTypes();
  if (parameters.size() < getNumOperands())
    return emitOpError("passes ")
           << getNumOperands() << " operands to '" << getCallee()
           << "', which takes " << parameters.size();
  for (auto [index, types] :
       llvm::enumerate(llvm::zip(getOperandTypes(), parameters)))
    if (auto [actual, expected] = types; !isPassable(actual, expected))
      return emitOpError("operand #")
             << index << " has type " << actual << ", but '" << getCallee()
             << "' takes " << expected;
  return success();
}

void CallOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : getInputsMutable())
    if (isa<MemRefType>(operand.get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  bool updates = (*this)->hasAttr(KernelDialect::getUpdatesAttrName());
  for (OpOperand &operand : getInitsMutable()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (updates)
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
    effects.emplace_back(MemoryEffects::Write::get(), &operand);
  }
}

LogicalResult CallOp::reifyResultShapes(OpBuilder &builder,
                                        ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInits(builder, *this, getInits(), shapes);
}
