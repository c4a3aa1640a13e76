//===- LowerBrickKernels.cpp - Contraction kernels to loops of bricks -----===//
//
// An outlined kernel on tensors
//
//   func.func private @k(%a: tensor<128x768xf32>, %b: tensor<24x768x32xf32>,
//                        %bias: tensor<768xf32>, %out: tensor<128x768xf32>)
//       -> tensor<128x768xf32> attributes {kernel.entry} {
//     %e = tensor.empty() : tensor<128x768xf32>
//     %0 = kernel.matmul packed ins(%a, %b : ...) outs(%e : ...)
//     %1 = linalg.generic ... ins(%0, %bias : ...) outs(%out : ...)
//     return %1 : tensor<128x768xf32>
//   }
//
// becomes a function on buffers that runs the units [lo, hi), and one that says
// how many there are:
//
//   func.func private @k(%a: memref<128x768xf32>, ..., %lo: index, %hi: index)
//   {
//     scf.for %unit = %lo to %hi step %c1 {
//       %acc:16 = scf.for %k = ... iter_args(...) { ... vector.fma ... }
//       ... bias on vectors, vector.store ...
//     }
//     return
//   }
//   func.func private @k.count(%a: memref<128x768xf32>, ...) -> index
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/cpu/Bricks.h"
#include "passes/cpu/Passes.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Debug.h"

#define DEBUG_TYPE "lower-brick-kernels"

namespace assay {
#define GEN_PASS_DEF_LOWERBRICKKERNELS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;
using namespace assay::cpu;

/// The only contraction of `kernel`, or null.
static Operation *findContraction(func::FuncOp kernel) {
  Operation *found = nullptr;
  for (Operation &op : kernel.getBody().front()) {
    if (!isa<kernel::MatMulOp, kernel::Conv2DOp, kernel::DepthwiseConv2DOp,
             kernel::WinogradConv2DOp>(op))
      continue;
    if (found)
      return nullptr;
    found = &op;
  }
  return found;
}

static SmallVector<Type> getBufferTypes(func::FuncOp kernel) {
  SmallVector<Type> types;
  for (Type type : kernel.getArgumentTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    types.push_back(
        tensor ? MemRefType::get(tensor.getShape(), tensor.getElementType())
               : type);
  }
  return types;
}

/// Flat views of the buffers in `entry`, by the kernel's arguments.
static DenseMap<Value, FlatBuffer>
flattenBuffers(Emitter &e, func::FuncOp kernel, Block &entry) {
  DenseMap<Value, FlatBuffer> buffers;
  for (BlockArgument argument : kernel.getArguments())
    if (isa<RankedTensorType>(argument.getType()))
      buffers[argument] = e.flatten(entry.getArgument(argument.getArgNumber()));
  return buffers;
}

/// The buffer that the contraction writes has the sizes of the kernel's first
/// output, whichever tensor it was meant for.
static BrickKernel makeBrickKernel(func::FuncOp kernel, Operation *root,
                                   const BrickEpilogue &epilogue,
                                   const DenseMap<Value, FlatBuffer> &buffers) {
  unsigned firstOutput = kernel.getNumArguments() - kernel.getNumResults();
  return {buffers.lookup(root->getOperand(0)),
          buffers.lookup(root->getOperand(1)),
          buffers.lookup(kernel.getArgument(firstOutput)), epilogue, buffers};
}

static void emitUnits(Emitter &e, Operation *root, const BrickKernel &kernel,
                      Value lo, Value hi) {
  TypeSwitch<Operation *>(root)
      .Case([&](kernel::MatMulOp op) { emitMatMul(e, op, kernel, lo, hi); })
      .Case([&](kernel::Conv2DOp op) { emitConv2D(e, op, kernel, lo, hi); })
      .Case([&](kernel::DepthwiseConv2DOp op) {
        emitDepthwiseConv2D(e, op, kernel, lo, hi);
      })
      .Case([&](kernel::WinogradConv2DOp op) {
        emitWinogradConv2D(e, op, kernel, lo, hi);
      });
}

static Value countUnits(Emitter &e, Operation *root,
                        const BrickKernel &kernel) {
  return TypeSwitch<Operation *, Value>(root)
      .Case(
          [&](kernel::MatMulOp op) { return countMatMulUnits(e, op, kernel); })
      .Case(
          [&](kernel::Conv2DOp op) { return countConv2DUnits(e, op, kernel); })
      .Case([&](kernel::DepthwiseConv2DOp op) {
        return countDepthwiseConv2DUnits(e, op, kernel);
      })
      .Case([&](kernel::WinogradConv2DOp op) {
        return countWinogradConv2DUnits(e, op, kernel);
      });
}

/// Whether inputs of the contraction are arguments and its result has the shape
/// of the kernel's outputs; `whyNot` says why not.
static bool hasBrickForm(func::FuncOp kernel, Operation *root,
                         std::string &whyNot) {
  for (Value input : root->getOperands().take_front(2))
    if (!isa<BlockArgument>(input)) {
      whyNot = "an input of the contraction is computed in the kernel";
      return false;
    }
  auto type = cast<RankedTensorType>(root->getResult(0).getType());
  for (Type result : kernel.getResultTypes())
    if (!isa<RankedTensorType>(result) ||
        cast<RankedTensorType>(result).getShape() != type.getShape()) {
      whyNot = "a result has another shape than the contraction";
      return false;
    }
  return true;
}

namespace {

struct LowerBrickKernels
    : assay::impl::LowerBrickKernelsBase<LowerBrickKernels> {
  using LowerBrickKernelsBase::LowerBrickKernelsBase;

  void runOnOperation() override {
    if (lanes != 8 && lanes != 16) {
      getOperation().emitError("lower-brick-kernels: lanes must be 8 or 16");
      return signalPassFailure();
    }
    for (func::FuncOp kernel :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!kernel.isDeclaration() &&
          kernel->hasAttr(kernel::KernelDialect::getEntryAttrName()))
        lower(kernel);
  }

  void lower(func::FuncOp kernel) {
    Operation *root = findContraction(kernel);
    if (!root)
      return;
    std::string whyNot;
    FailureOr<BrickEpilogue> epilogue = failure();
    if (hasBrickForm(kernel, root, whyNot))
      epilogue = BrickEpilogue::create(kernel, root, whyNot);
    if (failed(epilogue)) {
      LLVM_DEBUG(llvm::dbgs() << kernel.getName() << ": " << whyNot << '\n');
      return;
    }
    OpBuilder builder(kernel);
    SmallVector<Type> types = getBufferTypes(kernel);
    Type index = builder.getIndexType();

    auto count = func::FuncOp::create(builder, kernel.getLoc(),
                                      (kernel.getName() + ".count").str(),
                                      builder.getFunctionType(types, index));
    count.setPrivate();
    emitBody(count, kernel, root, *epilogue, /*isCount=*/true);

    SmallVector<Type> withRange(types);
    withRange.append({index, index});
    auto lowered =
        func::FuncOp::create(builder, kernel.getLoc(), kernel.getName(),
                             builder.getFunctionType(withRange, {}));
    lowered->setDiscardableAttrs(kernel->getDiscardableAttrDictionary());
    lowered.setVisibility(kernel.getVisibility());
    emitBody(lowered, kernel, root, *epilogue, /*isCount=*/false);
    kernel.erase();
  }

  void emitBody(func::FuncOp function, func::FuncOp kernel, Operation *root,
                const BrickEpilogue &epilogue, bool isCount) {
    Block *entry = function.addEntryBlock();
    OpBuilder builder = OpBuilder::atBlockBegin(entry);
    Emitter e(builder, root->getLoc(), lanes);
    DenseMap<Value, FlatBuffer> buffers = flattenBuffers(e, kernel, *entry);
    BrickKernel brickKernel = makeBrickKernel(kernel, root, epilogue, buffers);
    if (isCount) {
      func::ReturnOp::create(builder, e.loc, countUnits(e, root, brickKernel));
      return;
    }
    unsigned last = entry->getNumArguments() - 1;
    emitUnits(e, root, brickKernel, entry->getArgument(last - 1),
              entry->getArgument(last));
    func::ReturnOp::create(builder, e.loc);
  }
};

} // namespace
