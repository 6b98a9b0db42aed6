# For benches of a server: a folder, gone when the bench ends, and the server in it.
folder="$(mktemp -d)"
server=

stop_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  # It writes until it has ended.
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  server=
}

finish() {
  stop_server
  rm -rf "$folder"
}
trap finish EXIT

# Starts what is named behind the name of a log, and sets server and address once it listens.
start_server() {
  local log="$folder/$1.log"
  shift
  "$@" >"$log" 2>"$log.err" &
  server=$!
  until address="$(sed -n 's|^.*listening on http://\([^ ]*\).*$|\1|p' "$log" | head -1)" && [ -n "$address" ]; do
    kill -0 "$server" 2>/dev/null || { cat "$log" "$log.err" >&2; exit 1; }
    sleep 0.02
  done
}

# Memory of the server, at most and now.
memory() {
  awk '/VmHWM/ { printf "peak_mb=%d ", $2 / 1024 } /VmRSS/ { printf "rss_mb=%d", $2 / 1024 }' "/proc/$server/status"
}

# Seconds since a time in ns.
seconds_since() {
  awk -v ns=$(($(date +%s%N) - $1)) 'BEGIN { printf "%.2f", ns / 1e9 }'
}
