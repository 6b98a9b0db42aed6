#!/usr/bin/env bash
# Ten metrics over all history: what the pass that fills their columns costs beside one without them.
# usage: backfill.sh DIR [repetitions]
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
