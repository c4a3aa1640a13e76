#!/bin/bash
# Installs what is missing, builds, and runs the main job: writes a
# NAS-Bench-201 network as ONNX from its spec, compiles it, runs it, measures
# its latency, writes it as text, predicts its accuracy, and shows the row that
# this left in the database.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh
build=build/release
[ -f "$build/build.ninja" ] || cmake --preset release >/dev/null
cmake --build --preset release --target assay

assay=$build/bin/assay
folder=$build/demo
spec='|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|'
mkdir -p "$folder"

# Shows a command, then runs it.
run() {
  local word line=
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9_./=-]+$ ]] || word="'$word'"
    line+=" $word"
  done
  printf '\n$%s\n' "$line"
  "$@"
}
run "$assay" space emit nasbench201 "$spec" -o "$folder/cell.onnx"
run "$assay" compile "$folder/cell.onnx" -o "$folder/cell.so"
run "$assay" run "$folder/cell.onnx" --output-dir "$folder/outputs"
run "$assay" bench "$folder/cell.onnx" --threads 1
run "$assay" describe "$folder/cell.onnx"
run "$assay" predict "$folder/cell.onnx" --latency --json=false --db "$folder/bench.db"
run "$assay" db query "SELECT substr(canonical_hash, 1, 8) AS graph, params, macs, mean, uncertainty, median_ns FROM graphs JOIN predictions ON predictions.graph = graphs.id JOIN latencies ON latencies.graph = graphs.id" --db "$folder/bench.db"
