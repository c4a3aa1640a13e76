//===- SessionTest.cpp ----------------------------------------------------===//
//
// Drives the C API with a model written by hand: y = x + 1 for a float vector
// of any length.
//
//===----------------------------------------------------------------------===//

#include "compiler/runtime/assay.h"
#include "gtest/gtest.h"
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

int32_t increment(const uint64_t *words, int64_t lo, int64_t hi) {
  auto *x = reinterpret_cast<const float *>(words[0]);
  auto *y = reinterpret_cast<float *>(words[2]);
  for (int64_t i = lo; i < hi; ++i)
    y[i] = x[i] + 1.0f;
  return words[1] == 14; // "no memory for temporaries"
}

int64_t countElements(const uint64_t *words) {
  return static_cast<int64_t>(words[1]);
}

int32_t runIncrement(const assay_runtime *runtime, void *session,
                     const uint64_t *inputs) {
  auto length = static_cast<int64_t>(inputs[1]);
  if (length == 13) {
    runtime->fail(session, "13 is not a length");
    return 1;
  }
  EXPECT_EQ(inputs[0] % ASSAY_ALIGNMENT, 0u);
  void *y = runtime->allocate_output(session, 0, length * 4);
  if (!y)
    return 1;
  uint64_t words[] = {inputs[0], inputs[1], reinterpret_cast<uintptr_t>(y),
                      inputs[1]};
  if (runtime->launch(session, 0, words) != 0)
    return 1;
  runtime->set_output_shape(session, 0, &length);
  return 0;
}

const int64_t dynamicDims[] = {-1};
const assay_value_info input = {"x", ASSAY_FLOAT, 1, dynamicDims};
const assay_value_info output = {"y", ASSAY_FLOAT, 1, dynamicDims};
const assay_kernel_info kernel = {"increment", "Add", increment, countElements};

assay_model_descriptor describe() {
  assay_model_descriptor model = {};
  model.version = ASSAY_MODEL_VERSION;
  model.input_count = model.output_count = model.kernel_count = 1;
  model.inputs = &input;
  model.outputs = &output;
  model.kernels = &kernel;
  model.run = runIncrement;
  return model;
}

class Session : public testing::Test {
protected:
  void SetUp() override {
    model = assay_model_create(&descriptor);
    ASSERT_NE(model, nullptr);
    session = assay_session_create(model, 2);
    ASSERT_NE(session, nullptr);
  }
  void TearDown() override {
    assay_session_destroy(session);
    assay_model_close(model);
  }
  assay_tensor wrap(std::vector<float> &values) {
    length = static_cast<int64_t>(values.size());
    return {values.data(), values.size() * 4, ASSAY_FLOAT, 1, &length};
  }

  assay_model_descriptor descriptor = describe();
  assay_model *model = nullptr;
  assay_session *session = nullptr;
  int64_t length = 0;
};

TEST_F(Session, OwnsResultsByDefault) {
  std::vector<float> values = {1, 2, 3};
  assay_tensor x = wrap(values), y = {};
  for (int run = 0; run < 3; ++run) { // y of the last run is handed in again
    ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
    ASSERT_EQ(y.rank, 1);
    EXPECT_EQ(y.dims[0], 3);
    EXPECT_EQ(y.bytes, 12u);
    EXPECT_EQ(static_cast<float *>(y.data)[2], 4.0f);
  }
}

TEST_F(Session, WritesToTheCallersBuffer) {
  std::vector<float> values(1000, 2.0f), result(1001, 0.0f);
  assay_tensor x = wrap(values);
  // Off by one element: not aligned for kernels.
  assay_tensor y = {result.data() + 1, 4000, 0, 0, nullptr};
  ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
  EXPECT_EQ(result[1], 3.0f);
  EXPECT_EQ(result[1000], 3.0f);
  EXPECT_EQ(result[0], 0.0f);
}

TEST_F(Session, WritesInPlaceOfAnInput) {
  std::vector<float> values = {1, 2, 3, 4};
  assay_tensor x = wrap(values), y = x;
  ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
  EXPECT_EQ(values, (std::vector<float>{2, 3, 4, 5}));
}

TEST_F(Session, TakesItsLastResultAsInput) {
  std::vector<float> values = {1, 2, 3, 4};
  assay_tensor x = wrap(values), y = {};
  ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
  float *first = static_cast<float *>(y.data);
  for (int run = 0; run < 3; ++run) {
    assay_tensor state = y;
    state.dims = &length;
    y = {};
    ASSERT_EQ(assay_session_run(session, &state, 1, &y, 1), 0) << assay_error();
  }
  EXPECT_EQ(static_cast<float *>(y.data)[3], 8.0f);
  EXPECT_EQ(y.data, first); // which is why the input must be a copy
}

// A child of fork has the memory of the pool but none of its threads.
TEST_F(Session, RunsAndEndsInAChildProcess) {
  std::vector<float> values(100, 1.0f);
  assay_tensor x = wrap(values), y = {};
  ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(10);
    int status = assay_session_run(session, &x, 1, &y, 1);
    assay_session_destroy(session);
    _exit(status != 0 || values[99] != 1.0f);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(Session, RefusesASmallBuffer) {
  std::vector<float> values = {1, 2, 3}, result(2);
  assay_tensor x = wrap(values);
  assay_tensor y = {result.data(), 8, 0, 0, nullptr};
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(),
               "output y needs 12 bytes, the buffer given has 8");
}

TEST_F(Session, RefusesWrongInputs) {
  std::vector<float> values = {1, 2, 3};
  assay_tensor x = wrap(values), y = {};
  x.type = ASSAY_INT64;
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(), "input x is int64, the model takes float");
  x = wrap(values);
  x.rank = 0;
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(), "input x has rank 0, the model takes [?]");
  x = wrap(values);
  x.rank = INT32_MAX; // more than there are dims to read
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(),
               "input x has rank 2147483647, the model takes [?]");
  x = wrap(values);
  x.dims = nullptr;
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(), "input x has no dimensions");
  x = wrap(values);
  x.bytes = 8;
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 0), 0);
}

TEST_F(Session, RefusesNoTensors) {
  std::vector<float> values = {1};
  assay_tensor x = wrap(values), y = {};
  EXPECT_NE(assay_session_run(session, nullptr, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(), "assay_session_run: no inputs are given");
  EXPECT_NE(assay_session_run(session, &x, 1, nullptr, 1), 0);
  EXPECT_STREQ(assay_error(), "assay_session_run: no outputs are given");
  x.data = nullptr;
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(), "input x has no data");
  assay_session_set_profiling(session, 1);
  EXPECT_EQ(assay_session_profile(session, nullptr, 1), 1u);
}

TEST(NoSession, IsRefused) {
  EXPECT_EQ(assay_session_create(nullptr, 1), nullptr);
  EXPECT_STREQ(assay_error(), "assay_session_create: no model is given");
  EXPECT_NE(assay_session_run(nullptr, nullptr, 0, nullptr, 0), 0);
  EXPECT_STREQ(assay_error(), "assay_session_run: no session is given");
  EXPECT_EQ(assay_session_threads(nullptr), 0);
  EXPECT_EQ(assay_session_profile(nullptr, nullptr, 1), 0u);
  assay_session_set_profiling(nullptr, 1);
  assay_session_destroy(nullptr);
}

TEST_F(Session, ReportsFailuresOfTheModel) {
  std::vector<float> values(13);
  assay_tensor x = wrap(values), y = {};
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(), "13 is not a length");
}

TEST_F(Session, ReportsKernelsWithoutMemory) {
  std::vector<float> values(14);
  assay_tensor x = wrap(values), y = {};
  EXPECT_NE(assay_session_run(session, &x, 1, &y, 1), 0);
  EXPECT_STREQ(assay_error(),
               "no memory for the temporaries of a kernel of Add");
  values.resize(15);
  x = wrap(values);
  EXPECT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
}

TEST_F(Session, TakesEmptyTensors) {
  std::vector<float> values;
  assay_tensor x = wrap(values), y = {};
  ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0) << assay_error();
  EXPECT_EQ(y.dims[0], 0);
  EXPECT_EQ(y.bytes, 0u);
}

TEST_F(Session, CountsLaunches) {
  std::vector<float> values = {1};
  assay_tensor x = wrap(values), y = {};
  assay_session_set_profiling(session, 1);
  for (int run = 0; run < 3; ++run)
    ASSERT_EQ(assay_session_run(session, &x, 1, &y, 1), 0);
  assay_kernel_profile entry;
  ASSERT_EQ(assay_session_profile(session, &entry, 1), 1u);
  EXPECT_STREQ(entry.name, "increment");
  EXPECT_EQ(entry.launches, 3u);
}

TEST(Model, RefusesOtherVersionsAndMissingFeatures) {
  assay_model_descriptor other = describe();
  other.version = ASSAY_MODEL_VERSION + 1;
  EXPECT_EQ(assay_model_create(&other), nullptr);
  EXPECT_NE(std::strstr(assay_error(), "format version"), nullptr);
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("amx-tile")) {
    other = describe();
    other.features = "+avx2,+amx-tile";
    EXPECT_EQ(assay_model_create(&other), nullptr);
    EXPECT_NE(std::strstr(assay_error(), "CPU feature amx-tile"), nullptr);
  }
#endif
}

TEST(Model, RefusesNothing) {
  EXPECT_EQ(assay_model_open(nullptr), nullptr);
  EXPECT_STREQ(assay_error(), "assay_model_open: no path is given");
  EXPECT_EQ(assay_model_create(nullptr), nullptr);
  EXPECT_STREQ(assay_error(), "assay_model_create: no descriptor is given");
  EXPECT_EQ(assay_model_describe(nullptr), nullptr);
  assay_model_close(nullptr);
}

TEST(Model, RefusesWhatIsNoLibrary) {
  EXPECT_EQ(assay_model_open("/nonexistent/model.so"), nullptr);
  EXPECT_NE(std::strstr(assay_error(), "/nonexistent/model.so"), nullptr);
}

} // namespace
