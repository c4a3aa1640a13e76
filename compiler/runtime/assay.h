/*===- assay.h - Run a compiled model ----------------------------*- C -*-===*\
|*
|* The whole of what an application needs to run a model that `assay compile`
|* wrote. Link with libassay_runtime.
|*
|*   assay_model *model = assay_model_open("model.so");
|*   assay_session *session = assay_session_create(model, 2);
|*   int64_t dims[] = {1, 3, 224, 224};
|*   assay_tensor in = {pixels, sizeof(pixels), ASSAY_FLOAT, 4, dims};
|*   assay_tensor out = {0};
|*   if (assay_session_run(session, &in, 1, &out, 1) != 0)
|*     fprintf(stderr, "%s\n", assay_error());
|*
|* A model may be shared by threads; a session serves one thread at a time.
|* Null for a model, session, path or array is refused like any other failure:
|* with the value the function returns for it and the reason in assay_error().
|* Functions that can't fail return null or 0 for it, or do nothing.
|*
\*===----------------------------------------------------------------------===*/

#ifndef ASSAY_COMPILER_RUNTIME_ASSAY_H
#define ASSAY_COMPILER_RUNTIME_ASSAY_H

#include "assay_model.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Element types, numbered as ONNX numbers them. Booleans take one byte. */
typedef enum assay_type {
  ASSAY_UNDEFINED = 0,
  ASSAY_FLOAT = 1,
  ASSAY_UINT8 = 2,
  ASSAY_INT8 = 3,
  ASSAY_UINT16 = 4,
  ASSAY_INT16 = 5,
  ASSAY_INT32 = 6,
  ASSAY_INT64 = 7,
  ASSAY_BOOL = 9,
  ASSAY_FLOAT16 = 10,
  ASSAY_DOUBLE = 11,
  ASSAY_UINT32 = 12,
  ASSAY_UINT64 = 13,
  ASSAY_COMPLEX64 = 14,
  ASSAY_COMPLEX128 = 15,
  ASSAY_BFLOAT16 = 16
} assay_type;

typedef struct assay_model assay_model;
typedef struct assay_session assay_session;

/* A dense row-major tensor. */
typedef struct assay_tensor {
  void *data;
  size_t bytes; /* size of the memory at data, at least that of the tensor */
  int32_t type; /* assay_type */
  int32_t rank;
  const int64_t *dims; /* rank sizes */
} assay_tensor;

/* The text of this thread's last failure; never null. */
const char *assay_error(void);

/* Bytes of one element, or 0 when `type` is no assay_type. */
size_t assay_type_size(int32_t type);
/* Lower-case name such as "float" or "int64"; "undefined" otherwise. */
const char *assay_type_name(int32_t type);

/* Opens a model library. Null when it can't be loaded, is not a model, is of
 * another version, or needs CPU features this machine lacks. */
assay_model *assay_model_open(const char *path);
/* A model from a descriptor that stays valid as long as the model. */
assay_model *assay_model_create(const assay_model_descriptor *descriptor);
/* Frees the model; its sessions must be destroyed before. */
void assay_model_close(assay_model *model);
/* The inputs, outputs and kernels of the model; lives as long as it. */
const assay_model_descriptor *assay_model_describe(const assay_model *model);

/* A session with its own arena and thread pool. `threads` counts the calling
 * thread; 0 and less mean all processors this process may use. Null when there
 * is no memory for the arena. */
assay_session *assay_session_create(const assay_model *model, int threads);
/* Frees the session and the results it owns. */
void assay_session_destroy(assay_session *session);
/* The threads that run it, at least 1; fewer than asked for when the system
 * refused to start them. */
int assay_session_threads(const assay_session *session);

/* Runs the model once. Inputs are only read. Where outputs[i].data is null the
 * session owns the result, which lives until its next run or end and may be an
 * input of that run; else the result is written to the memory given, which
 * fails when outputs[i].bytes is too small. `type`, `rank`, `dims` and `bytes`
 * of outputs are set by the run; `dims` is always the session's. Buffers
 * aligned to ASSAY_ALIGNMENT spare a copy. Returns 0, or non-zero with the
 * reason in assay_error(). */
int assay_session_run(assay_session *session, const assay_tensor *inputs,
                      size_t input_count, assay_tensor *outputs,
                      size_t output_count);

/* Time spent in one kernel since profiling was switched on. */
typedef struct assay_kernel_profile {
  const char *name;
  const char *operators; /* ONNX operators it stands for: "Conv+Relu" */
  uint64_t launches;
  uint64_t nanoseconds;
} assay_kernel_profile;

/* Switches profiling on (and resets the counts) or off. */
void assay_session_set_profiling(assay_session *session, int enabled);
/* Fills at most `capacity` entries, in the descriptor's order of kernels.
 * Returns the number of kernels. Entries are left alone while profiling is off.
 */
size_t assay_session_profile(const assay_session *session,
                             assay_kernel_profile *entries, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif /* ASSAY_COMPILER_RUNTIME_ASSAY_H */
