# What .ci/run and .ci/full share; sourced from the project's folder.

# run_tests BUILD EXCEPT: the tests in a folder that is built as a whole, but for labels of the pattern EXCEPT.
run_tests() { ctest --test-dir "$1" --output-on-failure -j "$(nproc)" -LE "$2"; }

# run_programs PRESET PROGRAM...: builds some test programs alone and runs all that is in them. ctest would also count the
# programs that are not built, as failures.
run_programs() {
  local preset=$1 program
  shift
  bash tools/setup.sh "$preset" "$@"
  for program in "$@"; do
    "$(find "build-$preset/tests" -name "$program" -type f)" --gtest_brief=1
  done
}

# Which sources and tests each room has, as .ci/sanitized keeps it of those that passed under the sanitizers; and the
# rooms there of which that is not what is there now.
rooms() { sed -n 's/^foreach(room \(.*\))$/\1/p' tests/CMakeLists.txt | tr ' ' '\n'; }
room_digests() {
  local room
  for room in $(rooms); do
    echo "$room $(git ls-files -s "src/$room" "tests/$room" $([ "$room" != cli ] || echo tools/ezkl) | sha256sum | cut -c1-16)"
  done
}
changed_rooms() {
  [ ! -f .ci/sanitized ] || room_digests | grep -vxFf .ci/sanitized | cut -d' ' -f1 | grep -xF "$(cut -d' ' -f1 .ci/sanitized)" || true
}

# The tests of one room under the sanitizers.
sanitize_room() {
  echo "== sanitizers: $1"
  bash tools/setup.sh asan "tests/$1/all"
  run_tests "build-asan/tests/$1" 'slow|interop|heavy'
}

# A Python environment in which a release of the published package is installed: published_venv RELEASE FOLDER.
published_venv() {
  if [ ! -x "$2/bin/pip" ] && ! python3 -m venv "$2" 2>/dev/null; then
    rm -rf "$2"
    apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    python3 -m venv "$2"
  fi
  "$2/bin/python" -c 'import ezkl' 2>/dev/null || "$2/bin/pip" install -q "ezkl==$1"
}

# The acceptance checks against stored artifacts and against the published package, where ../shared is present:
# acceptance_checks quick|full.
acceptance_checks() {
  if [ ! -d ../shared/checks ]; then
    echo "no ../shared: the acceptance checks are skipped"
    return 0
  fi
  python3 ../shared/checks/golden.py build/ezkl
  python3 ../shared/checks/honest.py build/ezkl
  python3 ../shared/checks/hostile.py build/ezkl
  local venv=${EZKL_PUBLISHED_VENV:-build/published} older=${EZKL_RELEASE22_VENV:-build/release22}
  published_venv 23.0.5 "$venv"
  published_venv 22.2.1 "$older"
  local every=7
  if [ "$1" = full ]; then
    every=1
    "$venv/bin/python" ../shared/checks/interop.py build/ezkl --args-file tests/interop/models.json
  else
    "$venv/bin/python" ../shared/checks/interop.py build/ezkl --match '^(1l_mlp|1l_relu|1l_sigmoid|1l_conv)$' \
      --args '--logrows 12 --input-scale 4 --param-scale 4 --decomp-base 128 --decomp-legs 3 --lookup-range=-256->256'
  fi
  "$venv/bin/python" tests/interop/visibility.py build/ezkl ../shared
  "$venv/bin/python" tests/interop/field_elements.py build/ezkl
  "$venv/bin/python" tests/interop/mixtures.py build/ezkl ../shared --every "$every"
  "$venv/bin/python" tests/interop/utilities.py build/ezkl
  "$older/bin/python" tests/interop/release22.py build/ezkl
  "$older/bin/python" tests/interop/release22.py build/ezkl --model ../shared/models/onnx/4l_relu_conv_fc --logrows 15 \
    --args '--decomp-base 16384 --decomp-legs 2'
  if command -v npm >/dev/null; then bash tests/interop/engine21.sh build/ezkl; fi
}
