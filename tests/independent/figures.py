#!/usr/bin/env python3
"""Figures of a report by another road: plain loops over plain lists, nothing shared with the engine.

usage: figures.py {online_retail|online_retail_ii|cdnow|completejourney|shop} FILE [--gross] > expected.json

The end-to-end tests compare the binary's JSON with what this printed (tests/expected). Only
completejourney needs a package (pyarrow), because its file is Parquet.
"""
import csv, gzip, json, statistics, sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction


def minor(quantity, price):
    return int((Decimal(quantity) * Decimal(price) * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def online_retail(path):
    """Lines of invoices; C invoices give money back and name no order."""
    orders, refunds = {}, []
    for row in csv.DictReader(gzip.open(path, "rt", encoding="utf-8")):
        invoice = row.get("InvoiceNo") or row["Invoice"]
        price = row.get("UnitPrice") or row["Price"]
        customer = row.get("CustomerID") or row.get("Customer ID") or ""
        customer = None if customer in ("", "nan", "0", "0.0") else str(int(float(customer)))
        when = datetime.fromisoformat(row["InvoiceDate"])
        value = minor(row["Quantity"], price)
        if invoice.startswith("C"):
            if value > 0:
                continue  # sale or refund cannot be told: one row, rejected
            refunds.append((customer, when, -value))
            continue
        order = orders.setdefault(invoice, {"customer": customer, "time": when, "value": 0, "units": 0})
        order["value"] += value
        order["units"] += float(row["Quantity"])
        order["time"] = min(order["time"], when)
        order["customer"] = order["customer"] or customer
    return list(orders.values()), refunds


def cdnow(path):
    """One row a transaction, no order id: a customer's rows of one day are one order."""
    orders = {}
    for index, line in enumerate(gzip.open(path, "rt")):
        if index == 0:
            continue
        customer, day, units, value = line.split()
        when = datetime.strptime(day, "%Y%m%d")
        order = orders.setdefault((customer, day), {"customer": customer, "time": when, "value": 0, "units": 0})
        order["value"] += minor(1, value)
        order["units"] += int(units)
    return list(orders.values()), []


def completejourney(path):
    import pyarrow.parquet as pq

    orders = {}
    for row in pq.read_table(path).to_pylist():
        key = row["basket_id"]
        when = row["transaction_timestamp"].replace(tzinfo=None)
        order = orders.setdefault(
            key,
            {"customer": str(row["household_id"]), "time": when, "value": 0, "units": 0, "store": row["store_id"]},
        )
        order["value"] += minor(1, repr(row["sales_value"]))
        order["units"] += float(row["quantity"])
        order["time"] = min(order["time"], when)
    return list(orders.values()), []


def shop(path):
    """The stores of make_shop.py: lines, with store and staff on an order's first row."""
    orders = {}
    for row in csv.DictReader(open(path, encoding="utf-8")):
        order = orders.setdefault(row["订单号"], {
            "customer": row["会员号"] or None, "time": datetime.fromisoformat(row["下单时间"]), "value": 0, "units": 0,
            "store": row["门店"], "staff": row["导购"], "lines": [],
        })
        value = minor(1, row["金额"])
        order["value"] += value
        order["units"] += int(row["数量"])
        order["lines"].append((row["商品分类"], value, int(row["数量"])))
    return list(orders.values()), []


FESTIVALS = [date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17)]


def year_back(as_of, chinese):
    """Days to the same 30 days last year."""
    last = as_of - timedelta(days=1)
    for before, this in zip(FESTIVALS, FESTIVALS[1:]) if chinese else []:
        for end, festival in ((last, this), (last - timedelta(days=364), before)):
            days = [(end - timedelta(days=back) - festival).days for back in range(30)]
            if any(abs(day) <= 30 for day in days):
                return (this - before).days
    return 364


def parts_of(order, by):
    """The groups of an order: name, money, units."""
    if by != "category":
        return [(str(order[by]), Fraction(order["value"]), order["units"])]
    whole = sum(value for _, value, _ in order["lines"])
    parts = {}
    for category, value, units in order["lines"]:
        weight = Fraction(value, whole) if whole else Fraction(1, len(order["lines"]))
        money, pieces = parts.get(category, (0, 0))
        parts[category] = (money + order["value"] * weight, pieces + units)
    return [(category, money, pieces) for category, (money, pieces) in parts.items()]


def cut(by, by_customer, as_of, back):
    """Operator's figures by one thing, largest revenue first."""
    sold, began = defaultdict(list), defaultdict(list)
    for customer, own in by_customer.items():
        for place, order in enumerate(own):
            for name, money, units in parts_of(order, by):
                sold[name].append((customer, order["time"].date(), money, units))
                if place == 0:
                    began[name].append([each["time"].date() for each in own])
    first_day = min(own[0]["time"].date() for own in by_customer.values())

    def group(names, name):
        rows = [row for each in names for row in sold[each]]
        starts = [days for each in names for days in began[each]]

        def figures(shift):
            end = as_of - timedelta(days=shift)
            start = end - timedelta(days=30)
            if shift and start < first_day:
                return None
            inside = [row for row in rows if start <= row[1] < end]
            money = round(sum(row[2] for row in inside))
            pieces = [row[3] for row in inside if row[3] > 0]
            return [
                money, len(inside), len({row[0] for row in inside}), sum(start <= days[0] < end for days in starts),
                money / len(inside) if inside else None, sum(pieces) / len(pieces) if pieces else None,
            ]

        def within(limit):
            old = [days for days in starts if (as_of - days[0]).days > limit]
            again = [days for days in old if len(days) > 1 and (days[1] - days[0]).days <= limit]
            return len(again) / len(old) if old else None

        revenue = round(sum(row[2] for row in rows))
        pieces = [row[3] for row in rows if row[3] > 0]
        gaps = [(days[1] - days[0]).days for days in starts if len(days) > 1]
        periods = [figures(shift) for shift in (0, 30, back)]
        labels = ["revenue", "orders", "buyers", "new_buyers", "aov", "units_per_order"]
        return {
            "name": name, "orders": len(rows), "customers": len({row[0] for row in rows}), "revenue": revenue,
            "aov": revenue / len(rows), "units_per_order": sum(pieces) / len(pieces) if pieces else None,
            "first_orders": len(starts),
            "repurchase_rate": {f"d{limit}": within(limit) for limit in (30, 90, 365)},
            "second_order_rate": len(gaps) / len(starts) if starts else None,
            "median_days_to_second": statistics.median(gaps) if gaps else None,
            "compared": [
                {"figure": label, **{
                    period: values[at] if values else None
                    for period, values in zip(("current", "previous", "last_year"), periods)
                }}
                for at, label in enumerate(labels)
            ],
        }

    groups = sorted((group([name], name) for name in sold), key=lambda each: (-each["revenue"], each["name"]))
    rest = groups[12:]
    other = None
    if rest:
        other = group([each["name"] for each in rest], "")
        keep = {"name", "revenue", "compared"} if by == "category" else set(other) - {"customers"}
        known = {"revenue"} if by == "category" else {"revenue", "orders", "new_buyers", "aov", "units_per_order"}
        other = {key: value for key, value in other.items() if key in keep}
        other["customers"] = None
        other["compared"] = [each for each in other["compared"] if each["figure"] in known]
    return {"by": by, "groups": groups[:12], "others": len(rest), "other": other}


def quantile(values, p):
    values = sorted(values)
    position = (len(values) - 1) * p
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (position - low)


def score(values):
    edges = [quantile(values, p) for p in (0.2, 0.4, 0.6, 0.8)]
    return [1 + sum(edge < value for edge in edges) for value in values]


def segment(r, fm):
    if r >= 4 and fm >= 4 and r + fm >= 9:
        return "champions"
    if r >= 3 and fm >= 4:
        return "loyal"
    if r >= 4 and fm in (2, 3):
        return "potential_loyalist"
    if r == 5 and fm == 1:
        return "new"
    if r == 4 and fm == 1:
        return "promising"
    if r == 3 and fm == 3:
        return "need_attention"
    if r == 3 and fm <= 2:
        return "about_to_sleep"
    if r <= 2 and fm == 5:
        return "cant_lose"
    if r <= 2 and fm in (3, 4):
        return "at_risk"
    return "hibernating" if r == 2 and fm <= 2 else "lost"


def month_add(month, count):
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def main():
    kind, path = sys.argv[1], sys.argv[2]
    gross = "--gross" in sys.argv
    load = {"online_retail": online_retail, "online_retail_ii": online_retail}.get(kind) or globals()[kind]
    orders, refunds = load(path)
    last = max([order["time"] for order in orders] + [when for _, when, _ in refunds])
    as_of = last.date() + timedelta(days=1)
    kept = [order for order in orders if order["value"] > 0]
    by_customer = defaultdict(list)
    for order in sorted(kept, key=lambda order: order["time"]):
        if order["customer"]:
            by_customer[order["customer"]].append(order)
    loose = Counter()
    for customer, _, value in refunds:
        if customer:
            loose[customer] += value
    money = {
        customer: sum(order["value"] for order in own) - (0 if gross else loose[customer])
        for customer, own in by_customer.items()
    }
    days = {customer: [order["time"].date() for order in own] for customer, own in by_customer.items()}
    distinct = {customer: sorted(set(own)) for customer, own in days.items()}
    customers = list(by_customer)
    identified = [order for order in kept if order["customer"]]
    unidentified = [order for order in kept if not order["customer"]]
    revenue = sum(order["value"] for order in identified) - (0 if gross else sum(loose.values()))
    given_back = 0 if gross else sum(value for customer, _, value in refunds if not customer)
    out = {
        "as_of": as_of.isoformat(),
        "customers": len(customers),
        "orders": len(identified),
        "revenue": revenue,
        "refunds": sum(loose.values()),
        "unidentified": {"orders": len(unidentified), "revenue": sum(order["value"] for order in unidentified) - given_back},
    }

    def repurchase(within):
        base = [own for own in days.values() if (as_of - own[0]).days > within]
        again = [own for own in base if len(own) > 1 and (own[1] - own[0]).days <= within]
        return len(again) / len(base) if base else None

    gaps_to_second = [(own[1] - own[0]).days for own in days.values() if len(own) > 1]
    with_units = [order["units"] for order in identified if order["units"] > 0]
    out["kpis"] = {
        "aov": revenue / len(identified),
        "units_per_order": sum(with_units) / len(with_units),
        "repurchase_rate": {f"d{n}": repurchase(n) for n in (30, 90, 365)},
        "second_order_rate": sum(len(own) > 1 for own in by_customer.values()) / len(customers),
        "median_days_to_second": statistics.median(gaps_to_second),
    }
    back = year_back(as_of, kind == "shop")
    named = [by for by in ("store", "staff") if by in orders[0]]
    named += ["category"] if "lines" in orders[0] else []
    out["kpis"]["periods"] = {"year_days": back}
    out["kpis"]["cuts"] = [cut(by, by_customer, as_of, back) for by in ("store", "category", "staff") if by in named]
    start = as_of - timedelta(days=30)
    base = [own for own in days.values() if own[0] < start]
    active = [own for own in base if any(day >= start for day in own)]
    out["active_rate"] = {
        "window_days": 30, "active": len(active), "base": len(base), "rate": len(active) / len(base) if base else None
    }
    recency = [(as_of - days[customer][-1]).days for customer in customers]
    r = [6 - value for value in score(recency)]
    f = score([len(by_customer[customer]) for customer in customers])
    m = score([money[customer] for customer in customers])
    out["rfm"] = Counter(segment(a, -(-(b + c) // 2)) for a, b, c in zip(r, f, m))
    months = defaultdict(set)
    for customer, own in days.items():
        for day in own:
            months[day.replace(day=1)].add(customer)
    first = {customer: own[0].replace(day=1) for customer, own in days.items()}
    growth, before, month = [], set(), min(months)
    last_month = (as_of - timedelta(days=1)).replace(day=1)
    while month <= last_month:
        now = months.get(month, set())
        new = {customer for customer in now if first[customer] == month}
        growth.append({
            "month": month.strftime("%Y-%m"), "active": len(now), "new": len(new), "retained": len(now & before),
            "resurrected": len(now - before - new), "churned": len(before - now),
        })
        before, month = now, month_add(month, 1)
    out["growth"] = growth
    cohorts, start_month = [], min(months)
    while start_month <= last_month:
        members = {customer for customer, begin in first.items() if begin == start_month}
        if members:
            counts, complete, month = [], [], start_month
            while month <= last_month:
                counts.append(len(members & months.get(month, set())))
                complete.append(month_add(month, 1) <= as_of)
                month = month_add(month, 1)
            cohorts.append({
                "cohort": start_month.strftime("%Y-%m"), "size": len(members), "active": counts, "complete": complete
            })
        start_month = month_add(start_month, 1)
    out["cohorts"] = cohorts
    shares = sorted((max(0, value) for value in money.values()), reverse=True)
    total, n = sum(shares), len(shares)
    running, needed = 0, 0
    for value in shares:
        if running >= 0.75 * total:
            break
        running += value
        needed += 1
    ascending = shares[::-1]
    out["concentration"] = {
        "top25_share": sum(shares[: -(-n // 4)]) / total,
        "gini": 2 * sum((i + 1) * value for i, value in enumerate(ascending)) / (n * total) - (n + 1) / n,
        "hhi": sum((value / total) ** 2 for value in shares),
        "customers_for_75_percent": needed,
    }
    out["ladder"] = [
        {
            "orders": k,
            "customers": (at := sum(len(own) >= k for own in distinct.values())),
            "raw_rate": sum(len(own) > k for own in distinct.values()) / at if at else None,
        }
        for k in range(1, 6)
    ]
    json.dump(out, sys.stdout, indent=1, default=str)
    print()


main()
