#!/usr/bin/env bash
# Messages over HTTP: how many a second are durable, beside a server that parses and discards.
# usage: ingest.sh [connections] [seconds] [customers]
set -euo pipefail
connections="${1:-32}" seconds="${2:-60}" customers="${3:-100000}"
folder="$(mktemp -d)"
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

# What a durable write costs here: 4 KiB and an fsync, five hundred times.
syncs=500
started=$(date +%s%N)
dd if=/dev/zero of="$folder/sync" bs=4096 count="$syncs" oflag=dsync status=none
echo "fsync_ms=$(awk -v ns=$(($(date +%s%N) - started)) -v n="$syncs" 'BEGIN { printf "%.2f", ns / n / 1e6 }')"

address_of() {
  for _ in $(seq 600); do
    sed -n 's|^.*listening on http://\([^ ]*\).*$|\1|p' "$1" | head -1 | grep . && return
    sleep 0.1
  done
  echo "the server did not start: $(cat "$1")" >&2
  exit 1
}

"$PERENNIAL_BENCHES" discard 127.0.0.1:0 >"$folder/discard.log" &
server=$!
echo "parse and discard: $("$PERENNIAL_BENCHES" load "$(address_of "$folder/discard.log")" "$connections" 10 "$customers")"
kill "$server" && wait "$server" 2>/dev/null || true

"$PERENNIAL_BIN" serve --data "$folder/brand" --listen 127.0.0.1:0 >"$folder/serve.log" &
server=$!
address="$(address_of "$folder/serve.log")"
KEY="$("$PERENNIAL_BIN" key create --data "$folder/brand" --name bench 2>/dev/null)"
export KEY
# The first sight of each customer binds a key; that is measured apart.
echo "first sight: $("$PERENNIAL_BENCHES" load "$address" "$connections" 10 "$customers")"
echo "perennial: $("$PERENNIAL_BENCHES" load "$address" "$connections" "$seconds" "$customers")"
# Rows on their way into the live table: divided by the rate it is how far the table is behind.
echo "behind: $(curl -s "http://$address/metrics" | grep '^[a-z_]*live_backlog_rows')"
awk '/VmHWM/ { printf "peak_mb=%d\n", $2 / 1024 }' "/proc/$server/status"
# Waits for the live table to take what was appended, compares it with the runs, and says so.
started=$(date +%s%N)
"$PERENNIAL_BIN" verify --data "$folder/brand"
echo "live_checked_after_s=$(awk -v ns=$(($(date +%s%N) - started)) 'BEGIN { printf "%.1f", ns / 1e9 }')"
