#!/bin/bash
# Builds the fuzzers and runs them in turn, SECONDS in all; without a TARGET all of them, the larger parsers three times
# as long. Prints executions, finds and the lines of its parser that each reaches.
#   bash tests/fuzz/run.sh [SECONDS] [TARGET...]
# A find is stored as corpus/<target>/regression-<hash> for ctest; what a run adds to a corpus goes there minimised.
#   FUZZ_KEEP=0       leaves corpus/ as it is
#   FUZZ_COVERAGE=0   measures no lines, which takes a second build
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
[ $# -gt 0 ] && shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls tests/fuzz/corpus)
keep=${FUZZ_KEEP:-1} coverage=${FUZZ_COVERAGE:-1}
corpus=tests/fuzz/corpus work=build-asan/corpus finds=build-asan/finds
most_bytes=110000 # of a stored corpus, so that all stay below 2 MB
most_new=60       # inputs that one run adds to it
most_finds=3      # of a target in one run: the same fault shows again and again

weight() { case $1 in compiled | onnx | vk | proof) echo 3 ;; *) echo 1 ;; esac; }

# The files of src that a target is there for.
parsers() {
  case $1 in
    command_line) echo tools/ezkl/options.cpp tools/ezkl/commands/run_arguments.cpp ;;
    compiled) echo src/artifact/{compiled_file,graph_bytes,envelope}.cpp ;;
    evm) echo src/evm/{abi_call,calldata}.cpp ;;
    input) echo src/artifact/input_file.cpp ;;
    kernels) echo src/field/kernels.cpp src/curve/kernels.cpp src/poly/ntt_kernels.cpp ;;
    manifest) echo src/artifact/manifest_file.cpp ;;
    npy) echo src/artifact/npy_file.cpp ;;
    onnx) echo src/onnx/{import,import_tensor}.cpp ;;
    pk) echo src/artifact/{pk_file,column_bytes}.cpp ;;
    proof) echo src/artifact/proof_file.cpp src/plonk/verifier.cpp ;;
    rpc) echo src/artifact/rpc_message.cpp ;;
    settings) echo src/artifact/settings_file.cpp src/circuit/configure.cpp ;;
    split) echo src/artifact/split_file.cpp ;;
    srs) echo src/commit/{srs,ipa_params}.cpp ;;
    sumcheck_key) echo src/artifact/sumcheck_key_file.cpp src/relations/plan_check.cpp ;;
    text) echo src/artifact/{felt_text,json}.cpp src/evm/ether.cpp ;;
    vk) echo src/artifact/vk_file.cpp src/plonk/resolve.cpp ;;
    witness) echo src/artifact/{witness_file,pretty_elements}.cpp ;;
  esac
}

bash tools/setup.sh asan "${targets[@]/#/fuzz_}"
[ "$coverage" = 0 ] || bash tools/setup.sh fuzz-coverage "${targets[@]/#/fuzz_}"

all=0
for target in "${targets[@]}"; do all=$((all + $(weight "$target"))); done
limits=(-rss_limit_mb=2048 -timeout=25 -use_value_profile=0 -print_final_stats=1 -close_fd_mask=1)
failed=0 summary=()
for target in "${targets[@]}"; do
  program=build-asan/tests/fuzz/fuzz_$target
  mkdir -p "$work/$target" "$finds/$target"
  # Inputs that a parser still fails on stop a fuzzer before it begins: ctest is there for them.
  fresh=$(mktemp -d)
  find "$corpus/$target" -type f ! -name 'regression-*' -exec cp -t "$fresh" {} +
  executions=0 found=0 left=$((seconds * $(weight "$target") / all + 1))
  while [ $left -gt 0 ] && [ $found -lt $most_finds ]; do
    begin=$SECONDS log=build-asan/$target.log code=0
    "$program" "${limits[@]}" -max_total_time=$left -artifact_prefix="$finds/$target/" \
      "$work/$target" "$fresh" >"$log" 2>&1 || code=$?
    executions=$((executions + $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1 | grep . || echo 0)))
    left=$((left - (SECONDS - begin)))
    [ $code = 0 ] && break
    found=$((found + 1))
    grep -hE -m3 'FOUND|ERROR: |runtime error|SUMMARY' "$log" || tail -5 "$log"
  done
  rm -rf "$fresh"
  if [ $found -gt 0 ]; then
    failed=1
    [ "$keep" = 0 ] || for input in "$finds/$target"/*; do
      cp "$input" "$corpus/$target/regression-$(sha256sum "$input" | cut -c1-12)"
    done
  fi
  if [ "$keep" != 0 ]; then
    # The old inputs first, so that new ones come in only with what they add; the small ones before the large.
    merged=$(mktemp -d)
    "$program" -merge=1 -rss_limit_mb=2048 -timeout=25 "$merged" "$corpus/$target" "$work/$target" \
      >/dev/null 2>&1 || true
    added=0
    used=$(du -sb --exclude=regression-* "$corpus/$target" | cut -f1)
    while read -r size input; do
      name=$(sha256sum "$input" | cut -c1-12)
      if find "$corpus/$target" -type f -exec cmp -s "$input" {} \; -print | grep -q .; then continue; fi
      [ $((used + size)) -le $most_bytes ] && [ $added -lt $most_new ] || break
      cp "$input" "$corpus/$target/$name"
      used=$((used + size)) added=$((added + 1))
    done < <(find "$merged" -type f -printf '%s %p\n' | sort -n)
    rm -rf "$merged"
  fi
  lines=
  if [ "$coverage" != 0 ]; then
    counted=build-fuzz-coverage/tests/fuzz/fuzz_$target
    export LLVM_PROFILE_FILE=build-fuzz-coverage/$target.profraw
    "$counted" "$corpus/$target" "$work/$target" >/dev/null 2>&1 || true
    unset LLVM_PROFILE_FILE
    llvm-profdata merge -sparse "build-fuzz-coverage/$target.profraw" -o "build-fuzz-coverage/$target.profdata"
    # shellcheck disable=SC2046
    lines=$(llvm-cov export -summary-only -instr-profile "build-fuzz-coverage/$target.profdata" "$counted" \
      $(parsers "$target") | python3 -c '
import json, os, sys
for f in json.load(sys.stdin)["data"][0]["files"]:
    lines = f["summary"]["lines"]
    print(" ", os.path.basename(f["filename"]), "%.0f %%" % lines["percent"], end="")')
  fi
  summary+=("$(printf '%-13s %12d executions %3d finds %s' "$target" "$executions" "$found" "$lines")")
  echo "${summary[-1]}"
done
echo
printf '%s\n' "${summary[@]}"
exit $failed
