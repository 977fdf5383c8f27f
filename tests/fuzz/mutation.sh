#!/bin/bash
# Takes a bounds check out of a copy of each of some parsers and lets its fuzzer look for it, from the stored corpus, at
# most SECONDS each: fuzzers that find none of these would find nothing else either.
#   bash tests/fuzz/mutation.sh [SECONDS]     needs build-asan, which run.sh makes
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bash tools/setup.sh asan fuzz_vk fuzz_compiled fuzz_npy fuzz_pk
missed=0

# mutate TARGET FILE WHAT FROM TO: FROM, a line's piece that stands in FILE once, becomes TO
mutate() {
  local target=$1 file=$2 what=$3 from=$4 to=$5 name object compile link
  name=$(basename "$file" .cpp)
  python3 - "$file" "$work/$name.cpp" "$from" "$to" <<'P'
import sys
text = open(sys.argv[1]).read()
assert text.count(sys.argv[3]) == 1, "the check to take out is not there: " + sys.argv[3]
open(sys.argv[2], "w").write(text.replace(sys.argv[3], sys.argv[4]))
P
  # The mutated object in front of the archives: the linker then leaves out the one of the same name in them.
  object=$(ninja -C build-asan -t targets all | grep -oE "^src/[^ ]*/$name\.cpp\.o")
  compile=$(ninja -C build-asan -t commands "$object" | tail -1)
  compile=${compile//"$PWD/$file"/"$work/$name.cpp"}
  compile=${compile//"-o $object"/"-o $work/$name.o"}
  link=$(ninja -C build-asan -t commands "fuzz_$target" | tail -1)
  link=${link/"-o tests/fuzz/fuzz_$target"/"$work/$name.o -o $work/fuzz_$target"}
  (cd build-asan && eval "$compile" && eval "$link")
  mkdir -p "$work/found" "$work/corpus"
  local begin=$SECONDS
  if "$work/fuzz_$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=25 -close_fd_mask=1 \
    -artifact_prefix="$work/found/" "$work/corpus" "tests/fuzz/corpus/$target" >"$work/log" 2>&1; then
    echo "MISSED after $seconds s: $target, $what"
    missed=1
  else
    echo "found after $((SECONDS - begin)) s: $target, $what: $(grep -hE -m1 'FOUND|ERROR: |runtime error' "$work/log")"
  fi
  rm -rf "$work/found" "$work/corpus"
}

mutate vk src/base/bytes.cpp "reading beyond the end" \
  'if (n > remaining())' 'if (n > remaining() + 64)'
mutate compiled src/artifact/graph_bytes.cpp "a node that reads one behind it" \
  'if (input >= position) damaged' 'if (false) damaged'
mutate npy src/artifact/npy_file.cpp "an array of which the file has less" \
  'reader.bytes(count * header.width)' 'bytes.subspan(reader.position())'
mutate pk src/artifact/column_bytes.cpp "an element outside its column" 'if (row >= n) damaged' 'if (false) damaged'
exit $missed
