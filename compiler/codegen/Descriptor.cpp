//===- Descriptor.cpp - The symbol that a model exports -------------------===//

#include "compiler/codegen/Descriptor.h"
#include "passes/host/HostLowering.h"
#include "passes/host/Passes.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include <cstddef>

using namespace assay;

// The host program numbers the fields of the runtime; keep the two in step.
#define ASSAY_CHECK_FIELD(FIELD, MEMBER)                                       \
  static_assert(offsetof(assay_runtime, MEMBER) ==                             \
                sizeof(void *) *                                               \
                    static_cast<size_t>(host::RuntimeField::FIELD))
ASSAY_CHECK_FIELD(Arena, arena);
ASSAY_CHECK_FIELD(Launch, launch);
ASSAY_CHECK_FIELD(Allocate, allocate);
ASSAY_CHECK_FIELD(AllocateOutput, allocate_output);
ASSAY_CHECK_FIELD(SetOutputShape, set_output_shape);
ASSAY_CHECK_FIELD(Fail, fail);
#undef ASSAY_CHECK_FIELD
static_assert(sizeof(assay_runtime) ==
              sizeof(void *) * static_cast<size_t>(host::RuntimeField::Count));

namespace {

/// Builds the constants of the descriptor.
class DescriptorBuilder {
public:
  explicit DescriptorBuilder(llvm::Module &module)
      : module(module), context(module.getContext()) {}

  void build(const DescriptorContents &contents);

private:
  llvm::Constant *word32(uint64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), value);
  }
  llvm::Constant *word64(uint64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), value);
  }
  llvm::Constant *makeStruct(llvm::ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(context, fields);
  }
  llvm::Constant *addPrivate(llvm::Constant *value, const char *name) {
    return new llvm::GlobalVariable(module, value->getType(), true,
                                    llvm::GlobalValue::PrivateLinkage, value,
                                    name);
  }
  llvm::Constant *makeString(llvm::StringRef text) {
    return addPrivate(llvm::ConstantDataArray::getString(context, text),
                      "assay_string");
  }
  llvm::Constant *makeDims(llvm::ArrayRef<int64_t> dims) {
    llvm::SmallVector<uint64_t> words(dims.begin(), dims.end());
    return addPrivate(llvm::ConstantDataArray::get(context, words),
                      "assay_dims");
  }
  llvm::Constant *makeArray(llvm::ArrayRef<llvm::Constant *> elements,
                            const char *name);
  llvm::Constant *makeValues(llvm::ArrayRef<ValueSignature> values);
  llvm::Constant *makeKernels(llvm::ArrayRef<KernelLabel> kernels);
  llvm::Constant *declareFunction(const llvm::Twine &name);
  llvm::Constant *getWeights();

  llvm::Module &module;
  llvm::LLVMContext &context;
};

} // namespace

llvm::Constant *
DescriptorBuilder::makeArray(llvm::ArrayRef<llvm::Constant *> elements,
                             const char *name) {
  if (elements.empty())
    return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0));
  auto *type =
      llvm::ArrayType::get(elements.front()->getType(), elements.size());
  return addPrivate(llvm::ConstantArray::get(type, elements), name);
}

llvm::Constant *
DescriptorBuilder::makeValues(llvm::ArrayRef<ValueSignature> values) {
  llvm::SmallVector<llvm::Constant *> entries;
  for (const ValueSignature &value : values)
    entries.push_back(
        makeStruct({makeString(value.name), word32(value.type),
                    word32(value.dims.size()), makeDims(value.dims)}));
  return makeArray(entries, "assay_values");
}

/// Kernels are defined in other objects; only their addresses matter here.
llvm::Constant *DescriptorBuilder::declareFunction(const llvm::Twine &name) {
  auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), false);
  llvm::Function *function = llvm::Function::Create(
      type, llvm::GlobalValue::ExternalLinkage, name, module);
  function->setVisibility(llvm::GlobalValue::HiddenVisibility);
  return function;
}

llvm::Constant *
DescriptorBuilder::makeKernels(llvm::ArrayRef<KernelLabel> kernels) {
  llvm::SmallVector<llvm::Constant *> entries;
  for (const KernelLabel &kernel : kernels)
    entries.push_back(
        makeStruct({makeString(kernel.name), makeString(kernel.operators),
                    declareFunction(kernel.name),
                    declareFunction(kernel.name + ".count")}));
  return makeArray(entries, "assay_kernels");
}

llvm::Constant *DescriptorBuilder::getWeights() {
  if (llvm::Constant *weights = module.getNamedValue(host::weightsName))
    return weights;
  return llvm::ConstantPointerNull::get(llvm::PointerType::get(context, 0));
}

void DescriptorBuilder::build(const DescriptorContents &contents) {
  const ModelSignature &signature = contents.signature;
  llvm::Constant *value = makeStruct(
      {word32(ASSAY_MODEL_VERSION), word32(signature.inputs.size()),
       word32(signature.outputs.size()), word32(contents.kernels.size()),
       makeValues(signature.inputs), makeValues(signature.outputs),
       makeKernels(contents.kernels), makeString(contents.features),
       word64(contents.arenaBytes), word64(contents.weightsBytes), getWeights(),
       module.getFunction(host::runName)});
  new llvm::GlobalVariable(module, value->getType(), true,
                           llvm::GlobalValue::ExternalLinkage, value,
                           ASSAY_MODEL_SYMBOL);
}

void assay::addDescriptor(llvm::Module &module,
                          const DescriptorContents &contents) {
  DescriptorBuilder(module).build(contents);
}
