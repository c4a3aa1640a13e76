/*===- assay_model.h - What a compiled model exports and calls ---*- C -*-===*\
|*
|* The binary contract between a compiled model and the runtime. A model library
|* exports one symbol, `assay_model_descriptor`, and reaches every service
|* through the function table `assay_runtime`; it has no undefined symbols but
|* those of libc and libm. Users of models want assay.h.
|*
\*===----------------------------------------------------------------------===*/

#ifndef ASSAY_COMPILER_RUNTIME_ASSAY_MODEL_H
#define ASSAY_COMPILER_RUNTIME_ASSAY_MODEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a struct of this header or a kernel's calling convention
 * changes. The runtime opens only models of its own version. */
#define ASSAY_MODEL_VERSION 3

/* Alignment of the arena, of weights, and of every buffer passed to a kernel.
 */
#define ASSAY_ALIGNMENT 64

/* A kernel works on the units [lo, hi) of its `count`. `words` holds, for each
 * argument in order, a buffer's address followed by one word for each dynamic
 * dimension, or the zero-extended bits of a scalar. Returns 0, or non-zero when
 * there is no memory for its temporaries; what it writes is of no use then. */
typedef int32_t (*assay_kernel_fn)(const uint64_t *words, int64_t lo,
                                   int64_t hi);
typedef int64_t (*assay_count_fn)(const uint64_t *words);

/* The services of the runtime. `session` is the pointer handed to `run`. */
typedef struct assay_runtime {
  /* The session's arena, of the descriptor's arena_bytes. */
  void *(*arena)(void *session);
  /* Runs all units of kernel number `index` of the descriptor and waits.
   * Returns 0, or non-zero with the error recorded. */
  int32_t (*launch)(void *session, uint32_t index, const uint64_t *words);
  /* An uninitialised buffer that lives until its release or the end of the run;
   * null, with the error recorded, when there is no memory or `bytes` is
   * negative. */
  void *(*allocate)(void *session, int64_t bytes);
  /* The buffer of output `index`, written before the run ends. Null as above.
   * Called once for each output. */
  void *(*allocate_output)(void *session, uint32_t index, int64_t bytes);
  /* States the dimensions of output `index`, as many as its rank. */
  void (*set_output_shape)(void *session, uint32_t index, const int64_t *dims);
  /* Records why the run fails; `run` returns non-zero right after. */
  void (*fail)(void *session, const char *message);
  /* Ends the life of a buffer that allocate gave. */
  void (*release)(void *session, void *buffer);
} assay_runtime;

/* The host program. `inputs` holds for each graph input its address followed by
 * all its dimensions. Returns 0, or non-zero after an error was recorded. */
typedef int32_t (*assay_run_fn)(const assay_runtime *runtime, void *session,
                                const uint64_t *inputs);

/* An input or output. `type` is an assay_type; dynamic dimensions are -1. */
typedef struct assay_value_info {
  const char *name;
  int32_t type;
  int32_t rank;
  const int64_t *dims;
} assay_value_info;

typedef struct assay_kernel_info {
  const char *name;
  const char *operators; /* ONNX operators it stands for: "Conv+Relu" */
  assay_kernel_fn run;
  assay_count_fn count;
} assay_kernel_info;

typedef struct assay_model_descriptor {
  uint32_t version;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t kernel_count;
  const assay_value_info *inputs;
  const assay_value_info *outputs;
  const assay_kernel_info *kernels;
  /* CPU features the code needs, as LLVM names them: "+avx2,+fma". */
  const char *features;
  uint64_t arena_bytes;
  uint64_t weights_bytes;
  const void *weights;
  assay_run_fn run;
} assay_model_descriptor;

#define ASSAY_MODEL_SYMBOL "assay_model_descriptor"

#ifdef __cplusplus
}
#endif

#endif /* ASSAY_COMPILER_RUNTIME_ASSAY_MODEL_H */
