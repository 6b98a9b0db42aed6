"""Conditions of one to six parts over a customer table: what a server takes to count whom they find, and what
DuckDB and polars take over the same table. See audience.sh."""

import base64
import json
import os
import random
import sys
import threading
import time

import probe

COUNTED = "probe_orders_of_much_money"
ASKED = 400
COLUMNS = "orders, revenue, aov, recency_days, customer_age_days, units, stage, rfm_segment"
STAGES = ["new", "active", "loyal", "at_risk", "lapsed", "lost"]
GROUPS = ["champions", "loyal", "at_risk", "lost", "new", "promising", "hibernating"]


def part(chance):
    """One comparison of a column with a value, in SQL that all three read alike."""
    return chance.choice([
        lambda: f"orders {chance.choice(['>=', '>', '<', '='])} {chance.randint(1, 8)}",
        lambda: f"revenue {chance.choice(['>', '<='])} {chance.randint(10, 2000)}",
        lambda: f"aov {chance.choice(['>', '<'])} {chance.randint(10, 400)}",
        lambda: f"recency_days between {chance.randint(0, 200)} and {chance.randint(201, 1500)}",
        lambda: f"customer_age_days {chance.choice(['>', '<'])} {chance.randint(10, 1200)}",
        lambda: f"units >= {chance.randint(1, 30)}",
        lambda: f"stage in ({', '.join(repr(word) for word in chance.sample(STAGES, 3))})",
        lambda: f"rfm_segment <> '{chance.choice(GROUPS)}'",
    ])()


def condition(chance, parts):
    joined = part(chance)
    for _ in range(parts - 1):
        word = chance.choice([" and ", " and ", " or "])
        more = part(chance)
        joined = f"({joined}){word}{'not ' if chance.random() < 0.2 else ''}({more})"
    return joined


def conditions(seed=7):
    chance = random.Random(seed)
    return [condition(chance, 1 + number % 6) for number in range(ASKED)]


def segments(count):
    chance = random.Random(11)
    print("segments:")
    print(f"  - {{name: {COUNTED}, where: revenue > 900000, acts: true}}")
    for number in range(count - 1):
        print(f"  - name: acting_{number}\n    acts: true\n    where: {json.dumps(condition(chance, 1 + number % 6))}")


def headers_of(session):
    cookie, csrf = session.split(" ")
    return {"Cookie": cookie, "X-CSRF-Token": csrf}


def count(caller, sql):
    answer = caller.ask("POST", "/api/segments/preview", {"where": sql})[1]
    if answer["problem"]:
        sys.exit(f"{sql}: {answer['problem']}")
    return answer


def ask_conditions(address, headers, until, times):
    caller, place, asked = probe.Caller(address, headers), 0, conditions()
    while time.monotonic() < until:
        sql = asked[place % len(asked)]
        place += 1
        began = time.monotonic()
        answer = count(caller, sql)
        times.append((time.monotonic() - began, answer["took_us"] / 1e6))
        time.sleep(0.05)


def message(customer, number, name, properties):
    at = time.time()
    return {
        "type": "track",
        "userId": customer,
        "messageId": f"audience-{number}-{name[6:]}",
        "event": name,
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z",
        "properties": {"order_id": f"audience-{number}", **properties},
    }


def send(sender, asker, body, after):
    """Sends a message and waits for the change that it makes; the time it took, and the next change's place."""
    began = time.monotonic()
    sender.ask("POST", "/v1/track", body)
    while True:
        found = asker.ask("GET", f"/api/segments/{COUNTED}/changes?after={after}")[1]
        if found["changes"]:
            return time.monotonic() - began, found["next"], found["changes"][-1]["entered"]
        if time.monotonic() > began + probe.PATIENCE:
            sys.exit(f"no change came of {body}")
        time.sleep(probe.EVERY)


def probed(address, session, seconds):
    headers = headers_of(session)
    basic = base64.b64encode((os.environ["KEY"] + ":").encode()).decode()
    sender, asker = probe.Caller(address, {"Authorization": "Basic " + basic}), probe.Caller(address, headers)
    until = time.monotonic() + float(seconds)
    counted, entered, left = [], [], []
    asking = threading.Thread(target=ask_conditions, args=(address, headers, until, counted))
    asking.start()
    run, number, after = int(time.time()), 0, 0
    while found := asker.ask("GET", f"/api/segments/{COUNTED}/changes?after={after}&limit=200")[1]["changes"]:
        after = found[-1]["number"]
    while time.monotonic() < until:
        number += 1
        # Known before, so that no key is bound.
        customer, order = f"audience-{run}-{number % 20}", f"{run}-{number}"
        if number <= 20:
            sender.ask("POST", "/v1/track", message(customer, order, "Order Completed", {"total": 1}))
            continue
        much = {"total": 1_000_000}
        took, after, is_in = send(sender, asker, message(customer, order, "Order Completed", much), after)
        assert is_in
        entered.append(took)
        took, after, is_in = send(sender, asker, message(customer, order, "Order Refunded", much), after)
        assert not is_in
        left.append(took)
        time.sleep(0.05)
    asking.join()
    probe.told("counted, asked over HTTP", [whole for whole, _ in counted])
    probe.told("counted, in the server", [within for _, within in counted])
    probe.told("entered and told", entered)
    probe.told("left and told", left)


def answers(address, session, answers_file, table_file):
    """Answers and the columns that they are about, of one state: asked again until nothing changed meanwhile."""
    caller = probe.Caller(address, headers_of(session))
    asked = conditions()
    for _ in range(9):
        found = []
        for sql in asked:
            began = time.monotonic()
            answer = count(caller, sql)
            found.append([sql, answer["count"], answer["took_us"] / 1e6, time.monotonic() - began])
        table(address, session, table_file)
        after = [count(caller, sql)["count"] for sql in asked]
        if [each[1] for each in found] == after:
            with open(answers_file, "w") as file:
                json.dump(found, file)
            return
    sys.exit("the customers did not come to rest")


def table(address, session, path):
    caller = probe.Caller(address, {**headers_of(session), "Accept": "text/csv"})
    body = json.dumps({"sql": f"select {COLUMNS} from customers", "limit": 1_000_000})
    caller.connection.request("POST", "/api/query", body, {"Content-Type": "application/json", **caller.headers})
    answer = caller.connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"{answer.status} {text[:300]!r}")
    with open(path, "wb") as file:
        file.write(text)


def peers(table, told):
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    import duckdb
    import polars

    found = json.load(open(told))
    con = duckdb.connect()
    con.execute("PRAGMA threads=2")
    con.execute(f"CREATE TABLE customers AS SELECT * FROM read_csv('{table}', header=true)")
    context = polars.SQLContext(customers=polars.read_csv(table, infer_schema_length=None))
    times = {"duckdb": [], "polars": []}
    for sql, expected, *_ in found:
        query = f"SELECT count(*) FROM customers WHERE {sql}"
        for name, ask in [
            ("duckdb", lambda: con.execute(query).fetchone()[0]),
            ("polars", lambda: context.execute(query).collect().item()),
        ]:
            ask() if not times[name] else None
            began = time.monotonic()
            answer = ask()
            times[name].append(time.monotonic() - began)
            if answer != expected:
                sys.exit(f"{sql}: {name} counts {answer}, the server {expected}")
    print(f"{len(found)} answers of all three are equal")
    probe.told("perennial, in the server", [within for *_, within, _ in found])
    probe.told("perennial, asked over HTTP", [whole for *_, whole in found])
    for name, taken in times.items():
        probe.told(name, taken)


def main():
    what, *rest = sys.argv[1:]
    if what == "segments":
        segments(int(rest[0]))
    elif what == "sign-in":
        print(probe.signed_in(*rest))
    elif what == "probe":
        probed(*rest)
    elif what == "answers":
        answers(*rest)
    else:
        peers(*rest)


if __name__ == "__main__":
    main()
