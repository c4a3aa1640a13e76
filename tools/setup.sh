#!/bin/bash
# Installs the Debian 12 packages that building and testing Assay needs, if any
# is missing, as root or with sudo.
set -euo pipefail

packages=(
  clang-22 clang-format-22 clang-tidy-22 libclang-rt-22-dev lld-22 liblld-22-dev
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools
  libonnx-dev libonnx-testdata libprotobuf-dev protobuf-compiler
  libboost-graph-dev libeigen3-dev libsqlite3-dev libsqlitecpp-dev libzstd-dev libmimalloc-dev
  zlib1g-dev
  libgtest-dev libbenchmark-dev
  ccache cmake ninja-build pkg-config python3
)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] ||
    missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  sudo=
  if [ "$(id -u)" != 0 ]; then
    sudo=$(command -v sudo) || {
      echo "setup: run as root, or install sudo, to install: ${missing[*]}" >&2
      exit 1
    }
  fi
  echo "setup: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  $sudo apt-get -qq update
  $sudo apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
fi

version=$(dpkg-query -W -f '${Version}' libmlir-22-dev)
if ! dpkg --compare-versions "${version#*:}" ge 22.1; then
  echo "setup: MLIR 22.1 or newer is needed, found $version" >&2
  exit 1
fi
