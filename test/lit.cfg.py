# Configuration of the lit suites. docs/testing.md lists what a test may use.

import os
import shutil

import lit.formats

config.name = "Assay"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "unit"]
config.test_source_root = os.path.join(config.assay_source_dir, "test")
config.test_exec_root = os.path.join(config.assay_binary_dir, "test")

# assay, assay-opt, FileCheck, not, count, split-file are found by name.
config.environment["PATH"] = os.pathsep.join(
    [config.assay_program_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
for name in ["HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.environment["ASSAY_CACHE"] = os.path.join(config.test_exec_root, "cache")

shared = os.path.join(os.path.dirname(config.assay_source_dir), "shared")
onnx_data = "/usr/share/libonnx-testdata/data"
config.substitutions.append(("%shared", shared))
config.substitutions.append(("%onnx_data", onnx_data))


def cpu_flags():
    try:
        with open("/proc/cpuinfo") as cpuinfo:
            for line in cpuinfo:
                if line.startswith("flags"):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


flags = cpu_flags()
features = {
    "shared": os.path.isdir(shared),
    "onnx-data": os.path.isdir(onnx_data),
    "avx2": {"avx2", "fma"} <= flags,
    "avx512": {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= flags,
    "asan": config.sanitized,
    "cc": shutil.which("cc") is not None,
}
config.available_features.update(name for name, on in features.items() if on)
