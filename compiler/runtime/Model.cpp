//===- Model.cpp - Opens compiled models ----------------------------------===//

#include "compiler/runtime/Model.h"
#include <cstring>
#include <dlfcn.h>
#include <utility>

using namespace assay::runtime;

static std::string &errorText() {
  static thread_local std::string text;
  return text;
}

void assay::runtime::setError(std::string message) {
  errorText() = std::move(message);
}

const char *assay_error(void) { return errorText().c_str(); }

namespace {
struct TypeEntry {
  int32_t type;
  size_t bytes;
  const char *name;
};
} // namespace

static const TypeEntry *findType(int32_t type) {
  static const TypeEntry entries[] = {
      {ASSAY_FLOAT, 4, "float"},         {ASSAY_UINT8, 1, "uint8"},
      {ASSAY_INT8, 1, "int8"},           {ASSAY_UINT16, 2, "uint16"},
      {ASSAY_INT16, 2, "int16"},         {ASSAY_INT32, 4, "int32"},
      {ASSAY_INT64, 8, "int64"},         {ASSAY_BOOL, 1, "bool"},
      {ASSAY_FLOAT16, 2, "float16"},     {ASSAY_DOUBLE, 8, "double"},
      {ASSAY_UINT32, 4, "uint32"},       {ASSAY_UINT64, 8, "uint64"},
      {ASSAY_COMPLEX64, 8, "complex64"}, {ASSAY_COMPLEX128, 16, "complex128"},
      {ASSAY_BFLOAT16, 2, "bfloat16"},
  };
  for (const TypeEntry &entry : entries)
    if (entry.type == type)
      return &entry;
  return nullptr;
}

size_t assay_type_size(int32_t type) {
  const TypeEntry *entry = findType(type);
  return entry ? entry->bytes : 0;
}

const char *assay_type_name(int32_t type) {
  const TypeEntry *entry = findType(type);
  return entry ? entry->name : "undefined";
}

assay_model *assay_model_create(const assay_model_descriptor *descriptor) {
  if (!descriptor) {
    setError("assay_model_create: no descriptor is given");
    return nullptr;
  }
  if (descriptor->version != ASSAY_MODEL_VERSION) {
    setError(
        "the model has format version " + std::to_string(descriptor->version) +
        ", this runtime reads version " + std::to_string(ASSAY_MODEL_VERSION));
    return nullptr;
  }
  std::string missing = findMissingFeature(descriptor->features);
  if (!missing.empty()) {
    setError("the model needs the CPU feature " + missing +
             ", which this machine lacks");
    return nullptr;
  }
  auto *model = new assay_model;
  model->descriptor = descriptor;
  return model;
}

assay_model *assay_model_open(const char *path) {
  if (!path) {
    setError("assay_model_open: no path is given");
    return nullptr;
  }
  // dlopen searches the library path for names without a slash.
  std::string file = std::strchr(path, '/') ? path : std::string("./") + path;
  void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    setError(dlerror());
    return nullptr;
  }
  auto *descriptor = static_cast<const assay_model_descriptor *>(
      dlsym(library, ASSAY_MODEL_SYMBOL));
  assay_model *model = nullptr;
  if (!descriptor)
    setError(file + ": not a compiled model (no symbol " ASSAY_MODEL_SYMBOL
                    ")");
  else
    model = assay_model_create(descriptor);
  if (!model) {
    dlclose(library);
    return nullptr;
  }
  model->library = library;
  return model;
}

void assay_model_close(assay_model *model) {
  if (!model)
    return;
  if (model->library)
    dlclose(model->library);
  delete model;
}

const assay_model_descriptor *assay_model_describe(const assay_model *model) {
  return model ? model->descriptor : nullptr;
}
