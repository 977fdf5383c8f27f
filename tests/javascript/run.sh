#!/bin/bash
# Tests the npm package as it is given away: packs it, installs it with the network off, runs the tests there with
# Node's own runner, checks its types with tsc --strict, and its format.
#   bash tests/javascript/run.sh
#   EZKL_LIB_DIR   (environment) the folder of a libezkl.so.1; otherwise it is built into build/
#   EZKL_NODES     (environment) the programs to run them with, otherwise node
#   EZKL_ENGINE    (environment) the folder nodejs of @ezkljs/engine 21.0.0, beside which functions are run; otherwise it
#                  is fetched
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
export EZKL_TEST_DATA=$project/tests/data EZKL_ENGINE=${EZKL_ENGINE:-}
for node in ${EZKL_NODES:-node}; do
  echo "== node $("$node" --version)"
  # One file after the other: some measure times.
  for test in *.test.mjs; do
    echo "= $test"
    "$node" --no-warnings --test --test-reporter=dot "$test"
  done
done

if fetch tools typescript@5 @types/node@18 prettier@3; then
  tools=$room/tools/node_modules
  "$tools/.bin/tsc" --strict --noEmit --exactOptionalPropertyTypes --noUncheckedIndexedAccess --module nodenext \
    --typeRoots "$tools/@types" --types node typed_sample.mts typed_sample.cts
  cd "$project"
  "$tools/.bin/prettier" --print-width 120 --single-quote --log-level warn --check 'javascript/*.{js,mjs,ts,mts,json}' \
    'javascript/lib/*.js' 'tests/javascript/*.{mjs,mts,cts}'
  echo "types and format are as they should be"
else
  echo "npm gives no TypeScript: types and format are not checked"
fi
