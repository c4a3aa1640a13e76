//===- Reduction.cpp - Reference evaluation of reduction ops --------------===//

#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/ShapeUtils.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace assay::onnx;

//===----------------------------------------------------------------------===//
// Reduce*
//===----------------------------------------------------------------------===//

/// Which dimensions of `data` a Reduce* op reduces, from the values of `axes`.
static FailureOr<SmallVector<bool>> getReduced(Operation *op,
                                               const Tensor &data,
                                               const Tensor *axes,
                                               bool noopWithEmptyAxes) {
  int64_t rank = data.getRank();
  std::vector<int64_t> values;
  if (axes)
    values = axes->toInts();
  SmallVector<bool> reduced(rank, values.empty() && !noopWithEmptyAxes);
  for (int64_t value : values) {
    FailureOr<int64_t> axis = normalizeAxis(cast<OnnxOp>(op), value, rank);
    if (failed(axis))
      return failure();
    reduced[*axis] = true;
  }
  return reduced;
}

/// The value of one reduced slice of floats.
static double reduceFloats(Operation *op, ArrayRef<double> values) {
  auto sum = [&](function_ref<double(double)> map) {
    double total = 0;
    for (double value : values)
      total += map(value);
    return total;
  };
  auto same = [](double value) { return value; };
  auto square = [](double value) { return value * value; };
  auto absolute = [](double value) { return std::fabs(value); };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  auto extreme = [&](double identity, bool isMax) {
    double best = identity;
    for (double value : values)
      if (std::isnan(value) || (isMax ? value > best : value < best))
        best = value;
    return best;
  };
  return llvm::TypeSwitch<Operation *, double>(op)
      .Case([&](ReduceSumOp) { return sum(same); })
      .Case([&](ReduceMeanOp) { return sum(same) / values.size(); })
      .Case([&](ReduceL1Op) { return sum(absolute); })
      .Case([&](ReduceL2Op) { return std::sqrt(sum(square)); })
      .Case([&](ReduceSumSquareOp) { return sum(square); })
      .Case([&](ReduceLogSumOp) { return std::log(sum(same)); })
      .Case([&](ReduceLogSumExpOp) {
        double largest = extreme(-kInfinity, /*isMax=*/true);
        if (!std::isfinite(largest))
          return largest;
        return largest + std::log(sum([&](double value) {
                 return std::exp(value - largest);
               }));
      })
      .Case([&](ReduceProdOp) {
        double product = 1;
        for (double value : values)
          product *= value;
        return product;
      })
      .Case([&](ReduceMaxOp) { return extreme(-kInfinity, true); })
      .Case([&](ReduceMinOp) { return extreme(kInfinity, false); })
      .Default([](Operation *) { return 0.0; });
}

/// The value of one reduced slice of integers, modulo 2^64. `identity` is what
/// an empty Max or Min gives; `isLess` compares by the element type.
static int64_t reduceInts(Operation *op, ArrayRef<int64_t> values,
                          int64_t identity,
                          function_ref<bool(int64_t, int64_t)> isLess) {
  uint64_t sum = 0, absolutes = 0, squares = 0, product = 1;
  double floatSquares = 0;
  int64_t least = identity, greatest = identity;
  for (int64_t value : values) {
    uint64_t bits = value;
    sum += bits;
    absolutes += isLess(value, 0) ? -bits : bits;
    squares += bits * bits;
    floatSquares += static_cast<double>(value) * static_cast<double>(value);
    product *= bits;
    if (isLess(value, least))
      least = value;
    if (isLess(greatest, value))
      greatest = value;
  }
  return llvm::TypeSwitch<Operation *, int64_t>(op)
      .Case([&](ReduceSumOp) { return sum; })
      .Case([&](ReduceMeanOp) {
        return static_cast<int64_t>(sum) / std::max<int64_t>(values.size(), 1);
      })
      .Case([&](ReduceL1Op) { return absolutes; })
      .Case([&](ReduceL2Op) { return std::sqrt(floatSquares); })
      .Case([&](ReduceSumSquareOp) { return squares; })
      .Case([&](ReduceProdOp) { return product; })
      .Case([&](ReduceMaxOp) { return greatest; })
      .Case([&](ReduceMinOp) { return least; })
      .Default([](Operation *) { return 0; });
}

/// The least or greatest value of an integer type, as getInt gives it.
static int64_t getExtreme(Type type, bool greatest) {
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits == 1)
    return greatest;
  if (type.isUnsignedInteger())
    return greatest
               ? static_cast<int64_t>(llvm::maskTrailingOnes<uint64_t>(bits))
               : 0;
  return greatest ? llvm::maxIntN(bits) : llvm::minIntN(bits);
}

/// Groups the elements of `data` by their index over the dimensions kept.
template <typename T>
static std::vector<std::vector<T>>
groupSlices(const Tensor &data, ArrayRef<bool> reduced, ArrayRef<T> values,
            int64_t numSlices) {
  std::vector<std::vector<T>> slices(numSlices);
  const T *value = values.data();
  forEachIndex(data.getShape(), [&](ArrayRef<int64_t> index) {
    int64_t slice = 0;
    for (auto [position, size, drop] :
         llvm::zip_equal(index, data.getShape(), reduced))
      if (!drop)
        slice = slice * size + position;
    slices[slice].push_back(*value++);
  });
  return slices;
}

static FailureOr<Tensors> reduce(Operation *op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  auto flag = [&](StringRef name, bool preset) {
    auto attribute = op->getAttrOfType<IntegerAttr>(name);
    return attribute ? attribute.getInt() != 0 : preset;
  };
  FailureOr<SmallVector<bool>> reduced =
      getReduced(op, data, inputs[1], flag("noop_with_empty_axes", false));
  if (failed(reduced))
    return failure();
  SmallVector<int64_t> shape;
  for (auto [dim, drop] : llvm::zip_equal(data.getShape(), *reduced))
    if (!drop || flag("keepdims", true))
      shape.push_back(drop ? 1 : dim);
  Type element = data.getElementType();
  FailureOr<Tensor> result = makeTensor(op, element, shape);
  if (failed(result))
    return failure();

  if (isa<FloatType>(element)) {
    std::vector<double> values = data.toDoubles();
    auto slices =
        groupSlices<double>(data, *reduced, values, result->getNumElements());
    for (auto [position, slice] : llvm::enumerate(slices))
      result->setDouble(position, reduceFloats(op, slice));
    return Tensors{*result};
  }
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  auto isLess = [&](int64_t a, int64_t b) {
    return isUnsigned ? static_cast<uint64_t>(a) < static_cast<uint64_t>(b)
                      : a < b;
  };
  int64_t identity = getExtreme(element, isa<ReduceMinOp>(op));
  std::vector<int64_t> values = data.toInts();
  auto slices =
      groupSlices<int64_t>(data, *reduced, values, result->getNumElements());
  for (auto [position, slice] : llvm::enumerate(slices))
    result->setInt(position, reduceInts(op, slice, identity, isLess));
  return Tensors{*result};
}

//===----------------------------------------------------------------------===//
// Along one axis
//===----------------------------------------------------------------------===//

namespace {
/// A tensor seen as outer x size x inner around one axis.
struct AxisView {
  int64_t axis, outer = 1, size, inner = 1;

  AxisView(const Tensor &tensor, int64_t axis)
      : axis(axis), size(tensor.getDim(axis)) {
    for (int64_t dim : tensor.getShape().take_front(axis))
      outer *= dim;
    for (int64_t dim : tensor.getShape().drop_front(axis + 1))
      inner *= dim;
  }
  int64_t offset(int64_t o, int64_t position, int64_t i) const {
    return (o * size + position) * inner + i;
  }
};
} // namespace

/// Whether element `a` of `data` is less than element `b`.
static bool isLess(const Tensor &data, int64_t a, int64_t b) {
  Type element = data.getElementType();
  if (isa<FloatType>(element))
    return data.getDouble(a) < data.getDouble(b);
  if (element.isUnsignedInteger())
    return static_cast<uint64_t>(data.getInt(a)) <
           static_cast<uint64_t>(data.getInt(b));
  return data.getInt(a) < data.getInt(b);
}

/// The positions along the axis in descending (`largest`) or ascending order of
/// value; equal values by position.
static std::vector<int64_t> sortAlong(const Tensor &data, const AxisView &view,
                                      int64_t o, int64_t i, bool largest) {
  std::vector<int64_t> order(view.size);
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](int64_t a, int64_t b) {
    int64_t first = view.offset(o, a, i), second = view.offset(o, b, i);
    if (isLess(data, first, second))
      return !largest;
    if (isLess(data, second, first))
      return largest;
    return a < b;
  });
  return order;
}

static FailureOr<Tensors> argReduce(Operation *op, const Tensor &data,
                                    int64_t axis, bool largest, bool selectLast,
                                    Tensors results) {
  AxisView view(data, axis < 0 ? axis + data.getRank() : axis);
  forEachIndex({view.outer, view.inner}, [&](ArrayRef<int64_t> index) {
    int64_t best = 0;
    for (int64_t position = 1; position < view.size; ++position) {
      int64_t a = view.offset(index[0], best, index[1]);
      int64_t b = view.offset(index[0], position, index[1]);
      bool better = largest ? isLess(data, a, b) : isLess(data, b, a);
      bool worse = largest ? isLess(data, b, a) : isLess(data, a, b);
      if (better || (selectLast && !worse))
        best = position;
    }
    results[0].setInt(index[0] * view.inner + index[1], best);
  });
  return results;
}

static FailureOr<Tensors> topK(TopKOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  FailureOr<int64_t> axis = normalizeAxis(op, op.getAxis(), data.getRank());
  if (failed(axis))
    return failure();
  if (inputs[1]->getNumElements() != 1)
    return op->emitError("K must have a single element");
  int64_t k = inputs[1]->getInt(0);
  AxisView view(data, *axis);
  if (k < 0 || k > view.size)
    return op->emitError() << "K is " << k << ", but dimension " << *axis
                           << " of X has " << view.size << " elements";
  SmallVector<int64_t> shape(data.getShape());
  shape[*axis] = k;
  Tensor values(data.getElementType(), shape);
  Tensor indices(IntegerType::get(op.getContext(), 64), shape);
  bool isFloat = isa<FloatType>(data.getElementType());
  forEachIndex({view.outer, view.inner}, [&](ArrayRef<int64_t> index) {
    auto order = sortAlong(data, view, index[0], index[1], op.getLargest());
    for (int64_t position = 0; position < k; ++position) {
      int64_t to = (index[0] * k + position) * view.inner + index[1];
      int64_t from = view.offset(index[0], order[position], index[1]);
      if (isFloat)
        values.setDouble(to, data.getDouble(from));
      else
        values.setInt(to, data.getInt(from));
      indices.setInt(to, order[position]);
    }
  });
  return Tensors{values, indices};
}

static FailureOr<Tensors> cumSum(CumSumOp op, Inputs inputs) {
  const Tensor &x = *inputs[0];
  if (inputs[1]->getNumElements() != 1)
    return op->emitError("axis must have a single element");
  FailureOr<int64_t> axis =
      normalizeAxis(op, inputs[1]->getInt(0), x.getRank());
  if (failed(axis))
    return failure();
  AxisView view(x, *axis);
  Tensor y(x.getElementType(), x.getShape());
  bool isFloat = isa<FloatType>(x.getElementType());
  forEachIndex({view.outer, view.inner}, [&](ArrayRef<int64_t> index) {
    double floatSum = 0;
    uint64_t intSum = 0;
    for (int64_t step = 0; step < view.size; ++step) {
      int64_t position = op.getReverse() ? view.size - 1 - step : step;
      int64_t at = view.offset(index[0], position, index[1]);
      double beforeFloat = floatSum;
      uint64_t beforeInt = intSum;
      if (isFloat)
        floatSum += x.getDouble(at);
      else
        intSum += static_cast<uint64_t>(x.getInt(at));
      if (isFloat)
        y.setDouble(at, op.getExclusive() ? beforeFloat : floatSum);
      else
        y.setInt(at, op.getExclusive() ? beforeInt : intSum);
    }
  });
  return Tensors{y};
}

FailureOr<Tensors> assay::onnx::evaluateReduction(Operation *op,
                                                  Inputs inputs) {
  if (auto sum = dyn_cast<CumSumOp>(op))
    return cumSum(sum, inputs);
  if (auto top = dyn_cast<TopKOp>(op))
    return topK(top, inputs);
  if (!isa<ArgMaxOp, ArgMinOp>(op))
    return reduce(op, inputs);
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  if (auto arg = dyn_cast<ArgMaxOp>(op))
    return argReduce(op, *inputs[0], arg.getAxis(), /*largest=*/true,
                     arg.getSelectLastIndex(), std::move(*results));
  auto arg = cast<ArgMinOp>(op);
  return argReduce(op, *inputs[0], arg.getAxis(), /*largest=*/false,
                   arg.getSelectLastIndex(), std::move(*results));
}
