#!/bin/bash
# Tests the npm package as it is given away: packs it, installs it with the network off, runs the tests there with Node's own
# runner, and checks its types with tsc --strict.
#   bash tests/javascript/run.sh
#   EZKL_LIB_DIR   (environment) the folder of a libezkl.so.1; otherwise it is built into build/
#   EZKL_NODES     (environment) the programs to run them with, otherwise node
#   EZKL_ENGINE    (environment) a folder with @ezkljs/engine 21.0.0/nodejs; otherwise it is fetched. Functions are run beside it
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$PWD
tests=$project/tests/javascript
if ! command -v npm >/dev/null; then
  echo "npm is not installed: the JavaScript package is skipped"
  exit 0
fi
room=$project/build/javascript
package=$(bash tools/npm.sh)
echo "$package: $(stat -c %s "$package") bytes"

rm -rf "$room/tests"
mkdir -p "$room/tests"
echo '{"private": true}' >"$room/tests/package.json"
cp "$tests"/*.mjs "$tests"/*.mts "$tests"/*.cts "$room/tests"
(cd "$room/tests" && npm install --silent --offline --no-fund --no-audit "$package")

# fetch FOLDER PACKAGE...: packages of npm in a folder of their own
fetch() {
  local folder=$room/$1
  shift
  [ -d "$folder/node_modules" ] || npm install --silent --no-fund --no-audit --prefix "$folder" "$@"
}
if [ -z "${EZKL_ENGINE:-}" ] && fetch engine @ezkljs/engine@21.0.0; then
  EZKL_ENGINE=$room/engine/node_modules/@ezkljs/engine/nodejs
fi

cd "$room/tests"
for node in ${EZKL_NODES:-node}; do
  echo "== node $("$node" --version)"
  # One file after the other: some measure times.
  for test in *.test.mjs; do
    echo "= $test"
    EZKL_TEST_DATA=$project/tests/data EZKL_ENGINE=${EZKL_ENGINE:-} "$node" --no-warnings --test --test-reporter=dot "$test"
  done
done

if fetch types typescript@5 @types/node@18; then
  "$room/types/node_modules/.bin/tsc" --strict --noEmit --exactOptionalPropertyTypes --noUncheckedIndexedAccess \
    --module nodenext --typeRoots "$room/types/node_modules/@types" --types node typed_sample.mts typed_sample.cts
  echo "types: tsc --strict is content"
else
  echo "npm gives no TypeScript: types are not checked"
fi
