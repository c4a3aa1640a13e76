#!/bin/bash
# Fails, naming the places, unless every C and C++ source is formatted.
set -euo pipefail
cd "$(dirname "$0")/.."

find . -path ./build -prune -o -type f \( -name '*.cpp' -o -name '*.h' -o -name '*.c' \) -print0 |
  xargs -0 clang-format-22 --dry-run --Werror
