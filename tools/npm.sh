#!/bin/bash
# Makes the npm package in dist/: compiles its addon and packs it with libezkl.so.1 and the libraries that a bare Linux
# lacks. Prints the package's path.
#   bash tools/npm.sh
#   EZKL_LIB_DIR   (environment) the folder of a libezkl.so.1; otherwise it is built into build/
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${EZKL_LIB_DIR:-}" ]; then
  bash tools/setup.sh release libezkl.so >&2
  EZKL_LIB_DIR=build/src/capi
fi
bash javascript/build.sh "$EZKL_LIB_DIR"
python3 javascript/build_package.py "$EZKL_LIB_DIR" dist
