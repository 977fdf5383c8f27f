#!/bin/bash
# Makes the Python wheel in dist/: builds program and library so that they find the libraries beside them, and packs
# them with the package of python/. Prints the wheel's path.
#   bash tools/wheel.sh [FOLDER]     FOLDER: build-wheel (default), where it is built
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build-wheel}
# Old-style run paths count for libraries of libraries too.
[ -f "$build/build.ninja" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DEZKL_TESTS=OFF \
  -DEZKL_BENCH=OFF \
  '-DCMAKE_INSTALL_RPATH=$ORIGIN;$ORIGIN/../lib' -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags \
  -DCMAKE_SHARED_LINKER_FLAGS=-Wl,--disable-new-dtags -DCMAKE_INSTALL_LIBDIR=lib >&2
cmake --build "$build" --target ezkl ezkl_cli >&2
rm -rf "$build/stage"
cmake --install "$build" --prefix "$build/stage" --strip >/dev/null
python3 python/build_wheel.py "$build/stage" dist
