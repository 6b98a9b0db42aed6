#!/bin/sh
# A PostgreSQL server of its own for tests: in a temporary folder, on a free port of this machine
# alone, never as root. Prints its address, then does what is asked line by line (start, stop,
# restart) and answers "done" to each. It goes when its input ends, however the asking process did.
set -u
fail() { echo "error: $1"; exit 1; }

programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "$programs/initdb" ] || programs=$(dirname "$(command -v initdb 2>/dev/null || echo /missing/initdb)")
[ -x "$programs/initdb" ] || fail "PostgreSQL is missing: install it (on Debian: apt-get install postgresql)"

folder=$(mktemp -d) || fail "no temporary folder"
cd "$folder" || fail "no temporary folder"
as_user() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  user=nobody
  id postgres >/dev/null 2>&1 && user=postgres
  chown "$user" "$folder"
  as_user() { runuser -u "$user" -- "$@"; }
fi
control() { as_user "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -s -w -t 60 "$@" >/dev/null 2>&1; }
finish() {
  control -m immediate stop
  cd / && rm -rf "$folder"
  exit 0
}
trap finish INT TERM HUP

as_user "$programs/initdb" -D "$folder/data" -U perennial -A trust -E UTF8 --locale=C.UTF-8 -N >"$folder/log" 2>&1 ||
  { text=$(tail -3 "$folder/log" | tr '\n' ' '); rm -rf "$folder"; fail "$text"; }
cat >>"$folder/data/postgresql.conf" <<CONFIGURATION
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = '64MB'
max_wal_size = '256MB'
# The tests kill processes, not machines.
fsync = off
CONFIGURATION
[ -z "${PERENNIAL_TEST_POSTGRES_SETTINGS:-}" ] || echo "$PERENNIAL_TEST_POSTGRES_SETTINGS" >>"$folder/data/postgresql.conf"

tries=0
until port=$(shuf -i 20000-32000 -n 1) && echo "port = $port" >>"$folder/data/postgresql.conf" && control start; do
  tries=$((tries + 1))
  [ "$tries" -lt 8 ] || { text=$(tail -3 "$folder/server.log" | tr "\n" " "); rm -rf "$folder"; fail "it does not start: $text"; }
done
echo "$programs postgres://perennial@127.0.0.1:$port"
while read -r wish; do
  case $wish in
    start) control start ;;
    # Immediate: as if its machine lost power, but for what the disk has.
    stop) control -m immediate stop ;;
    restart) control -m immediate restart ;;
  esac
  echo "done"
done
finish
