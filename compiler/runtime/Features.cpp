//===- Features.cpp - Which CPU features this machine has -----------------===//

#include "compiler/runtime/Model.h"
#include <string_view>

using namespace assay::runtime;

static bool hasFeature(std::string_view name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
// The builtin takes only string literals.
#define ASSAY_FEATURE(LLVM_NAME, BUILTIN_NAME)                                 \
  if (name == (LLVM_NAME))                                                     \
    return __builtin_cpu_supports(BUILTIN_NAME);
  ASSAY_FEATURE("sse4.2", "sse4.2")
  ASSAY_FEATURE("avx", "avx")
  ASSAY_FEATURE("avx2", "avx2")
  ASSAY_FEATURE("fma", "fma")
  ASSAY_FEATURE("bmi", "bmi")
  ASSAY_FEATURE("bmi2", "bmi2")
  ASSAY_FEATURE("f16c", "f16c")
  ASSAY_FEATURE("lzcnt", "lzcnt")
  ASSAY_FEATURE("movbe", "movbe")
  ASSAY_FEATURE("popcnt", "popcnt")
  ASSAY_FEATURE("avx512f", "avx512f")
  ASSAY_FEATURE("avx512bw", "avx512bw")
  ASSAY_FEATURE("avx512cd", "avx512cd")
  ASSAY_FEATURE("avx512dq", "avx512dq")
  ASSAY_FEATURE("avx512vl", "avx512vl")
  ASSAY_FEATURE("avx512vnni", "avx512vnni")
  ASSAY_FEATURE("avx512bf16", "avx512bf16")
  ASSAY_FEATURE("avx512vbmi", "avx512vbmi")
  ASSAY_FEATURE("avx512vbmi2", "avx512vbmi2")
  ASSAY_FEATURE("avx512bitalg", "avx512bitalg")
  ASSAY_FEATURE("avx512ifma", "avx512ifma")
  ASSAY_FEATURE("avx512fp16", "avx512fp16")
  ASSAY_FEATURE("avxvnni", "avxvnni")
  ASSAY_FEATURE("amx-tile", "amx-tile")
  ASSAY_FEATURE("amx-int8", "amx-int8")
  ASSAY_FEATURE("amx-bf16", "amx-bf16")
#undef ASSAY_FEATURE
#endif
  return true;
}

std::string assay::runtime::findMissingFeature(const char *features) {
  std::string_view rest = features ? features : "";
  while (!rest.empty()) {
    size_t comma = rest.find(',');
    std::string_view entry = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view()
                                           : rest.substr(comma + 1);
    if (entry.empty() || entry.front() != '+')
      continue;
    entry.remove_prefix(1);
    if (!hasFeature(entry))
      return std::string(entry);
  }
  return "";
}
