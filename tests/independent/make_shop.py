#!/usr/bin/env python3
"""Writes a shop of a few stores to tests/fixtures/shop.csv: the same bytes each time.

usage: make_shop.py > ../fixtures/shop.csv

Lines with a category or without, orders whose lines have no amount but one, orders of nobody, a
store or a member of staff that is not always named; and days around two Spring Festivals.
"""
import csv, random, sys
from datetime import datetime, timedelta

STORES, STAFF = ["静安店", "湖滨店", "太古里店", ""], ["林芳", "王磊", "陈静", "赵敏", "黄勇", ""]
STAFF += [f"店员{number:02d}" for number in range(1, 12)]
CATEGORIES = ["绿茶", "乌龙茶", "茶具", "礼盒", ""]

chance = random.Random(20250210)
rows, number = [], 0
for customer in range(1, 61):
    when = datetime(2023, 10, 1) + timedelta(hours=chance.randrange(24 * 400))
    home, seller = chance.choice(STORES), chance.choice(STAFF)
    while when < datetime(2025, 2, 11):
        number += 1
        if chance.random() < 0.3:
            home, seller = chance.choice(STORES), chance.choice(STAFF)
        member = "" if chance.random() < 0.05 else f"M{customer:03d}"
        for line in range(1 + chance.choice([0, 0, 1, 2])):
            amount = "0" if chance.random() < 0.1 else f"{chance.randrange(500, 30000) / 100:.2f}"
            # Exports write what belongs to the order on its first row.
            head = [home, seller] if line == 0 else ["", ""]
            rows.append([f"D{number:05d}", member, when.strftime("%Y-%m-%d %H:%M:%S"), *head,
                         f"SKU{chance.randrange(40):02d}", chance.choice(CATEGORIES), chance.randrange(1, 4), amount])
        when += timedelta(hours=chance.randrange(24 * chance.choice([20, 60, 160])) + 1)
rows.sort(key=lambda row: (row[2], row[0]))
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["订单号", "会员号", "下单时间", "门店", "导购", "商品编码", "商品分类", "数量", "金额"])
out.writerows(rows)
