#!/bin/bash
# Gets an EVM, the Solidity compiler and a local node, all npm packages of fixed versions, into a folder; Node itself by
# apt where it is missing. Ends with 77 where Node cannot be had.
#   bash tests/evm/tools.sh [FOLDER]     FOLDER: build/evm (default)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../build/evm}

if ! command -v npm >/dev/null; then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm; } >/dev/null 2>&1 || true
fi
if ! command -v npm >/dev/null; then
  echo "Node and npm are missing and could not be installed" >&2
  exit 77
fi
mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/installed" || [ ! -d "$folder/node_modules/solc" ]; then
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$folder"
  (cd "$folder" && npm ci --no-progress >&2)
  cp "$here/package-lock.json" "$folder/installed"
fi
cp "$here/evm.mjs" "$here/solc.mjs" "$folder" # modules are looked for beside the script
