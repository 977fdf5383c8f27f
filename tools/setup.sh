#!/bin/bash
# Installs what a build needs on Debian 12 (only what is missing), configures and builds into build/.
# A second run finds everything in place and builds nothing again.
#   bash tools/setup.sh [PRESET [TARGET ...]]     PRESET: release (default) or another of CMakePresets.json
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
[ $# -gt 0 ] && shift

packages=(g++ cmake ninja-build pkg-config ccache libonnx-dev libprotobuf-dev protobuf-compiler libcli11-dev
  nlohmann-json3-dev libspdlog-dev libfmt-dev libgmp-dev libgtest-dev libgmock-dev libbenchmark-dev libcrypto++-dev
  libxxhash-dev libcurl4-openssl-dev libsecp256k1-dev zlib1g-dev libboost-dev libsqlitecpp-dev)
[ "$preset" = clang ] && packages+=(clang)
[[ "$preset" =~ ^(asan|fuzz-coverage)$ ]] && packages+=(clang llvm libclang-rt-14-dev)
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

build=build
[ "$preset" = release ] || build=build-$preset
[ -f "$build/build.ninja" ] || cmake --preset "$preset"
targets=()
[ $# -gt 0 ] && targets=(--target "$@")
cmake --build "$build" "${targets[@]}"
