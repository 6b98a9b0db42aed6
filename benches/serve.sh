#!/usr/bin/env bash
# A server with a million customers under 10,000 events a second: memory, how soon a change is seen, pages, restart.
# usage: serve.sh [customers] [events a second] [seconds]
set -euo pipefail
customers="${1:-1000000}" rate="${2:-10000}" seconds="${3:-30}"
# Those of the customers who do something meanwhile.
senders=$((customers / 10))
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/server.bash"

# Starts the server and waits until it is ready.
begin() {
  local started
  started=$(date +%s%N)
  start_server serve "$PERENNIAL_BIN" serve --data "$folder/brand" --listen 127.0.0.1:0
  until curl -sf "http://$address/readyz" >/dev/null; do sleep 0.02; done
  echo "$1: ready_s=$(seconds_since "$started") $(memory)"
}

load() {
  RATE="$1" LATE="$2" "$PERENNIAL_BENCHES" load "$address" 8 "$3" "$senders"
}

"$PERENNIAL_BIN" generate --kind orders --customers $((customers - senders)) \
  --events $((customers * 3)) --out "$folder/orders.csv" >/dev/null
"$PERENNIAL_BIN" import "$folder/orders.csv" --data "$folder/brand" --timezone Asia/Shanghai --currency CNY --quiet >/dev/null
rm "$folder/orders.csv"
begin "first start"
# It begins to compute its figures; what that takes at most is told apart.
sleep 5
echo "with its figures: $(memory)"
code="$(sed -n 's|^.*open http[^ ]*[/=#]\([A-Za-z0-9_-]\{20,\}\).*$|\1|p' "$folder/serve.log" | head -1)"
KEY="$("$PERENNIAL_BIN" key create --data "$folder/brand" --name bench 2>/dev/null)"
export KEY

echo "quiet"
python3 "$here/probe.py" "$address" "$code" 10 | tee "$folder/probe"
session="$(sed -n 's/^session //p' "$folder/probe")"
# The first sight of each binds a key; that is not what is measured.
load 0 0 10
for late in 0 0.01; do
  echo "$rate events a second, $late of them late by an hour"
  load "$rate" "$late" $((seconds + 5)) &
  loading=$!
  sleep 3
  python3 "$here/probe.py" "$address" "$session" "$seconds" $([ "$late" = 0 ] || echo late) | grep -v '^session'
  wait "$loading"
  memory && echo
done
stop_server
begin "restart"
stop_server
"$PERENNIAL_BIN" query --data "$folder/brand" "select count(*) as customers from customers"
