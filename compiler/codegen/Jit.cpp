//===- Jit.cpp - A compiled model in this process -------------------------===//

#include "compiler/codegen/Jit.h"
#include "passes/host/Passes.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"

using namespace llvm;
using namespace assay;

static Expected<std::unique_ptr<orc::LLJIT>> createJit() {
  orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(
      orc::JITTargetMachineBuilder(Triple("x86_64-unknown-linux-gnu")));
  builder.setPlatformSetUp(orc::setUpInactivePlatform);
  return builder.create();
}

static Error defineWeights(orc::LLJIT &jit, const void *address) {
  orc::SymbolMap symbols;
  symbols[jit.mangleAndIntern(host::weightsName)] = {
      orc::ExecutorAddr::fromPtr(address), JITSymbolFlags::Exported};
  return jit.getMainJITDylib().define(orc::absoluteSymbols(symbols));
}

Expected<std::unique_ptr<Jit>> Jit::load(ArrayRef<MemoryBufferRef> objects,
                                         const WeightsBlob &blob) {
  auto loaded = std::make_unique<Jit>();
  auto jit = createJit();
  if (!jit)
    return jit.takeError();
  loaded->jit = std::move(*jit);
  if (uint64_t bytes = blob.getBytes()) {
    loaded->weights = runtime::Mapping(bytes);
    auto *target = static_cast<char *>(loaded->weights.data());
    if (!target)
      return createStringError("no memory for " + Twine(bytes) +
                               " bytes of weights");
    blob.copyTo(target);
    if (Error error = defineWeights(*loaded->jit, target))
      return error;
  }
  for (MemoryBufferRef object : objects)
    if (Error error = loaded->jit->addObjectFile(MemoryBuffer::getMemBuffer(
            object, /*RequiresNullTerminator=*/false)))
      return error;
  auto symbol = loaded->jit->lookup(ASSAY_MODEL_SYMBOL);
  if (!symbol)
    return symbol.takeError();
  loaded->descriptor = symbol->toPtr<const assay_model_descriptor *>();
  return loaded;
}
