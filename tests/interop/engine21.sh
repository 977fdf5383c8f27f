#!/bin/bash
# usage: engine21.sh PATH_TO_EZKL [FOLDER WITH network.onnx AND input.json [GEN-SETTINGS ARGUMENTS …]]
# A KZG proof of ours in Node: npm's @ezkljs/engine 21.0.0, installed in a folder that is removed at the end, verifies it.
set -euo pipefail
program=$(realpath "$1")
tests=$(cd "$(dirname "$0")" && pwd)
model=$tests/../data/models/mlp.onnx data=$tests/../data/models/mlp_input.json
arguments=(-K 8 --decomp-base 64 --decomp-legs 4)
if [ $# -gt 1 ]; then
  model=$(realpath "$2")/network.onnx data=$(realpath "$2")/input.json arguments=("${@:3}")
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --prefix engine @ezkljs/engine@21.0.0
cp "$model" network.onnx
cp "$data" input.json
quietly() { "$program" "$@" >log 2>&1 || { cat log; exit 1; }; }
# the engine is older than Freivalds' argument
quietly gen-settings --disable-freivalds "${arguments[@]}"
quietly compile-circuit
quietly gen-srs --srs-path kzg.srs --logrows "$(sed 's/.*"logrows":\([0-9]*\).*/\1/' settings.json)"
quietly setup --srs-path kzg.srs
quietly gen-witness
quietly prove --srs-path kzg.srs
node "$tests/engine21.mjs" "$work/engine/node_modules/@ezkljs/engine" proof.json settings.json vk.key kzg.srs
