#!/usr/bin/env bash
# Audiences of a million customers under 10,000 events a second: counts, who enters and leaves, 200 segments that act; then beside DuckDB and polars.
# usage: audience.sh [customers] [events a second] [seconds]. Needs python3 with duckdb and polars.
set -euo pipefail
customers="${1:-1000000}" rate="${2:-10000}" seconds="${3:-70}"
# Those of the customers who do something meanwhile.
senders=$((customers / 10))
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/server.bash"

"$PERENNIAL_BIN" generate --kind orders --customers $((customers - senders)) \
  --events $((customers * 3)) --out "$folder/orders.csv" >/dev/null
"$PERENNIAL_BIN" import "$folder/orders.csv" --data "$folder/brand" --timezone Asia/Shanghai --currency CNY --quiet >/dev/null
rm "$folder/orders.csv"
python3 "$here/audience.py" segments 200 >"$folder/segments.yaml"
mkdir "$folder/shop" && mv "$folder/segments.yaml" "$folder/shop"
"$PERENNIAL_BIN" apply "$folder/shop" --data "$folder/brand" | tail -1
printf '[sql]\nrows = 1000000\n' >"$folder/config.toml"
start_server serve "$PERENNIAL_BIN" serve --data "$folder/brand" --listen 127.0.0.1:0 --config "$folder/config.toml"
until curl -sf "http://$address/readyz" >/dev/null; do sleep 0.02; done
# Printed once it is ready.
until code="$(sed -n 's|^.*open http[^ ]*[/=#]\([A-Za-z0-9_-]\{20,\}\).*$|\1|p' "$folder/serve.log" | head -1)" && [ -n "$code" ]; do
  sleep 0.1
done
KEY="$("$PERENNIAL_BIN" key create --data "$folder/brand" --name bench 2>/dev/null)"
export KEY
# The first sight of each sender binds a key; that is not what is measured.
RATE=0 "$PERENNIAL_BENCHES" load "$address" 8 10 "$senders"
python3 "$here/audience.py" sign-in "$address" "$code" >"$folder/session"
echo "quiet"
python3 "$here/audience.py" probe "$address" "$(cat "$folder/session")" 10
echo "$rate events a second"
RATE="$rate" "$PERENNIAL_BENCHES" load "$address" 8 $((seconds + 5)) "$senders" &
loading=$!
sleep 3
python3 "$here/audience.py" probe "$address" "$(cat "$folder/session")" "$seconds"
wait "$loading"
memory && echo
# Until time was looked at twice since the load ended.
sleep 125
curl -s "http://$address/metrics" | grep '^perennial_segments_sweep_seconds'
python3 "$here/audience.py" answers "$address" "$(cat "$folder/session")" "$folder/answers.json" "$folder/customers.csv"
stop_server
python3 "$here/audience.py" peers "$folder/customers.csv" "$folder/answers.json"
