#!/bin/bash
# Installs a build to a fresh prefix and uses it from an outside project: find_package, the headers, the library, the program.
#   run.sh BUILD_FOLDER SCRATCH_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 scratch=$2 source=$3
rm -rf "$scratch"
mkdir -p "$scratch"
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
cmake -S "$source/tests/install" -B "$scratch/outside" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
cmake --build "$scratch/outside" >/dev/null
"$scratch/outside/outside"
"$scratch/prefix/bin/ezkl" --version
