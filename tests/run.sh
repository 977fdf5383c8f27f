#!/bin/bash
# Installs and builds what is missing, then runs every test that is not labelled slow or interop.
#   bash tests/run.sh [further arguments of ctest]
set -euo pipefail
cd "$(dirname "$0")/.."
bash tools/setup.sh
ctest --test-dir build --output-on-failure -j "$(nproc)" -LE 'slow|interop' "$@"
