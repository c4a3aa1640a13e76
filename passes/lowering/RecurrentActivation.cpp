//===- RecurrentActivation.cpp - Activations of recurrent cells -----------===//

#include "passes/lowering/RecurrentActivation.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

namespace {
/// Float arithmetic, one op a call.
struct FloatMath {
  OpBuilder &b;
  Location l;
  Type type;

  Value constant(double value) const { return createScalar(b, l, type, value); }
  Value add(Value x, Value y) const {
    return arith::AddFOp::create(b, l, x, y);
  }
  Value sub(Value x, Value y) const {
    return arith::SubFOp::create(b, l, x, y);
  }
  Value mul(Value x, Value y) const {
    return arith::MulFOp::create(b, l, x, y);
  }
  Value div(Value x, Value y) const {
    return arith::DivFOp::create(b, l, x, y);
  }
  Value max(Value x, Value y) const {
    return arith::MaximumFOp::create(b, l, x, y);
  }
  Value min(Value x, Value y) const {
    return arith::MinimumFOp::create(b, l, x, y);
  }
  Value exp(Value x) const { return math::ExpOp::create(b, l, x); }
  Value tanh(Value x) const { return math::TanhOp::create(b, l, x); }
  Value abs(Value x) const { return math::AbsFOp::create(b, l, x); }
  /// x >= least ? x : otherwise.
  Value selectAtLeast(Value x, Value least, Value otherwise) const {
    Value isAtLeast =
        arith::CmpFOp::create(b, l, arith::CmpFPredicate::OGE, x, least);
    return arith::SelectOp::create(b, l, isAtLeast, x, otherwise);
  }
};
} // namespace

Value assay::createCellActivation(OpBuilder &builder, Location loc,
                                  const CellActivation &function, Value x) {
  FloatMath m{builder, loc, x.getType()};
  Value zero = m.constant(0), one = m.constant(1);
  Value alpha = m.constant(function.alpha), beta = m.constant(function.beta);
  switch (function.kind) {
  case CellActivation::Affine:
    return m.add(m.mul(alpha, x), beta);
  case CellActivation::Elu:
    return m.selectAtLeast(x, zero, m.mul(alpha, m.sub(m.exp(x), one)));
  case CellActivation::HardSigmoid:
    return m.min(m.max(m.add(m.mul(alpha, x), beta), zero), one);
  case CellActivation::LeakyRelu:
    return m.selectAtLeast(x, zero, m.mul(alpha, x));
  case CellActivation::Relu:
    return m.max(x, zero);
  case CellActivation::ScaledTanh:
    return m.mul(alpha, m.tanh(m.mul(beta, x)));
  case CellActivation::Sigmoid:
    return m.div(one, m.add(one, m.exp(m.sub(zero, x))));
  case CellActivation::Softplus:
    // max(x, 0) + log(1 + exp(-|x|)) does not overflow.
    return m.add(
        m.max(x, zero),
        math::Log1pOp::create(builder, loc, m.exp(m.sub(zero, m.abs(x)))));
  case CellActivation::Softsign:
    return m.div(x, m.add(one, m.abs(x)));
  case CellActivation::Tanh:
    return m.tanh(x);
  case CellActivation::ThresholdedRelu:
    return m.selectAtLeast(x, alpha, zero);
  }
  llvm_unreachable("all kinds are covered");
}
