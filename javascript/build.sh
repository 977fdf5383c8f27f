#!/bin/bash
# Compiles addon/ into prebuilds/, with libezkl.so.1 beside it, which is a link.
#   bash javascript/build.sh FOLDER     FOLDER: where libezkl.so.1 lies
# Node-API's headers are those beside node (Debian: libnode-dev) or, without such, npm's package node-api-headers.
set -euo pipefail
library=$(realpath "$1")/libezkl.so.1
cd "$(dirname "$0")"
[ -f "$library" ] || { echo "there is no $library" >&2; exit 1; }
headers=$(node -p 'require("path").resolve(process.execPath, "../../include/node")')
if [ ! -f "$headers/node_api.h" ]; then
  headers=../build/javascript/node_modules/node-api-headers/include
  [ -d "$headers" ] ||
    npm install --silent --no-fund --no-audit --no-save --prefix ../build/javascript node-api-headers >&2
fi
out=prebuilds/$(node -p '`${process.platform}-${process.arch}`')
mkdir -p "$out"
ln -sf "$library" "$out/libezkl.so.1"
# An old-style run path counts for the libraries of libezkl.so.1 too. Version 8 of Node-API: Node 18 and all later ones.
# The module may be told to go away while a thread still winds down: nodelete keeps its code.
"${CXX:-g++}" -std=c++20 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Wconversion -Werror -DNAPI_VERSION=8 \
  -ffile-prefix-map="$(cd .. && pwd)"=. -I../include -isystem "$headers" addon/*.cpp "$out/libezkl.so.1" -pthread \
  -Wl,--disable-new-dtags '-Wl,-rpath,$ORIGIN' -Wl,-z,nodelete -s -o "$out/ezkl.node"
