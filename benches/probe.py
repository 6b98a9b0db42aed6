"""What somebody at the dashboard sees of a server under load. Usage: probe.py HOST:PORT CODE SECONDS [late]

CODE is that of the one-time link of the first owner, or a session's "cookie csrf" as this script printed it.
Sends an order of one known customer after another and asks for that customer until the order is counted;
meanwhile asks what the page Today asks, once a second. Prints the times in ms."""

import base64
import http.client
import json
import os
import sys
import threading
import time

# Asked so often whether the order is there: what is measured is late by half of it.
EVERY = 0.004
# Seconds beyond the end after which an order that was not seen is lost.
PATIENCE = 60
TODAY = ["/api/today", "/api/today/flow", "/api/customers?limit=50", "/api/columns"]


class Caller:
    """One connection that stays open."""

    def __init__(self, address, headers):
        self.connection = http.client.HTTPConnection(address, timeout=120)
        self.headers = headers

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, {"Content-Type": "application/json", **self.headers})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text[:300]!r}")
        return answer, json.loads(text)


def signed_in(address, code):
    if " " in code:
        return code
    owner = {"token": code, "email": "owner@shop.example", "name": "Owner", "password": "only for this bench"}
    answer, body = Caller(address, {}).ask("POST", "/api/setup", owner)
    return f"{answer.headers['Set-Cookie'].split(';')[0]} {body['csrf_token']}"


def share(times, part):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000 if ordered else float("nan")


def told(name, times):
    p50, p95, p99 = (share(times, part) for part in (0.5, 0.95, 0.99))
    worst = max(times, default=float("nan")) * 1000
    print(f"{name}: n={len(times)} p50_ms={p50:.1f} p95_ms={p95:.1f} p99_ms={p99:.1f} max_ms={worst:.1f}")


def look_at_pages(address, headers, until, times):
    caller = Caller(address, headers)
    while time.monotonic() < until:
        for path in TODAY:
            began = time.monotonic()
            caller.ask("GET", path)
            times.setdefault(path, []).append(time.monotonic() - began)
        time.sleep(1)


def order(customer, number, late):
    at = time.time() - (3600 if late else 0)
    return {
        "type": "track",
        "userId": customer,
        "messageId": f"probe-{number}",
        "event": "Order Completed",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z",
        "properties": {"order_id": f"probe-{number}", "total": 12.5},
    }


def main():
    address, code, seconds, *more = sys.argv[1:]
    late = more == ["late"]
    session = signed_in(address, code)
    cookie, csrf = session.split(" ")
    headers = {"Cookie": cookie, "X-CSRF-Token": csrf}
    sender = Caller(address, {"Authorization": "Basic " + base64.b64encode((os.environ["KEY"] + ":").encode()).decode()})
    asker = Caller(address, headers)
    until = time.monotonic() + float(seconds)
    pages = {}
    watching = threading.Thread(target=look_at_pages, args=(address, headers, until, pages))
    watching.start()
    run, seen, acknowledged, number = int(time.time()), [], [], 0
    customers = [f"probe-{run}-{place}" for place in range(20)]
    identifiers = {}
    while time.monotonic() < until:
        customer = customers[number % len(customers)]
        number += 1
        began = time.monotonic()
        sender.ask("POST", "/v1/track", order(customer, f"{run}-{number}", late))
        kept = time.monotonic()
        if customer not in identifiers:
            # Not measured: a new customer, and whether it has been heard of.
            found = []
            while not found:
                found = asker.ask("POST", "/api/customers/find", {"text": customer, "kind": "member"})[1]["matches"]
            identifiers[customer] = (found[0]["customer"]["customer_id"], 1)
            continue
        identifier, orders = identifiers[customer]
        while orders_of(asker, identifier) <= orders:
            if time.monotonic() > until + PATIENCE:
                sys.exit(f"order {number} of {customer} is not in the customer table")
            time.sleep(EVERY)
        seen.append(time.monotonic() - began)
        acknowledged.append(kept - began)
        identifiers[customer] = (identifier, orders + 1)
        time.sleep(0.05)
    watching.join()
    told("acknowledged", acknowledged)
    told("in the customer table, late by an hour" if late else "in the customer table", seen)
    for path, times in pages.items():
        told(f"GET {path}", times)
    print(f"session {session}")


def orders_of(asker, identifier):
    return asker.ask("GET", f"/api/customers/{identifier}")[1]["values"]["orders"] or 0


if __name__ == "__main__":
    main()
