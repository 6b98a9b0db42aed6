"""psql and psycopg against a real server: python clients.py BINARY ORDERS.csv"""

import csv
import decimal
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from datetime import date

import psycopg

PASSWORD = "a long walk by the lake"


class Server:
    """A served data directory, with an owner and an analyst who have tokens."""

    def __init__(self, binary, orders, folder):
        data = os.path.join(folder, "data")
        imported = [binary, "import", orders, "--data", data, "--timezone", "Asia/Shanghai", "--currency", "CNY"]
        subprocess.run([*imported, "--quiet"], check=True, capture_output=True)
        serve = [binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--sql-listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        said = ""
        while "PostgreSQL protocol on" not in said:
            line = self.process.stdout.readline()
            assert line, f"the server ended: {said}"
            said += line
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.http = re.search(r"listening on (http://\S+)", said).group(1)
        self.port = int(re.search(r"PostgreSQL protocol on \S+:(\d+)", said).group(1))
        secret = re.search(r"open \S*[/=#]([A-Za-z0-9_-]{20,})", said).group(1)
        owner = {"token": secret, "email": "owner@shop.example", "name": "Owner", "password": PASSWORD}
        answer = self.call("POST", "/api/setup", owner, whole=True)
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.csrf = json.load(answer)["csrf_token"]
        self.token = self.new_token(["query", "reveal_keys"])
        self.masked = self.new_token(["query"])

    def new_token(self, scopes):
        answer = self.call("POST", "/api/tokens", {"name": "tool", "scopes": scopes}, self.signed_in())
        self.token_id = answer["token_id"]
        return answer["token"]

    def signed_in(self):
        return {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}

    def call(self, method, path, body=None, headers=None, whole=False):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.http + path, data, headers, method=method)
        answer = urllib.request.urlopen(request, timeout=60)
        return answer if whole else json.load(answer)

    def ask(self, sql, parameters=(), token=None, **more):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.call("POST", "/api/query", {"sql": sql, "parameters": list(parameters), **more}, headers)

    def connect(self, password=None, user="owner@shop.example", **more):
        more = {"autocommit": True, "connect_timeout": 20, **more}
        password = password or self.token
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname="perennial", user=user, password=password, **more
        )

    def psql(self, *commands):
        line = ["psql", "-X", "-h", "127.0.0.1", "-p", str(self.port), "-U", "owner@shop.example", "-d", "perennial"]
        for command in commands:
            line += ["-c", command]
        environment = {**os.environ, "PGPASSWORD": self.token}
        return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60)


def refused(code, work):
    try:
        work()
    except psycopg.Error as problem:
        assert problem.sqlstate == code, f"{problem.sqlstate}: {problem}"
        return str(problem)
    raise AssertionError(f"{code} was expected")


def check_psql(server, orders):
    listed = server.psql(r"\dt").stdout
    for table in ("customers", "events", "identities", "columns"):
        assert re.search(rf"public \| {table} +\| table", listed), listed
    described = server.psql(r"\d customers").stdout
    assert re.search(r"last_order_day +\| date", described), described
    for command in (r"\l", r"\dn", r"\du", r"\dv", r"\di", r"\dx", r"\dT", r"\df", r"\d+ events", r"\conninfo"):
        outcome = server.psql(command)
        assert outcome.returncode == 0, f"{command}: {outcome.stderr}"
    several = server.psql("SELECT count(*) FROM nowhere", "SELECT 1 AS one; SELECT 2 AS two; SELECT 3 AS three")
    assert "there is no table nowhere" in several.stderr and "three" in several.stdout, several
    answer = server.psql("SELECT count(DISTINCT order_id) FROM events WHERE kind = 'order'").stdout
    assert re.search(rf"^ +{orders}$", answer, re.M), answer


def check_values(server, orders):
    with server.connect() as db:
        columns = "customer_id, orders, revenue, last_order_day, last_order_time, aov, units, stage"
        one = db.execute(
            f"SELECT {columns} FROM customers WHERE orders >= %s ORDER BY customer_id LIMIT 1",
            [1],
        ).fetchone()
        assert all(isinstance(one[place], decimal.Decimal) for place in (2, 5)), one
        assert isinstance(one[3], date) and one[4].tzinfo is not None, one
        for binary in (False, True):
            with db.cursor(binary=binary) as cursor:
                same = cursor.execute(
                    f"SELECT {columns} FROM customers WHERE customer_id = %s AND last_order_day = %s AND stage = %s "
                    "AND revenue > %s AND aov < %s AND units < %s",
                    [int(one[0]), one[3], one[7], decimal.Decimal("0.01"), decimal.Decimal(1_000_000), 1e9],
                ).fetchone()
                assert same == one, (binary, same, one)
        query = "SELECT count(*) FROM customers WHERE orders > %s"
        counts = [db.execute(query, [least], prepare=True).fetchone()[0] for least in range(20)]
        assert counts == sorted(counts, reverse=True) and counts[0] > 0
        assert db.execute("SELECT %s::text, NULL, true, 1.5::float8", ["西湖"]).fetchone() == ("西湖", None, True, 1.5)
        with db.transaction(), db.cursor(name="pages") as pages:
            pages.itersize = 100
            pages.execute("SELECT order_id FROM events WHERE kind = %s", ["order"])
            assert len(pages.fetchall()) == orders
        assert sum(1 for _ in db.cursor().stream("SELECT order_id FROM events WHERE kind = 'order'")) == orders


def check_catalogue(server):
    with server.connect() as db:
        tables = db.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'").fetchall()
        assert {name for (name,) in tables} == {"customers", "events", "identities", "columns"}, tables
        columns = db.execute(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relname = 'customers' AND a.attnum > 0 ORDER BY a.attnum"
        ).fetchall()
        assert ("stage", "text") in columns and ("orders", "bigint") in columns, columns
        first = db.execute("SELECT oid FROM pg_class WHERE relname = 'events'").fetchone()
        with server.connect() as other:
            assert other.execute("SELECT oid FROM pg_class WHERE relname = 'events'").fetchone() == first
        assert db.execute("SELECT version()").fetchone()[0].startswith("PostgreSQL 16.")
        assert db.execute("SHOW transaction_isolation").fetchone() == ("read committed",)


def check_refusals(server):
    with server.connect() as db:
        for sql in (
            "DROP TABLE customers",
            "INSERT INTO customers (customer_id) VALUES (1)",
            "CREATE TABLE copy AS SELECT * FROM customers",
            "COPY customers TO '/tmp/customers.csv'",
            "CREATE EXTERNAL TABLE passwords STORED AS CSV LOCATION '/etc/passwd'",
        ):
            try:
                db.execute(sql)
            except psycopg.Error as problem:
                assert problem.sqlstate in ("25006", "42601"), f"{sql}: {problem.sqlstate} {problem}"
            else:
                raise AssertionError(sql)
        refused("42P01", lambda: db.execute("SELECT * FROM '/etc/passwd'"))
        refused("42703", lambda: db.execute("SELECT shoe_size FROM customers"))
        refused("54000", lambda: db.execute("SELECT " + "1+" * 20_000 + "1"))
        refused("53200", lambda: db.execute("SELECT length(repeat('x', 2000000000))"))
        endless = "SELECT count(*) FROM events a, events b, events c, events d"
        db.execute("SET datafusion.runtime.memory_limit = '100G'")
        db.execute("SET statement_timeout = '300ms'")
        refused("57014", lambda: db.execute(endless))
        db.execute("SET statement_timeout = 0")
        waiting = threading.Thread(target=lambda: (time.sleep(0.5), db.cancel()))
        waiting.start()
        began = time.monotonic()
        refused("57014", lambda: db.execute(endless))
        assert time.monotonic() - began < 10
        waiting.join()
        assert db.execute("SELECT 1").fetchone() == (1,)
    with server.connect(autocommit=False) as db:
        refused("42P01", lambda: db.execute("SELECT * FROM nowhere"))
        refused("25P02", lambda: db.execute("SELECT 1"))
        db.rollback()
        assert db.execute("SELECT 1").fetchone() == (1,)


def check_sign_in(server):
    for user, password in (
        ("owner@shop.example", "wrong"),
        ("nobody@shop.example", PASSWORD),
        ("nobody@shop.example", server.token),
        ("owner@shop.example", "pt_" + "A" * 43),
    ):
        try:
            server.connect(password, user)
        except psycopg.OperationalError as problem:
            assert "sign-in refused" in str(problem), problem
        else:
            raise AssertionError(user)
    with server.connect(PASSWORD) as db:
        assert db.execute("SELECT count(*) FROM identities WHERE value LIKE '%%*%%'").fetchone() == (0,)
    with server.connect(server.masked) as db:
        assert db.execute("SELECT count(*) FROM identities WHERE value NOT LIKE '%%*%%'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM identities").fetchone()[0] > 0
        server.call("DELETE", f"/api/tokens/{server.token_id}", None, server.signed_in())
        refused("28000", lambda: db.execute("SELECT 1"))


def check_api(server, bought):
    found = server.ask("SELECT count(*) AS n, sum(orders) FROM customers WHERE orders >= $1", [1])
    assert found["columns"][0] == {"name": "n", "type": "bigint"} and not found["truncated"], found
    assert found["rows"][0] == [bought["customers"], bought["orders"]], found
    found = server.ask("SELECT customer_id, revenue, last_order_day FROM customers ORDER BY 1", limit=2)
    assert found["truncated"] and len(found["rows"]) == 2 and isinstance(found["rows"][0][1], str), found
    for sql, status in (("DROP TABLE customers", 400), ("SELECT 1; SELECT 2", 400), ("SELEC", 400)):
        try:
            server.ask(sql)
        except urllib.error.HTTPError as problem:
            assert problem.code == status and json.load(problem)["error"]["message"], problem
        else:
            raise AssertionError(sql)
    headers = {"Authorization": f"Bearer {server.token}", "Accept": "text/csv"}
    body = {"sql": "SELECT stage, orders FROM customers LIMIT 3"}
    lines = server.call("POST", "/api/query", body, headers, whole=True).read().decode().splitlines()
    assert lines[0] == "stage,orders" and len(lines) == 4, lines
    secret = "SELECT count(*) FROM identities WHERE value = '+8613800138000'"
    server.ask(secret)
    audit = json.dumps(server.call("GET", "/api/audit", None, server.signed_in()))
    assert '"sql"' in audit and "13800138000" not in audit and "hash" in audit, audit[:500]


def main():
    binary, orders_file = sys.argv[1:]
    with open(orders_file, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    orders = len({row["订单号"] for row in rows})
    # Of a customer count the orders that were paid for.
    paid = [row for row in rows if row["会员号"] and float(row["金额"]) > 0]
    bought = {"customers": len({row["会员号"] for row in paid}), "orders": len({row["订单号"] for row in paid})}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binary, orders_file, folder)
        try:
            check_psql(server, orders)
            check_values(server, orders)
            check_catalogue(server)
            check_refusals(server)
            check_api(server, bought)
            check_sign_in(server)
        finally:
            server.process.terminate()
            ended = server.process.wait(timeout=30)
        assert ended == 0, f"the server ended with {ended}"
    print("psql and psycopg: all is as it should be")


if __name__ == "__main__":
    main()
