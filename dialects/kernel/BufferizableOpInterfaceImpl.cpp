//===- BufferizableOpInterfaceImpl.cpp - Kernel calls to memrefs ----------===//

#include "dialects/kernel/BufferizableOpInterfaceImpl.h"
#include "dialects/kernel/Dispatch.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;

namespace {
struct CallOpModel
    : DstBufferizableOpInterfaceExternalModel<CallOpModel,
                                              assay::kernel::CallOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return cast<DestinationStyleOpInterface>(op).isDpsInput(&operand) ||
           op->hasAttr(assay::kernel::KernelDialect::getUpdatesAttrName());
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto call = cast<assay::kernel::CallOp>(op);
    auto toBuffers = [&](OperandRange values, SmallVectorImpl<Value> &buffers) {
      for (Value value : values) {
        if (!isa<TensorType>(value.getType())) {
          buffers.push_back(value);
          continue;
        }
        FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
        if (failed(buffer))
          return failure();
        buffers.push_back(*buffer);
      }
      return success();
    };
    SmallVector<Value> inputs, inits;
    if (failed(toBuffers(call.getInputs(), inputs)) ||
        failed(toBuffers(call.getInits(), inits)))
      return failure();
    auto buffered = assay::kernel::CallOp::create(
        rewriter, op->getLoc(), call.getCallee(), inputs, inits);
    buffered->setDiscardableAttrs(call->getDiscardableAttrDictionary());
    replaceOpWithBufferizedValues(rewriter, op, inits);
    return success();
  }
};
} // namespace

void assay::kernel::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, KernelDialect *) {
    CallOp::attachInterface<CallOpModel>(*context);
  });
}
