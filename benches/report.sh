#!/usr/bin/env bash
# `perennial report` on a file, whole process, best of five. Usage: report.sh ORDERS.csv.gz
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
for _ in 1 2 3 4 5; do
  /usr/bin/env time -f '%e s wall, %U s user, %M KiB peak' "$PERENNIAL_BIN" report "$1" --quiet --json report.json >/dev/null
done
