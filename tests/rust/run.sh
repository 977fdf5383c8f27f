#!/bin/bash
# Tests the Rust crates: format, clippy, unit, integration and doc tests, what docs/rust.md says; the tests with the oldest
# compiler that they are for too, where rustup has it. Nothing is fetched: they need no other crate.
#   bash tests/rust/run.sh
#   EZKL_LIB_DIR   (environment) the folder of a libezkl.so.1; otherwise it is built into build/
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$PWD
if ! command -v cargo >/dev/null; then
  echo "cargo is not installed: the Rust crates are skipped"
  exit 0
fi
if [ -z "${EZKL_LIB_DIR:-}" ]; then
  bash tools/setup.sh release libezkl.so
  EZKL_LIB_DIR=$project/build/src/capi
fi
export EZKL_LIB_DIR CARGO_NET_OFFLINE=true CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$project/build/rust}
cd rust

if cargo fmt --version >/dev/null 2>&1; then cargo fmt --all --check; else echo "rustfmt is not installed: skipped"; fi
if cargo clippy --version >/dev/null 2>&1; then
  cargo clippy --workspace --all-targets -- -D warnings
else
  echo "clippy is not installed: skipped"
fi
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps
cargo test --workspace

# The page's programs work in the folder where they are started.
echo "== docs/rust.md"
cargo build -p ezkl
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$project/tests/data/models/mlp.onnx" "$folder/network.onnx"
cp "$project/tests/data/models/mlp_input.json" "$folder/input.json"
(cd "$folder" && LD_LIBRARY_PATH=$EZKL_LIB_DIR rustdoc --test "$project/docs/rust.md" --edition 2021 \
  -L "dependency=$CARGO_TARGET_DIR/debug/deps" -L "native=$EZKL_LIB_DIR" \
  --extern "ezkl=$CARGO_TARGET_DIR/debug/libezkl.rlib" --test-args --test-threads=1)

oldest=$(sed -n 's/^rust-version = "\(.*\)"$/\1.0/p' ezkl/Cargo.toml)
if cargo "+$oldest" --version >/dev/null 2>&1; then
  echo "== rustc $oldest"
  # This cargo gives its documentation tests no place of libraries outside its folder.
  LD_LIBRARY_PATH=$EZKL_LIB_DIR cargo "+$oldest" test --workspace --target-dir "$CARGO_TARGET_DIR/$oldest"
else
  echo "rustc $oldest is not installed with rustup: skipped"
fi
