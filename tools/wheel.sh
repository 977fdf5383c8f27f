#!/bin/bash
# Makes the Python wheel in dist/: installs what a build needs, builds program and library in build-wheel/ so that they find
# the libraries beside them, and packs them with the package of python/. Prints the wheel's path.
#   bash tools/wheel.sh
set -euo pipefail
cd "$(dirname "$0")/.."
build=build-wheel
# Ninja takes `ezkl` for the program of that name, so the library goes by its file's.
bash tools/setup.sh wheel ezkl_cli libezkl.so >&2
rm -rf "$build/stage"
for component in program library; do
  cmake --install "$build" --prefix "$build/stage" --component "$component" --strip >/dev/null
done
python3 python/build_wheel.py "$build/stage" dist
