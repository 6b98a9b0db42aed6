#!/usr/bin/env bash
# Every figure anew, at 1 and at 20 million events: is the cost an event the same? Usage: refold.sh DIR_1M DIR_20M [repetitions]
set -euo pipefail
repetitions=${3:-3}
for data in "$1" "$2"; do
  for _ in $(seq "$repetitions"); do
    "$PERENNIAL_BIN" refold --data "$data" --json
  done
done | python3 -c '
import json, sys
best = {}
for line in sys.stdin:
    print(line, end="")
    cost = json.loads(line)
    known = best.get(cost["events"])
    if known is None or cost["cpu_s"] < known["cpu_s"]:
        best[cost["events"]] = cost
for events, cost in sorted(best.items()):
    print("%d events: %.1f ns CPU an event, %.2f s wall" % (events, 1e9 * cost["cpu_s"] / events, cost["wall_s"]))
' 
