#!/bin/bash
# Compares what a library exports with a kept list: check_symbols.sh LIBRARY LIST. Names of the C interface may be added to
# the list, never taken away. Of the C++ interface only its own names may be visible.
set -euo pipefail
names=$(nm -D --defined-only --format=posix "$1" | cut -d' ' -f1 | sed 's/@.*//' | sort -u)
diff <(grep '^ezkl_' <<<"$names") "$2"
others=$(grep -v '^ezkl_\|^EZKL_' <<<"$names" | c++filt | grep -v '^ezkl::\|^typeinfo.* for ezkl::Error$\|^vtable for ezkl::Error$' || true)
[ -z "$others" ] || { echo "exported and no part of an interface:"; echo "$others"; exit 1; }
