# ASSAY_NATIVE_OPTIONS: what lets the compiler use the vector instructions of
# the machine that builds. By level, because ccache would give what
# -march=native made on one machine to another.
include(CheckCXXSourceRuns)

set(ASSAY_NATIVE_OPTIONS)
foreach(level x86-64-v4 x86-64-v3)
  string(MAKE_C_IDENTIFIER "ASSAY_HAS_${level}" has_level)
  check_cxx_source_runs(
    "int main() { return __builtin_cpu_supports(\"${level}\") ? 0 : 1; }"
    ${has_level})
  if(${has_level})
    set(ASSAY_NATIVE_OPTIONS -march=${level})
    break()
  endif()
endforeach()
