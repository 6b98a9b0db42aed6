#!/usr/bin/env bash
# Ten metrics over all history: what the pass that fills their columns costs beside one without them.
# usage: backfill.sh DIR [repetitions [LOG.parquet]]. With the log that DIR was imported from in UTC, DuckDB and polars compute
# nine of them beside, and the answers are compared; that needs python3 with duckdb and polars.
set -euo pipefail
repetitions=${2:-3}
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"
cp -r "$1" "$folder/brand"
mkdir "$folder/shop"
cat >"$folder/shop/metrics.yaml" <<'METRICS'
metrics:
- {name: orders_of_90_days, function: count, where: "kind = 'order'", window: 90d}
- {name: spent, function: sum, of: value, where: "kind = 'order_line'"}
- {name: large_lines, function: count, where: "kind = 'order_line' and value > 100"}
- {name: mean_line_of_a_year, function: average, of: value, where: "kind = 'order_line'", window: 365d}
- {name: largest_line, function: max, of: value}
- {name: first_order_at, function: first, of: time, where: "kind = 'order'"}
- {name: items_of_90_days, function: distinct, of: item, where: "kind = 'order_line'", window: 90d}
- {name: idle_days, function: days_since, where: "kind <> 'refund'"}
- {name: months_in_a_row, function: streak, unit: month, where: "kind = 'order'"}
- {name: soon_again, function: sequence, where: "kind = 'order'", then: {where: "kind = 'order'"}, within: 30d}
METRICS

refold() {
  for _ in $(seq "$repetitions"); do
    echo "$1: $("$PERENNIAL_BIN" refold --data "$folder/brand" --json)"
  done
}

refold "none"
"$PERENNIAL_BIN" apply "$folder/shop" --data "$folder/brand"
refold "ten metrics"

[ $# -ge 3 ] || exit 0
here="$(dirname "${BASH_SOURCE[0]}")"
as_of="$("$PERENNIAL_BIN" query --data "$folder/brand" --format csv \
  "select cast(cast(max(time) as date) + interval '1 day' as date) from events" | tail -1)"
sums=""
for name in orders_of_90_days spent large_lines mean_line_of_a_year largest_line first_order_at items_of_90_days idle_days months_in_a_row; do
  value="$name"
  [ "$name" != first_order_at ] || value="date_part('epoch', $name)"
  sums="$sums${sums:+, }count($name), sum(cast($value as double))"
done
began=$(date +%s%N)
"$PERENNIAL_BIN" query --data "$folder/brand" --format csv --as-of "$as_of" "select $sums from customers" | tail -1 >"$folder/ours.tsv"
echo "perennial query: all columns and ten metrics, whole process, $(seconds_since "$began") s"
for peer in duckdb polars; do
  python3 "$here/metrics.py" "$peer" "$3" "$as_of" >"$folder/$peer.tsv"
  python3 "$here/metrics.py" compare "$folder/ours.tsv" "$folder/$peer.tsv"
done
