//===- BrickEpilogue.cpp - Elementwise ops on accumulators ----------------===//

#include "passes/cpu/BrickEpilogue.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace assay::cpu;

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

/// The splat element or scalar behind a constant, or null.
static TypedAttr getUniformConstant(Value value) {
  Attribute attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return {};
  if (auto splat = dyn_cast<SplatElementsAttr>(attribute))
    return cast<TypedAttr>(splat.getSplatValue<Attribute>());
  return isa<FloatAttr, IntegerAttr>(attribute) ? cast<TypedAttr>(attribute)
                                                : TypedAttr();
}

/// linalg.fill of a scalar constant is a uniform constant, too.
static TypedAttr getUniformTensor(Value value) {
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    return getUniformConstant(fill.getInputs().front());
  return getUniformConstant(value);
}

static bool worksOnVectors(Operation &op) {
  return isa<linalg::YieldOp, linalg::IndexOp, arith::ConstantOp>(op) ||
         (OpTrait::hasElementwiseMappableTraits(&op) && isPure(&op));
}

LogicalResult BrickEpilogue::addStage(linalg::GenericOp op,
                                      std::string &whyNot) {
  if (op.getNumParallelLoops() != op.getNumLoops()) {
    whyNot = "a consumer is not elementwise";
    return failure();
  }
  Stage stage{op, SmallVector<int64_t>(op.getNumLoops(), -1)};
  auto isInternal = [&](Value value) {
    return value == root || llvm::any_of(stages, [&](const Stage &other) {
             return other.op == value.getDefiningOp();
           });
  };
  int64_t rank = cast<RankedTensorType>(root.getType()).getRank();
  bool known = false;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!isInternal(operand.get()))
      continue;
    if (!map.isPermutation() || map.getNumResults() != rank) {
      whyNot = "a consumer reads the result by no permutation";
      return failure();
    }
    SmallVector<int64_t> dims(op.getNumLoops(), -1);
    for (auto [dim, expr] : llvm::enumerate(map.getResults()))
      dims[cast<AffineDimExpr>(expr).getPosition()] = dim;
    if (known && dims != stage.rootDims) {
      whyNot = "a consumer reads the result by two maps";
      return failure();
    }
    stage.rootDims = dims;
    known = true;
  }
  if (!known) {
    whyNot = "an op does not read the result of the contraction";
    return failure();
  }
  for (OpOperand &init : op.getDpsInitsMutable())
    if (!op.getMatchingIndexingMap(&init).isIdentity()) {
      whyNot = "a consumer permutes its result";
      return failure();
    }
  // Later stages see the result of this one in the root's order.
  for (auto [loop, dim] : llvm::enumerate(stage.rootDims))
    if (static_cast<int64_t>(loop) != dim) {
      whyNot = "a consumer permutes its result";
      return failure();
    }
  for (Operation &inner : *op.getBody())
    if (!worksOnVectors(inner)) {
      whyNot = ("a consumer contains " + inner.getName().getStringRef()).str();
      return failure();
    }
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    bool isRead = op.payloadUsesValueFromOperand(&operand);
    if (!isRead || isInternal(operand.get()) || getUniformTensor(operand.get()))
      continue;
    auto argument = dyn_cast<BlockArgument>(operand.get());
    if (!argument || !isa<func::FuncOp>(argument.getOwner()->getParentOp())) {
      whyNot = "a consumer reads a tensor that is computed in the kernel";
      return failure();
    }
    for (AffineExpr expr : map.getResults())
      if (!isa<AffineDimExpr, AffineConstantExpr>(expr)) {
        whyNot = "a consumer reads an operand by a map with arithmetic";
        return failure();
      }
  }
  stages.push_back(std::move(stage));
  return success();
}

FailureOr<BrickEpilogue> BrickEpilogue::create(func::FuncOp kernel,
                                               Operation *root,
                                               std::string &whyNot) {
  BrickEpilogue epilogue;
  epilogue.root = root->getResult(0);
  for (Operation &op : kernel.getBody().front()) {
    if (&op == root || isa<tensor::EmptyOp, arith::ConstantOp, linalg::FillOp,
                           tensor::DimOp, func::ReturnOp>(op))
      continue;
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (!generic) {
      whyNot = ("it contains " + op.getName().getStringRef()).str();
      return failure();
    }
    if (failed(epilogue.addStage(generic, whyNot)))
      return failure();
  }
  Operation *end = kernel.getBody().front().getTerminator();
  unsigned firstOutput = kernel.getNumArguments() - end->getNumOperands();
  for (auto [position, value] : llvm::enumerate(end->getOperands())) {
    Operation *source = value.getDefiningOp();
    if (!source || (source != root && !isa<linalg::GenericOp>(source))) {
      whyNot = "it returns a value that no contraction or consumer computes";
      return failure();
    }
    epilogue.outputs.emplace_back(value,
                                  kernel.getArgument(firstOutput + position));
  }
  return epilogue;
}

bool BrickEpilogue::isLong() const {
  constexpr int64_t kLong = 12;
  int64_t length = 0;
  for (const Stage &stage : stages)
    for (Operation &op : stage.op->getRegion(0).front())
      length += isa<math::MathDialect>(op.getDialect()) &&
                        !isa<math::AbsFOp, math::SqrtOp, math::FmaOp>(op)
                    ? kLong
                    : 1;
  return length > kLong;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

Value BrickEpilogue::load(Emitter &e, const FlatBuffer &buffer, AffineMap map,
                          const Stage &stage,
                          const VectorPosition &position) const {
  auto type = cast<MemRefType>(buffer.elements.getType());
  bool bits = type.getElementType().isInteger(1);
  int64_t lastDim = cast<RankedTensorType>(root.getType()).getRank() - 1;
  if (map.isIdentity()) {
    if (bits)
      return e.loadLanes(buffer.elements, position.linear, e.index(1),
                         position.mask);
    return e.loadVector(buffer.elements, position.linear, position.mask);
  }
  Value at = e.index(0), stride = e.index(1), laneStride;
  for (int64_t i = map.getNumResults(); i-- > 0;) {
    AffineExpr expr = map.getResult(i);
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      int64_t rootDim = stage.rootDims[dim.getPosition()];
      at = e.add(at, e.mul(position.coordinate(rootDim), stride));
      if (rootDim == lastDim)
        laneStride = laneStride ? e.add(laneStride, stride) : stride;
    } else {
      int64_t constant = cast<AffineConstantExpr>(expr).getValue();
      at = e.add(at, e.mul(stride, constant));
    }
    stride = e.mul(stride, buffer.sizes[i]);
  }
  if (!laneStride)
    return e.broadcast(e.loadScalar(buffer.elements, at));
  if (bits || Emitter::getStatic(laneStride) != 1)
    return e.loadLanes(buffer.elements, at, laneStride, position.mask);
  return e.loadVector(buffer.elements, at, position.mask);
}

static Value splat(Emitter &e, TypedAttr value) {
  return e.broadcast(arith::ConstantOp::create(e.builder, e.loc, value));
}

/// `index` of loop `dim` in every lane.
static Value emitIndex(Emitter &e, const VectorPosition &position,
                       int64_t rootDim, bool isLast) {
  Value index = e.broadcast(position.coordinate(rootDim));
  if (!isLast)
    return index;
  VectorType type = e.vectorType(e.builder.getIndexType());
  SmallVector<int64_t> lanes = llvm::to_vector(llvm::seq<int64_t>(0, e.lanes));
  Value step = arith::ConstantOp::create(
      e.builder, e.loc, DenseElementsAttr::get(type, ArrayRef(lanes)));
  return arith::AddIOp::create(e.builder, e.loc, index, step);
}

/// `op`, a scalar elementwise op, on vectors.
static void cloneOnVectors(Emitter &e, Operation &op, IRMapping &mapping) {
  for (Value operand : op.getOperands())
    if (!mapping.contains(operand))
      mapping.map(operand, splat(e, getUniformConstant(operand)));
  Operation *clone = e.builder.clone(op, mapping);
  for (Value result : clone->getResults())
    result.setType(e.vectorType(result.getType()));
}

void BrickEpilogue::store(Emitter &e,
                          const DenseMap<Value, FlatBuffer> &buffers,
                          const VectorPosition &position, Value vector) const {
  DenseMap<Value, Value> vectors;
  vectors[root] = vector;
  int64_t lastDim = cast<RankedTensorType>(root.getType()).getRank() - 1;
  for (const Stage &stage : stages) {
    linalg::GenericOp op = stage.op;
    IRMapping mapping;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!op.payloadUsesValueFromOperand(&operand))
        continue;
      Value value = operand.get(),
            argument = op.getMatchingBlockArgument(&operand);
      if (Value known = vectors.lookup(value))
        mapping.map(argument, known);
      else if (TypedAttr constant = getUniformTensor(value))
        mapping.map(argument, splat(e, constant));
      else
        mapping.map(argument,
                    load(e, buffers.lookup(value),
                         op.getMatchingIndexingMap(&operand), stage, position));
    }
    for (Operation &inner : op.getBody()->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
        int64_t dim = stage.rootDims[index.getDim()];
        mapping.map(index.getResult(),
                    emitIndex(e, position, dim, dim == lastDim));
      } else if (!isa<arith::ConstantOp>(inner)) {
        cloneOnVectors(e, inner, mapping);
      }
    }
    for (auto [result, value] : llvm::zip_equal(
             op->getResults(), op.getBody()->getTerminator()->getOperands())) {
      Value mapped = mapping.lookupOrNull(value);
      vectors[result] = mapped ? mapped : splat(e, getUniformConstant(value));
    }
  }
  for (auto [value, argument] : outputs) {
    Value result = vectors.lookup(value);
    Value elements = buffers.lookup(argument).elements;
    if (cast<VectorType>(result.getType()).getElementType().isInteger(1))
      e.storeLanes(result, elements, position.linear, position.mask);
    else
      e.storeVector(result, elements, position.linear, position.mask);
  }
}
