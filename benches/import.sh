#!/usr/bin/env bash
# CSV import: lines a second, peak memory, bytes an event on disk. Usage: import.sh LOG.csv
set -euo pipefail
csv=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lines=$(($(wc -l <"$csv") - 1))
/usr/bin/env time -f '%e s wall, %U s user, %S s system, %M KiB peak' \
  "$PERENNIAL_BIN" import "$csv" --data "$scratch/data" --timezone UTC --quiet 2>&1 | tee "$scratch/log"
seconds=$(grep -o '^[0-9.]* s wall' "$scratch/log" | cut -d' ' -f1)
bytes=$(find "$scratch/data" -name '*.parquet' -printf '%s\n' | awk '{ s += $1 } END { print s }')
runs=$(find "$scratch/data" -name '*.parquet' | wc -l)
awk -v l="$lines" -v s="$seconds" -v b="$bytes" -v r="$runs" \
  'BEGIN { printf "%d lines, %.0f lines/s, %.1f bytes a line on disk in %d runs\n", l, l / s, b / l, r }'
