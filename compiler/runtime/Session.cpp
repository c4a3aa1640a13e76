//===- Session.cpp - Runs a model -----------------------------------------===//

#include "compiler/runtime/Memory.h"
#include "compiler/runtime/Model.h"
#include "compiler/runtime/ThreadPool.h"
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

using namespace assay::runtime;

namespace {

/// Where one output of the current run goes.
struct Output {
  void *target = nullptr; // what the host program writes
  void *caller = nullptr; // the caller's buffer, or null
  size_t callerBytes = 0;
  size_t bytes = 0;
  const void *owned = nullptr; // what the last run handed out of `results`
  std::vector<int64_t> dims;
};

} // namespace

struct assay_session {
  assay_session(const assay_model_descriptor &model, int threads)
      : model(model), pool(threads), arena(model.arena_bytes),
        outputs(model.output_count) {
    for (uint32_t i = 0; i < model.output_count; ++i)
      outputs[i].dims.resize(static_cast<size_t>(model.outputs[i].rank));
  }

  const assay_model_descriptor &model;
  ThreadPool pool;
  Mapping arena;
  Region buffers; // of the host program; all free when a run starts
  Region results; // outputs the session owns; freed when a run starts
  std::vector<Output> outputs;
  std::vector<uint64_t> inputWords;
  std::vector<assay_kernel_profile> profile;
  std::string error;
};

static uint64_t nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u +
         static_cast<uint64_t>(now.tv_nsec);
}

//===----------------------------------------------------------------------===//
// The function table
//===----------------------------------------------------------------------===//

static void *getArena(void *opaque) {
  return static_cast<assay_session *>(opaque)->arena.data();
}

static bool runKernel(assay_session &session, uint32_t index,
                      const uint64_t *words) {
  const assay_kernel_info &kernel = session.model.kernels[index];
  if (session.profile.empty())
    return session.pool.run(kernel.run, words, kernel.count(words));
  uint64_t start = nanoseconds();
  bool done = session.pool.run(kernel.run, words, kernel.count(words));
  session.profile[index].nanoseconds += nanoseconds() - start;
  ++session.profile[index].launches;
  return done;
}

static int32_t launchKernel(void *opaque, uint32_t index,
                            const uint64_t *words) {
  auto &session = *static_cast<assay_session *>(opaque);
  if (runKernel(session, index, words))
    return 0;
  session.error = "no memory for the temporaries of a kernel of " +
                  std::string(session.model.kernels[index].operators);
  return 1;
}

static void *allocateIn(assay_session &session, Region &region, int64_t bytes) {
  void *buffer =
      bytes < 0 ? nullptr : region.allocate(static_cast<size_t>(bytes));
  if (!buffer)
    session.error =
        "cannot allocate a tensor of " + std::to_string(bytes) + " bytes";
  return buffer;
}

static void *allocateBuffer(void *opaque, int64_t bytes) {
  auto &session = *static_cast<assay_session *>(opaque);
  return allocateIn(session, session.buffers, bytes);
}

static void releaseBuffer(void *opaque, void *buffer) {
  static_cast<assay_session *>(opaque)->buffers.release(buffer);
}

static void *allocateOutput(void *opaque, uint32_t index, int64_t bytes) {
  auto &session = *static_cast<assay_session *>(opaque);
  Output &output = session.outputs[index];
  output.bytes = static_cast<size_t>(bytes);
  if (output.caller && bytes >= 0 && output.bytes > output.callerBytes) {
    session.error = "output " + std::string(session.model.outputs[index].name) +
                    " needs " + std::to_string(bytes) +
                    " bytes, the buffer given has " +
                    std::to_string(output.callerBytes);
    return nullptr;
  }
  bool aligned =
      reinterpret_cast<uintptr_t>(output.caller) % ASSAY_ALIGNMENT == 0;
  if (output.caller && aligned)
    output.target = output.caller;
  else
    output.target = allocateIn(session, session.results, bytes);
  return output.target;
}

static void setOutputShape(void *opaque, uint32_t index, const int64_t *dims) {
  std::vector<int64_t> &shape =
      static_cast<assay_session *>(opaque)->outputs[index].dims;
  shape.assign(dims, dims + shape.size());
}

static void recordFailure(void *opaque, const char *message) {
  static_cast<assay_session *>(opaque)->error = message;
}

static const assay_runtime functionTable = {
    getArena,       launchKernel,  allocateBuffer, allocateOutput,
    setOutputShape, recordFailure, releaseBuffer};

//===----------------------------------------------------------------------===//
// Inputs and outputs
//===----------------------------------------------------------------------===//

static std::string formatShape(const int64_t *dims, int32_t rank) {
  std::string text = "[";
  for (int32_t i = 0; i < rank; ++i) {
    text += i ? ", " : "";
    text += dims[i] < 0 ? "?" : std::to_string(dims[i]);
  }
  return text + "]";
}

/// Why `tensor` can't be the input `info`; empty when it can.
static std::string checkInput(const assay_value_info &info,
                              const assay_tensor &tensor) {
  std::string name = "input " + std::string(info.name);
  if (tensor.type != info.type)
    return name + " is " + assay_type_name(tensor.type) + ", the model takes " +
           assay_type_name(info.type);
  if (tensor.rank != info.rank)
    return name + " has rank " + std::to_string(tensor.rank) +
           ", the model takes " + formatShape(info.dims, info.rank);
  if (tensor.rank > 0 && !tensor.dims)
    return name + " has no dimensions";
  bool matches = true;
  size_t elements = 1;
  for (int32_t i = 0; matches && i < info.rank; ++i) {
    int64_t size = tensor.dims[i];
    matches = size >= 0 && (info.dims[i] < 0 || info.dims[i] == size);
    if (matches &&
        __builtin_mul_overflow(elements, static_cast<size_t>(size), &elements))
      return name + " has more elements than memory holds";
  }
  if (!matches)
    return name + " has shape " + formatShape(tensor.dims, tensor.rank) +
           ", the model takes " + formatShape(info.dims, info.rank);
  size_t bytes;
  if (__builtin_mul_overflow(elements, assay_type_size(info.type), &bytes) ||
      tensor.bytes < bytes)
    return name + " needs " + std::to_string(elements) +
           " elements, the buffer given has " + std::to_string(tensor.bytes) +
           " bytes";
  if (!tensor.data && bytes != 0)
    return name + " has no data";
  return "";
}

static bool overlaps(const assay_tensor &tensor, const void *data,
                     size_t bytes) {
  auto *begin = static_cast<const char *>(tensor.data);
  auto *other = static_cast<const char *>(data);
  return other && begin < other + bytes && other < begin + tensor.bytes;
}

/// Whether this run may write into `tensor`: to the caller's buffers, and over
/// results of the last run, which a recurrent state is fed back from.
static bool overlapsAnOutput(const assay_session &session,
                             const assay_tensor &tensor) {
  for (const Output &output : session.outputs)
    if (overlaps(tensor, output.caller, output.callerBytes) ||
        overlaps(tensor, output.owned, output.bytes))
      return true;
  return false;
}

/// The address handed to the host program: the caller's own where kernels may
/// read it in place, else a copy; null without memory.
static const void *placeInput(assay_session &session,
                              const assay_tensor &tensor) {
  bool aligned =
      reinterpret_cast<uintptr_t>(tensor.data) % ASSAY_ALIGNMENT == 0;
  if (tensor.data && aligned && !overlapsAnOutput(session, tensor))
    return tensor.data;
  void *copy = session.buffers.allocate(tensor.bytes);
  if (copy && tensor.data)
    std::memcpy(copy, tensor.data, tensor.bytes);
  return copy;
}

static int refuse(std::string message) {
  setError(std::move(message));
  return 1;
}

static int prepareInputs(assay_session &session, const assay_tensor *inputs) {
  session.inputWords.clear();
  for (uint32_t i = 0; i < session.model.input_count; ++i) {
    std::string reason = checkInput(session.model.inputs[i], inputs[i]);
    if (!reason.empty())
      return refuse(std::move(reason));
    const void *address = placeInput(session, inputs[i]);
    if (!address)
      return refuse("no memory for a copy of input " +
                    std::string(session.model.inputs[i].name));
    session.inputWords.push_back(reinterpret_cast<uintptr_t>(address));
    for (int32_t axis = 0; axis < inputs[i].rank; ++axis)
      session.inputWords.push_back(static_cast<uint64_t>(inputs[i].dims[axis]));
  }
  return 0;
}

static void deliverOutputs(assay_session &session, assay_tensor *tensors) {
  for (uint32_t i = 0; i < session.model.output_count; ++i) {
    Output &output = session.outputs[i];
    assay_tensor &tensor = tensors[i];
    if (output.caller && output.caller != output.target)
      std::memcpy(output.caller, output.target, output.bytes);
    output.owned = output.caller ? nullptr : output.target;
    tensor.data = output.caller ? output.caller : output.target;
    tensor.bytes = output.bytes;
    tensor.type = session.model.outputs[i].type;
    tensor.rank = session.model.outputs[i].rank;
    tensor.dims = output.dims.data();
  }
}

//===----------------------------------------------------------------------===//
// The public functions
//===----------------------------------------------------------------------===//

assay_session *assay_session_create(const assay_model *model, int threads) {
  if (!model) {
    setError("assay_session_create: no model is given");
    return nullptr;
  }
  const assay_model_descriptor &descriptor = *model->descriptor;
  auto *session = new assay_session(
      descriptor, threads > 0 ? threads : availableProcessors());
  if (descriptor.arena_bytes != 0 && !session->arena.data()) {
    setError("no memory for an arena of " +
             std::to_string(descriptor.arena_bytes) + " bytes");
    delete session;
    return nullptr;
  }
  return session;
}

void assay_session_destroy(assay_session *session) { delete session; }

int assay_session_threads(const assay_session *session) {
  return session ? session->pool.size() : 0;
}

int assay_session_run(assay_session *session, const assay_tensor *inputs,
                      size_t input_count, assay_tensor *outputs,
                      size_t output_count) {
  if (!session)
    return refuse("assay_session_run: no session is given");
  const assay_model_descriptor &model = session->model;
  if (input_count != model.input_count || output_count != model.output_count)
    return refuse("the model has " + std::to_string(model.input_count) +
                  " inputs and " + std::to_string(model.output_count) +
                  " outputs, the call gives " + std::to_string(input_count) +
                  " and " + std::to_string(output_count));
  if ((input_count != 0 && !inputs) || (output_count != 0 && !outputs))
    return refuse(std::string("assay_session_run: no ") +
                  (outputs || output_count == 0 ? "inputs" : "outputs") +
                  " are given");
  session->buffers.compact();
  session->results.reset();
  session->error.clear();
  for (size_t i = 0; i < output_count; ++i) {
    // A result of the last run that is handed in again is still the session's.
    Output &output = session->outputs[i];
    bool reused = outputs[i].data && outputs[i].data == output.owned;
    output.caller = reused ? nullptr : outputs[i].data;
    output.callerBytes = outputs[i].bytes;
  }
  if (int failed = prepareInputs(*session, inputs))
    return failed;
  if (model.run(&functionTable, session, session->inputWords.data()) != 0)
    return refuse(session->error);
  deliverOutputs(*session, outputs);
  return 0;
}

void assay_session_set_profiling(assay_session *session, int enabled) {
  if (!session)
    return;
  session->profile.clear();
  if (!enabled)
    return;
  for (uint32_t i = 0; i < session->model.kernel_count; ++i) {
    const assay_kernel_info &kernel = session->model.kernels[i];
    session->profile.push_back({kernel.name, kernel.operators, 0, 0});
  }
}

size_t assay_session_profile(const assay_session *session,
                             assay_kernel_profile *entries, size_t capacity) {
  if (!session)
    return 0;
  for (size_t i = 0; entries && i < session->profile.size() && i < capacity;
       ++i)
    entries[i] = session->profile[i];
  return session->model.kernel_count;
}
