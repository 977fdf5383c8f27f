#!/bin/bash
# Every test of the on-chain side: the contracts in an in-process EVM, the commands against a local node, thousands of
# changed proofs judged by contract and verifier. Installs and builds what is missing first; where Node cannot be had it
# says so and ends well.
#   bash tests/evm/run.sh [PROOFS]     PROOFS: how many changed proofs are compared, 2000 by default
set -euo pipefail
cd "$(dirname "$0")/../.."
proofs=${1:-2000}
tools=build/evm

bash tests/evm/tools.sh "$tools" || { [ $? = 77 ] && echo "skipped: the on-chain tests need Node" && exit 0; }
bash tools/setup.sh release ezkl_cli proof_verdicts >&2

golden=tests/data/golden
circuits=("$golden/default" "$golden/hashed_input" "$golden/matmul_freivalds")
python3 tests/evm/check_contracts.py build/ezkl "$tools" "${circuits[@]}"
python3 tests/evm/check_agreement.py build/ezkl build/tests/evm/proof_verdicts "$tools" "$proofs" "${circuits[@]}"
python3 tests/evm/check_chain.py build/ezkl "$golden/default" "$tools"
