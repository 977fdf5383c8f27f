#!/bin/bash
# Tests the Python package as it is given away: makes the wheel, installs it with the network off into an environment of
# each interpreter that is found, and runs the tests there.
#   bash tests/python/run.sh
#   bash tests/python/run.sh quick LIBRARY     only python3, without a wheel, on a built libezkl.so.1
#   EZKL_PYTHONS    (environment) interpreters to try, otherwise Debian's and those of pyenv
#   EZKL_PACKAGES   (environment) a folder of site-packages with numpy and others, for python3 of the same release
#   EZKL_PUBLISHED_VENV   (environment) an environment with the package ezkl 23.0.5: test_dropin.py runs there too
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$PWD
tests=$project/tests/python
run() { (cd "$tests" && EZKL_TEST_DATA="$project/tests/data" PYTHONDONTWRITEBYTECODE=1 "$@"); }

if [ "${1:-}" = quick ]; then
  run env EZKL_LIBRARY="$2" PYTHONPATH="$project/python" python3 -m unittest -q test_complete test_dropin \
    test_session.Promised test_session.Additions test_session.Callbacks test_session.Asyncio test_session.Interrupts.test_gen_srs test_objects test_docs
  exit
fi

wheel=$(bash tools/wheel.sh)
echo "$wheel: $(stat -c %s "$wheel") bytes"
pythons=${EZKL_PYTHONS:-"/usr/bin/python3 $(ls "$HOME"/.pyenv/versions/*/bin/python3 2>/dev/null | sort -V || true)"}
for python in $pythons; do
  release=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
  if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))'; then
    echo "== $python $release: skipped, older than 3.8"
    continue
  fi
  venv=build-wheel/venv-$release
  echo "== $python $release"
  if [ ! -x "$venv/bin/python" ] && ! "$python" -m venv "$venv" 2>/dev/null; then
    rm -rf "$venv"
    if ! "$python" -m venv --without-pip "$venv"; then
      echo "$python $release: skipped, it makes no environments"
      continue
    fi
    # Debian's interpreter without python3-venv: a wheel is a zip, and installing it is unpacking it.
    "$python" -m zipfile -e "$wheel" \
      "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"
  else
    "$venv/bin/pip" install -q --no-index --no-deps --force-reinstall --disable-pip-version-check "$wheel"
  fi
  run env "PYTHONPATH=${EZKL_PACKAGES:-}" "$project/$venv/bin/python" -m unittest -q \
    test_complete test_dropin test_session test_objects test_docs test_kernel
done
if [ -n "${EZKL_PUBLISHED_VENV:-}" ]; then
  echo "== the published package"
  run "$EZKL_PUBLISHED_VENV/bin/python" -m unittest -q test_dropin
fi
