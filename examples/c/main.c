/*===- main.c - Runs a compiled model from C ---------------------*- C -*-===*\
|*
|*   assay compile model.onnx -o model.so
|*   cc main.c -lassay_runtime -o example
|*   ./example model.so 2
|*
|* Every input is filled with ones, dynamic dimensions are 1. Prints the shape
|* and the first elements of each output.
|*
\*===----------------------------------------------------------------------===*/

#include "compiler/runtime/assay.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(void) {
  fprintf(stderr, "error: %s\n", assay_error());
  return 1;
}

static void fill_with_ones(assay_tensor *tensor) {
  size_t element = assay_type_size(tensor->type);
  memset(tensor->data, 0, tensor->bytes);
  for (size_t at = 0; at < tensor->bytes; at += element) {
    char *target = (char *)tensor->data + at;
    float one = 1.0f;
    if (tensor->type == ASSAY_FLOAT)
      memcpy(target, &one, sizeof(one));
    else
      *target = 1; /* little-endian integers and booleans */
  }
}

/* Memory and dimensions of an input, freed with the process. */
static int make_input(const assay_value_info *info, assay_tensor *tensor) {
  int64_t *dims = malloc(sizeof(int64_t) * (size_t)(info->rank + 1));
  size_t bytes = assay_type_size(info->type);
  if (!dims)
    return 0;
  for (int32_t axis = 0; axis < info->rank; ++axis) {
    dims[axis] = info->dims[axis] < 0 ? 1 : info->dims[axis];
    bytes *= (size_t)dims[axis];
  }
  tensor->data = aligned_alloc(ASSAY_ALIGNMENT,
                               (bytes / ASSAY_ALIGNMENT + 1) * ASSAY_ALIGNMENT);
  tensor->bytes = bytes;
  tensor->type = info->type;
  tensor->rank = info->rank;
  tensor->dims = dims;
  if (!tensor->data)
    return 0;
  fill_with_ones(tensor);
  return 1;
}

static void print_output(const assay_value_info *info,
                         const assay_tensor *tensor) {
  printf("%s: %s[", info->name, assay_type_name(tensor->type));
  for (int32_t axis = 0; axis < tensor->rank; ++axis)
    printf("%s%" PRId64, axis ? ", " : "", tensor->dims[axis]);
  printf("]");
  if (tensor->type == ASSAY_FLOAT)
    for (size_t i = 0; i < tensor->bytes / sizeof(float) && i < 4; ++i)
      printf(" %g", ((const float *)tensor->data)[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s MODEL.so [THREADS]\n", argv[0]);
    return 2;
  }
  assay_model *model = assay_model_open(argv[1]);
  if (!model)
    return fail();
  assay_session *session =
      assay_session_create(model, argc > 2 ? atoi(argv[2]) : 1);
  if (!session)
    return fail();

  const assay_model_descriptor *info = assay_model_describe(model);
  assay_tensor *inputs = calloc(info->input_count + 1, sizeof(assay_tensor));
  assay_tensor *outputs = calloc(info->output_count + 1, sizeof(assay_tensor));
  if (!inputs || !outputs)
    return 1;
  for (uint32_t i = 0; i < info->input_count; ++i)
    if (!make_input(&info->inputs[i], &inputs[i]))
      return 1;
  if (assay_session_run(session, inputs, info->input_count, outputs,
                        info->output_count) != 0)
    return fail();
  for (uint32_t i = 0; i < info->output_count; ++i)
    print_output(&info->outputs[i], &outputs[i]);

  assay_session_destroy(session);
  assay_model_close(model);
  return 0;
}
