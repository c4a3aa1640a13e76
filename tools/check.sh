#!/bin/bash
# Installs what is missing, builds, and runs every test. The last line counts
# them: "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh
preset=${1:-release}
build=build/$preset
[ -f "$build/build.ninja" ] || cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"

status=0
ctest --test-dir "$build" --output-on-failure -j "$(nproc)" || status=$?
python3 test/summarize.py "$build/Testing/Temporary/LastTest.log"
exit $status
