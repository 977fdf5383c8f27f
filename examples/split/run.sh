#!/bin/bash
# A model in three parts: the digit-reading network in examples/digits is cut, its parts are proved by three processes
# at the same time, and the chain is verified. Then the middle part is proved again on another image: each proof still
# holds, and the chain is refused. Installs what is missing and builds the program first.
#   bash examples/split/run.sh [LINK]
# LINK  hashed (default), polycommit or public
# EZKL  (environment) the ezkl program, when it is built already
set -euo pipefail
link=${1:-hashed}
here=$(cd "$(dirname "$0")" && pwd)
ezkl=${EZKL:-}
if [ -z "$ezkl" ]; then
  bash "$here/../../tools/setup.sh" release ezkl_cli >&2
  ezkl=$here/../../build/ezkl
fi
ezkl=$(realpath "$ezkl")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/../digits/network.onnx" "$here/../digits/input.json" "$work"
cd "$work"
export EZKL_LOG=${EZKL_LOG:-error}

step() {
  echo "== ezkl $*"
  "$ezkl" "$@"
}

step split --at relu,flat --link "$link" --param-visibility fixed
step gen-srs --srs-path kzg.srs --logrows 14
digest=$(step setup --split split --srs-path kzg.srs | tee /dev/stderr | sed -n 's/^digest: //p')
step gen-witness --split split -D input.json

echo "== ezkl prove, in three folders at once"
pids=()
for part in split/part-*; do
  (cd "$part" && "$ezkl" prove --srs-path ../../kzg.srs >/dev/null) &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
step verify --split split --srs-path kzg.srs --digest "$digest"

echo "== the middle part proved again, on its input with the first value replaced"
cd split/part-2
sed -i 's/\[\["[0-9a-f]*"/[["0100000000000000000000000000000000000000000000000000000000000000"/' input.json
step gen-witness >/dev/null
step prove --srs-path ../../kzg.srs >/dev/null
step verify --srs-path ../../kzg.srs
cd ../..
if step verify --split split --srs-path kzg.srs --digest "$digest"; then
  echo "a chain with an altered link was accepted" >&2
  exit 1
fi
echo
echo "The chain of three proofs was accepted, and refused once one part had run on something else."
