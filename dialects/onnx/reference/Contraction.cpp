//===- Contraction.cpp - Reference evaluation of contraction ops ----------===//

#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Einsum.h"
#include "dialects/onnx/reference/Interpreter.h"

using namespace mlir;
using namespace assay::onnx;

// Floats are computed in double; integers modulo 2^64, so that they wrap as the
// element type does.
static void getValues(const Tensor &tensor, std::vector<double> &values) {
  values = tensor.toDoubles();
}
static void getValues(const Tensor &tensor, std::vector<uint64_t> &values) {
  std::vector<int64_t> ints = tensor.toInts();
  values.assign(ints.begin(), ints.end());
}
static void setValue(Tensor &tensor, int64_t index, double value) {
  tensor.setDouble(index, value);
}
static void setValue(Tensor &tensor, int64_t index, uint64_t value) {
  tensor.setInt(index, value);
}

/// c[m][n] += a[m][k] * b[k][n], row-major.
template <typename T>
static void multiply(const T *a, const T *b, T *c, int64_t m, int64_t n,
                     int64_t k) {
  for (int64_t i = 0; i < m; ++i)
    for (int64_t l = 0; l < k; ++l) {
      T factor = a[i * k + l];
      for (int64_t j = 0; j < n; ++j)
        c[i * n + j] += factor * b[l * n + j];
    }
}

/// The row-major number in `shape` of the element that `index` broadcasts from.
static int64_t getBroadcastOffset(ArrayRef<int64_t> index,
                                  ArrayRef<int64_t> shape) {
  int64_t offset = 0;
  for (auto [position, size] :
       llvm::zip_equal(index.take_back(shape.size()), shape))
    offset = offset * size + (size == 1 ? 0 : position);
  return offset;
}

template <typename T>
static void matMul(const Tensor &aTensor, const Tensor &bTensor,
                   Tensor &result) {
  std::vector<T> a, b;
  getValues(aTensor, a);
  getValues(bTensor, b);
  ArrayRef<int64_t> aShape = aTensor.getShape(), bShape = bTensor.getShape();
  bool aVector = aShape.size() == 1, bVector = bShape.size() == 1;
  int64_t k = aShape.back();
  int64_t m = aVector ? 1 : aShape[aShape.size() - 2];
  int64_t n = bVector ? 1 : bShape.back();
  ArrayRef<int64_t> aBatch = aShape.drop_back(aVector ? 1 : 2);
  ArrayRef<int64_t> bBatch = bShape.drop_back(bVector ? 1 : 2);
  ArrayRef<int64_t> batch = result.getShape().drop_back(!aVector + !bVector);
  int64_t number = 0;
  std::vector<T> c(m * n);
  forEachIndex(batch, [&](ArrayRef<int64_t> index) {
    std::fill(c.begin(), c.end(), T(0));
    multiply(a.data() + getBroadcastOffset(index, aBatch) * m * k,
             b.data() + getBroadcastOffset(index, bBatch) * k * n, c.data(), m,
             n, k);
    for (T value : c)
      setValue(result, number++, value);
  });
}

template <typename T> static T scale(float factor, T value) {
  return factor == 1 ? value : static_cast<T>(factor * value);
}
template <> uint64_t scale(float factor, uint64_t value) {
  if (factor == 1)
    return value;
  return static_cast<int64_t>(double(factor) * static_cast<int64_t>(value));
}

template <typename T>
static void gemm(GemmOp op, Inputs inputs, Tensor &result) {
  std::vector<T> a, b, c;
  getValues(*inputs[0], a);
  getValues(*inputs[1], b);
  if (inputs[2])
    getValues(*inputs[2], c);
  int64_t m = result.getDim(0), n = result.getDim(1);
  int64_t k = inputs[0]->getDim(op.getTransA() ? 0 : 1);
  float alpha = op.getAlpha().convertToFloat();
  float beta = op.getBeta().convertToFloat();
  forEachIndex({m, n}, [&](ArrayRef<int64_t> index) {
    int64_t i = index[0], j = index[1];
    T sum = 0;
    for (int64_t l = 0; l < k; ++l)
      sum += a[op.getTransA() ? l * m + i : i * k + l] *
             b[op.getTransB() ? j * k + l : l * n + j];
    T value = scale(alpha, sum);
    if (inputs[2])
      value += scale(beta, c[getBroadcastOffset(index, inputs[2]->getShape())]);
    setValue(result, i * n + j, value);
  });
}

template <typename T>
static void einsum(const EinsumEquation &equation, ArrayRef<int64_t> sizes,
                   Inputs inputs, Tensor &result) {
  std::vector<std::vector<T>> values(inputs.size());
  for (auto [input, into] : llvm::zip_equal(inputs, values))
    getValues(*input, into);
  std::vector<T> sums(result.getNumElements(), T(0));
  auto offset = [&](ArrayRef<int64_t> index, ArrayRef<unsigned> labels,
                    ArrayRef<int64_t> shape) {
    int64_t position = 0;
    for (auto [label, size] : llvm::zip_equal(labels, shape))
      position = position * size + (size == 1 ? 0 : index[label]);
    return position;
  };
  forEachIndex(sizes, [&](ArrayRef<int64_t> index) {
    T term = 1;
    for (size_t i = 0; i < inputs.size(); ++i)
      term *=
          values[i][offset(index, equation.inputs[i], inputs[i]->getShape())];
    sums[offset(index, equation.output, result.getShape())] += term;
  });
  for (auto [position, sum] : llvm::enumerate(sums))
    setValue(result, position, sum);
}

template <typename T>
static LogicalResult evaluate(Operation *op, Inputs inputs, Tensor &result) {
  if (isa<MatMulOp>(op)) {
    matMul<T>(*inputs[0], *inputs[1], result);
    return success();
  }
  if (auto gemmOp = dyn_cast<GemmOp>(op)) {
    gemm<T>(gemmOp, inputs, result);
    return success();
  }
  auto einsumOp = dyn_cast<EinsumOp>(op);
  if (!einsumOp)
    return noEvaluation(op);
  SmallVector<int64_t> ranks;
  SmallVector<ArrayRef<int64_t>> shapes;
  for (const Tensor *input : inputs) {
    ranks.push_back(input->getRank());
    shapes.push_back(input->getShape());
  }
  std::string error;
  auto equation = EinsumEquation::parse(einsumOp.getEquation(), ranks, error);
  auto sizes = succeeded(equation) ? equation->getLabelSizes(shapes, error)
                                   : FailureOr<SmallVector<int64_t>>(failure());
  if (failed(sizes))
    return op->emitError(error);
  einsum<T>(*equation, *sizes, inputs, result);
  return success();
}

FailureOr<Tensors> assay::onnx::evaluateContraction(Operation *op,
                                                    Inputs inputs) {
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  Tensor &result = results->front();
  bool isFloat = isa<FloatType>(result.getElementType());
  if (failed(isFloat ? evaluate<double>(op, inputs, result)
                     : evaluate<uint64_t>(op, inputs, result)))
    return failure();
  return results;
}
