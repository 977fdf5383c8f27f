#!/bin/bash
# From a model to a verification on a chain: the digit-reading network in examples/digits is proved, its Solidity
# verifier is deployed to a local node that this script starts and stops, and the proof is verified there. A changed
# proof is refused. Installs what is missing and builds the program first.
#   bash examples/onchain/run.sh [NODE SOLC]
# NODE  the program `anvil` (github.com/foundry-rs/foundry)
# SOLC  a Solidity compiler of version 0.8.20 or later: `solc`, `solcjs`, or a Node script that reads standard JSON
# EZKL  (environment) the ezkl program, when it is built already
# Without NODE and SOLC both are fetched as npm packages into build/evm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ $# = 0 ]; then
  bash "$here/../../tests/evm/tools.sh" || { [ $? = 77 ] && echo "skipped: no local node without npm" && exit 0; }
  set -- "$here/../../build/evm/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil" "$here/../../build/evm/solc.mjs"
elif [ $# -ne 2 ]; then
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0" >&2
  exit 2
fi
node=$(realpath "$1")
solc=$(realpath "$2")
ezkl=${EZKL:-}
if [ -z "$ezkl" ]; then
  bash "$here/../../tools/setup.sh" release ezkl_cli >&2
  ezkl=$here/../../build/ezkl
fi
ezkl=$(realpath "$ezkl")
work=$(mktemp -d)
chain=
cleanup() {
  [ -z "$chain" ] || kill "$chain" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
cp "$here/../digits/network.onnx" "$here/../digits/input.json" "$work"
cd "$work"
export EZKL_SOLC=$solc

step() {
  echo "== ezkl $*"
  "$ezkl" "$@" >/dev/null
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
"$node" --host 127.0.0.1 --port "$port" --silent >/dev/null &
chain=$!
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "$chain" 2>/dev/null || { echo "the node $node ended" >&2; exit 1; }
  sleep 0.1
done

step gen-settings --logrows 13 --decomp-base 1024 --decomp-legs 3 --param-visibility fixed
step compile-model
step gen-srs --srs-path kzg.srs --logrows "$(sed 's/.*"logrows":\([0-9]*\).*/\1/' settings.json)"
step setup --srs-path kzg.srs
step gen-witness
step prove --srs-path kzg.srs

echo "== ezkl create-evm-verifier --srs-path kzg.srs --gas-report"
"$ezkl" create-evm-verifier --srs-path kzg.srs --gas-report
step deploy-evm --rpc-url "$url"
step verify-evm --rpc-url "$url" --addr-verifier "$(cat contract.address)"

echo "== the same proof with one bit of its calldata flipped"
step encode-evm-calldata
python3 - <<'EOF'
data = bytearray(open("calldata.bytes", "rb").read())
data[4 + 3 * 32 + 31] ^= 1  # the first commitment
open("changed.bytes", "wb").write(data)
EOF
if "$ezkl" verify-evm --rpc-url "$url" --encoded-calldata changed.bytes >/dev/null; then
  echo "the contract accepts a changed proof" >&2
  exit 1
fi
echo
echo "Verified on chain: the contract at $(cat contract.address) accepts the proof and refuses the changed one."
