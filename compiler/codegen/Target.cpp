//===- Target.cpp - The processor that code is made for -------------------===//

#include "compiler/codegen/Target.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include <mutex>

using namespace assay;

// Levels of the x86-64 psABI, version 1.0, table 3.1.
static constexpr llvm::StringLiteral v3Features =
    "+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+popcnt,+sse4.2";
static constexpr llvm::StringLiteral v4Features =
    "+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+popcnt,+sse4.2,"
    "+avx512bw,+avx512cd,+avx512dq,+avx512f,+avx512vl";

static constexpr llvm::StringLiteral triple = "x86_64-unknown-linux-gnu";

static llvm::Expected<CpuTarget> resolveNative() {
  llvm::StringMap<bool> found = llvm::sys::getHostCPUFeatures();
  llvm::SmallVector<llvm::StringRef> present;
  for (const auto &entry : found)
    if (entry.second)
      present.push_back(entry.first());
  llvm::sort(present);
  if (!found.lookup("avx2") || !found.lookup("fma"))
    return llvm::createStringError(
        "this machine has no AVX2 and FMA, which compiled models need");
  CpuTarget target{triple.str(), llvm::sys::getHostCPUName().str(), "", 256};
  for (llvm::StringRef feature : present)
    target.features += (target.features.empty() ? "+" : ",+") + feature.str();
  bool avx512 = found.lookup("avx512f") && found.lookup("avx512bw") &&
                found.lookup("avx512dq") && found.lookup("avx512vl");
  target.vectorBits = avx512 ? 512 : 256;
  return target;
}

llvm::Expected<CpuTarget> assay::resolveTarget(llvm::StringRef name) {
  if (name == "native")
    return resolveNative();
  if (name == "x86-64-v3")
    return CpuTarget{triple.str(), name.str(), v3Features.str(), 256};
  if (name == "x86-64-v4")
    return CpuTarget{triple.str(), name.str(), v4Features.str(), 512};
  return llvm::createStringError("unknown target '" + name + "'; known are " +
                                 targetNames);
}

static void initializeTarget() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
assay::createTargetMachine(const CpuTarget &target, unsigned level) {
  initializeTarget();
  std::string error;
  llvm::Triple parsed(target.triple);
  const llvm::Target *backend =
      llvm::TargetRegistry::lookupTarget(parsed, error);
  if (!backend)
    return llvm::createStringError(error);
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  auto codeLevel = llvm::CodeGenOpt::getLevel(level).value_or(
      llvm::CodeGenOptLevel::Default);
  return std::unique_ptr<llvm::TargetMachine>(
      backend->createTargetMachine(parsed, target.cpu, target.features, options,
                                   llvm::Reloc::PIC_, std::nullopt, codeLevel));
}
