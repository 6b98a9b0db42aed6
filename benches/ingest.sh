#!/usr/bin/env bash
# Messages over HTTP: how many a second are durable, beside a server that parses and discards.
# usage: ingest.sh [connections] [seconds] [customers]
set -euo pipefail
connections="${1:-32}" seconds="${2:-60}" customers="${3:-100000}"
source "$(dirname "${BASH_SOURCE[0]}")/server.bash"

# What a durable write costs here: 4 KiB and an fsync, five hundred times.
syncs=500
started=$(date +%s%N)
dd if=/dev/zero of="$folder/sync" bs=4096 count="$syncs" oflag=dsync status=none
echo "fsync_ms=$(awk -v ns=$(($(date +%s%N) - started)) -v n="$syncs" 'BEGIN { printf "%.2f", ns / n / 1e6 }')"

start_server discard "$PERENNIAL_BENCHES" discard 127.0.0.1:0
echo "parse and discard: $("$PERENNIAL_BENCHES" load "$address" "$connections" 10 "$customers")"
stop_server

start_server serve "$PERENNIAL_BIN" serve --data "$folder/brand" --listen 127.0.0.1:0
KEY="$("$PERENNIAL_BIN" key create --data "$folder/brand" --name bench 2>/dev/null)"
export KEY
# The first sight of each customer binds a key; that is measured apart.
echo "first sight: $("$PERENNIAL_BENCHES" load "$address" "$connections" 10 "$customers")"
echo "perennial: $("$PERENNIAL_BENCHES" load "$address" "$connections" "$seconds" "$customers")"
# Rows on their way into the live table: divided by the rate it is how far the table is behind.
echo "behind: $(curl -s "http://$address/metrics" | grep '^[a-z_]*live_backlog_rows')"
memory && echo
# Waits for the live table to take what was appended, compares it with the runs, and says so.
started=$(date +%s%N)
"$PERENNIAL_BIN" verify --data "$folder/brand"
echo "live_checked_after_s=$(seconds_since "$started")"
