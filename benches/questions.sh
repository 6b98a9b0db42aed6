#!/usr/bin/env bash
# The five questions of the shared benchmark beside DuckDB, each with other parameters at each repetition.
# Usage: questions.sh LOG.parquet LOG.csv [repetitions]. Needs python3 with duckdb, and ../shared/bench.
set -euo pipefail
parquet=$1 csv=$2 repetitions=${3:-3}
here=$(cd "$(dirname "$0")" && pwd)
peers=${PERENNIAL_PEERS:-$here/../../shared/bench}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
data=${PERENNIAL_BENCH_DATA:-$scratch/data}
[ -d "$data" ] || "$PERENNIAL_BIN" import "$csv" --data "$data" --timezone UTC --quiet \
  --property customer_number=customer_id:integer
sets=("2026-01-01 30 2 90 14 80" "2025-12-01 28 2 60 10 60" "2025-10-15 14 3 120 7 100" "2025-11-11 45 2 75 21 70")
for repetition in $(seq 0 $((repetitions - 1))); do
  read -r as_of w k d v x <<<"${sets[$((repetition % ${#sets[@]}))]}"
  export AS_OF=$as_of W=$w K=$k D=$d V=$v X=$x
  echo "== as of $as_of, W=$w K=$k D=$d V=$v X=$x"
  for question in q1 q2 q3 q4 q5; do
    OUT=$scratch/peer python3 "$peers/duckdb_rfm.py" "$parquet" "$question" 2 | tee -a "$scratch/peer.log"
    OUT=$scratch/ours "$PERENNIAL_BENCHES" "$data" "$question" 2 | tee -a "$scratch/ours.log"
    cmp "$scratch/peer/$question.tsv" "$scratch/ours/$question.tsv" && echo "   $question: answers equal"
  done
done
total() { grep -o ' q[1-5] .*secs=[0-9.]*' "$1" | sed 's/.*secs=//' | awk '{ s += $1 } END { printf "%.3f", s }'; }
peer=$(total "$scratch/peer.log") ours=$(total "$scratch/ours.log")
awk -v p="$peer" -v o="$ours" 'BEGIN { printf "DuckDB %.3f s, Perennial %.3f s: 1/%.1f\n", p, o, p / o }'
