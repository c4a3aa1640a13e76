//===- Model.h - An opened model --------------------------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_RUNTIME_MODEL_H
#define ASSAY_COMPILER_RUNTIME_MODEL_H

#include "compiler/runtime/assay.h"
#include <string>

struct assay_model {
  const assay_model_descriptor *descriptor = nullptr;
  void *library = nullptr; // of dlopen, or null
};

namespace assay::runtime {

/// Sets what assay_error returns on this thread.
void setError(std::string message);

/// The first CPU feature of a list such as "+avx2,+fma" that this machine
/// lacks; empty when it has all. Features the runtime can't test count as
/// present.
std::string findMissingFeature(const char *features);

} // namespace assay::runtime

#endif // ASSAY_COMPILER_RUNTIME_MODEL_H
