#!/usr/bin/env bash
# A server with a million customers under 10,000 events a second: memory, how soon a change is seen, pages, restart.
# usage: serve.sh [customers] [events a second] [seconds]
set -euo pipefail
customers="${1:-1000000}" rate="${2:-10000}" seconds="${3:-30}"
# Those of the customers who do something meanwhile.
senders=$((customers / 10))
here="$(dirname "${BASH_SOURCE[0]}")"
folder="$(mktemp -d)"
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

# Waits until it answers, then sets address.
begin() {
  local started now
  started=$(date +%s%N)
  "$PERENNIAL_BIN" serve --data "$folder/brand" --listen 127.0.0.1:0 >"$folder/serve.log" 2>"$folder/serve.err" &
  server=$!
  address=
  until [ -n "$address" ] && curl -sf "http://$address/readyz" >/dev/null; do
    kill -0 "$server" || { cat "$folder/serve.log" "$folder/serve.err" >&2; exit 1; }
    sleep 0.02
    address="$(sed -n 's|^.*listening on http://\([^ ]*\).*$|\1|p' "$folder/serve.log" | head -1)"
  done
  now=$(date +%s%N)
  echo "$1: ready_s=$(awk -v ns=$((now - started)) 'BEGIN { printf "%.2f", ns / 1e9 }') $(memory)"
}

memory() {
  awk '/VmHWM/ { printf "peak_mb=%d ", $2 / 1024 } /VmRSS/ { printf "rss_mb=%d", $2 / 1024 }' "/proc/$server/status"
}

load() {
  RATE="$1" LATE="$2" "$PERENNIAL_BENCHES" load "$address" 8 "$3" "$senders"
}

"$PERENNIAL_BIN" generate --kind orders --customers $((customers - senders)) \
  --events $((customers * 3)) --out "$folder/orders.csv" >/dev/null
"$PERENNIAL_BIN" import "$folder/orders.csv" --data "$folder/brand" --timezone Asia/Shanghai --currency CNY --quiet >/dev/null
rm "$folder/orders.csv"
begin "first start"
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
done
echo "under load: $(memory)"
kill "$server" && wait "$server" || true
begin "restart"
kill "$server" && wait "$server" || true
server=
"$PERENNIAL_BIN" query --data "$folder/brand" "select count(*) as customers from customers"
