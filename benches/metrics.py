"""Nine of the ten metrics of backfill.sh by DuckDB and by polars, over the log of the shared generator: for each the
number of customers who have one, and their sum. The tenth, a sequence, would take them a recursion.
Usage: metrics.py duckdb|polars LOG.parquet AS_OF, or metrics.py compare A.tsv B.tsv. See backfill.sh."""

import datetime
import os
import sys
import time

NAMES = ["orders_of_90_days", "spent", "large_lines", "mean_line_of_a_year", "largest_line", "first_order_secs",
         "items_of_90_days", "idle_days", "months_in_a_row"]


def by_duckdb(log, as_of):
    import duckdb

    con = duckdb.connect()
    con.execute("PRAGMA threads=2")
    last = as_of - datetime.timedelta(days=1)
    day, of_90, of_365 = (f"TIMESTAMP '{at}'" for at in (as_of, as_of - datetime.timedelta(days=90), as_of - datetime.timedelta(days=365)))
    sums = ", ".join(f"count({name}), sum({name})::DOUBLE" for name in NAMES)
    return con.execute(f"""
        WITH log AS (SELECT * FROM read_parquet('{log}') WHERE ts < {day}),
        lines AS (SELECT * FROM log WHERE event_type = 'purchase'),
        orders AS (SELECT customer_id, order_id, min(ts) AS ts FROM lines GROUP BY ALL),
        months AS (SELECT DISTINCT customer_id, year(ts) * 12 + month(ts) AS month FROM orders),
        places AS (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY month DESC) AS place,
                          max(month) OVER (PARTITION BY customer_id) AS latest FROM months),
        streaks AS (SELECT customer_id, count(*) FILTER (month = latest - place + 1 AND latest >= {last.year * 12 + last.month - 1}) AS months
                    FROM places GROUP BY ALL),
        of_orders AS (SELECT customer_id, count(*) FILTER (ts >= {of_90}) AS recent, min(ts) AS first FROM orders GROUP BY ALL),
        of_lines AS (SELECT customer_id, sum(amount) AS spent, count(*) FILTER (amount > 100) AS large,
                            round(sum(round(amount * 100)::BIGINT) FILTER (ts >= {of_365}) / count(*) FILTER (ts >= {of_365})) / 100 AS mean, max(amount) AS largest,
                            count(DISTINCT sku) FILTER (ts >= {of_90}) AS items FROM lines GROUP BY ALL),
        latest AS (SELECT customer_id, max(ts) AS ts FROM log GROUP BY ALL)
        SELECT {sums} FROM (
          SELECT coalesce(recent, 0) AS orders_of_90_days, coalesce(spent, 0) AS spent, coalesce(large, 0) AS large_lines,
                 mean AS mean_line_of_a_year, largest AS largest_line, epoch_us(first) / 1e6 AS first_order_secs,
                 coalesce(items, 0) AS items_of_90_days, date_diff('day', latest.ts::DATE, {day}::DATE) AS idle_days,
                 coalesce(months, 0) AS months_in_a_row
          FROM latest LEFT JOIN of_orders USING (customer_id) LEFT JOIN of_lines USING (customer_id)
                      LEFT JOIN streaks USING (customer_id))""").fetchone()


def by_polars(log, as_of):
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    import polars as pl

    at, ts = datetime.datetime.combine(as_of, datetime.time()), pl.col("ts")
    of_90, of_365 = at - datetime.timedelta(days=90), at - datetime.timedelta(days=365)
    last = as_of - datetime.timedelta(days=1)
    log = pl.scan_parquet(log).filter(ts < at)
    lines = log.filter(pl.col("event_type") == "purchase")
    orders = lines.group_by("customer_id", "order_id").agg(ts.min())
    of_orders = orders.group_by("customer_id").agg(
        orders_of_90_days=(ts >= of_90).sum(), first_order_secs=ts.min().dt.epoch("us") / 1e6,
        months=(ts.dt.year().cast(pl.Int32) * 12 + ts.dt.month()).unique().sort(descending=True))
    latest, in_a_row = pl.col("months").list.first(), pl.col("months").list.eval(
        (pl.element() == pl.element().first() - pl.int_range(pl.len()).cast(pl.Int32)).cast(pl.Int32)).list.sum()
    of_orders = of_orders.with_columns(
        months_in_a_row=pl.when(latest >= last.year * 12 + last.month - 1).then(in_a_row).otherwise(0)).drop("months")
    amount = pl.col("amount")
    of_lines = lines.group_by("customer_id").agg(
        spent=amount.sum(), large_lines=(amount > 100).sum(), mean_line_of_a_year=((amount.filter(ts >= of_365) * 100).round().mean() + 0.5).floor() / 100,
        largest_line=amount.max(), items_of_90_days=pl.col("sku").filter(ts >= of_90).n_unique())
    idle = log.group_by("customer_id").agg(idle_days=(pl.lit(as_of) - ts.max().dt.date()).dt.total_days())
    whole = idle.join(of_orders, on="customer_id", how="left").join(of_lines, on="customer_id", how="left")
    none = [pl.col(name).fill_null(0) for name in ("orders_of_90_days", "spent", "large_lines", "items_of_90_days", "months_in_a_row")]
    parts = [part for name in NAMES for part in (pl.col(name).count().alias(f"{name} n"), pl.col(name).sum().cast(pl.Float64).alias(name))]
    return whole.with_columns(none).select(parts).collect(engine="streaming").row(0)


def main():
    what, first, second = sys.argv[1:]
    if what == "compare":
        one, other = ([float(cell) for cell in open(path).read().replace(",", "\t").split()] for path in (first, second))
        pairs = list(zip(one, other, strict=True))
        for place, (ours, theirs) in enumerate(pairs):
            if abs(ours - theirs) > 1e-9 * max(abs(ours), 1):
                sys.exit(f"{NAMES[place // 2]}: {ours} and {theirs}")
        print(f"   {len(pairs)} figures are equal")
        return
    began = time.monotonic()
    row = (by_duckdb if what == "duckdb" else by_polars)(first, datetime.date.fromisoformat(second))
    took = time.monotonic() - began
    import resource

    print(f"{what}: nine metrics, {took:.2f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", file=sys.stderr)
    print("\t".join(repr(cell) for cell in row))


if __name__ == "__main__":
    main()
