#!/usr/bin/env python3
"""Hillstrom's experiment by another road: SciPy, statsmodels and NumPy, nothing shared with the crate.

usage: lift.py hillstrom.csv.gz        (pip install pandas scipy statsmodels)

stages/measure/tests/measure/hillstrom.rs compares its figures with what this printed under SciPy 1.17
and statsmodels 0.15.
"""
import sys

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

Z = stats.norm.ppf(0.975)


def rates(arm, control):
    """Newcombe's interval, pooled z test, interval of the ratio's logarithm."""
    x1, n1, x0, n0 = arm.sum(), len(arm), control.sum(), len(control)
    low, high = confint_proportions_2indep(x1, n1, x0, n0, compare="diff", method="newcomb")
    p = proportions_ztest([x1, x0], [n1, n0])[1]
    logarithm, error = np.log(x1 / n1 / (x0 / n0)), np.sqrt((1 - x1 / n1) / x1 + (1 - x0 / n0) / x0)
    lift = [np.expm1(logarithm + side * error) for side in (0, -Z, Z)]
    return x1 / n1, x1 / n1 - x0 / n0, low, high, p, lift


def means(arm, control):
    """Welch's interval and test."""
    test = stats.ttest_ind(arm, control, equal_var=False)
    interval = test.confidence_interval(0.95)
    return arm.mean(), arm.mean() - control.mean(), interval.low, interval.high, test.pvalue


def studentised_bootstrap(arm, control, draws=4000):
    rng = np.random.default_rng(1)
    error = lambda one, other: np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    difference = arm.mean() - control.mean()
    found = []
    for _ in range(draws):
        one, other = rng.choice(arm, len(arm)), rng.choice(control, len(control))
        found.append((one.mean() - other.mean() - difference) / error(one, other))
    low, high = np.quantile(found, [0.025, 0.975])
    return difference - high * error(arm, control), difference - low * error(arm, control)


def post_stratified(arm, control, outcome, stratum):
    customers, value, parts = len(arm) + len(control), 0.0, []
    for name in sorted(set(arm[stratum])):
        groups = [group.loc[group[stratum] == name, outcome].astype(float) for group in (arm, control)]
        weight = sum(map(len, groups)) / customers
        value += weight * (groups[0].mean() - groups[1].mean())
        parts += [(weight**2 * group.var(ddof=1) / len(group), len(group) - 1) for group in groups]
    variance = sum(part for part, _ in parts)
    degrees = variance**2 / sum(part**2 / free for part, free in parts)
    half = stats.t.ppf(0.975, degrees) * variance**0.5
    return value, value - half, value + half, 2 * stats.t.sf(abs(value) / variance**0.5, degrees)


def main():
    rows = pd.read_csv(sys.argv[1])
    control = rows[rows.segment == "No E-Mail"]
    print("sizes", stats.chisquare(rows.segment.value_counts()))
    for name in ("Mens E-Mail", "Womens E-Mail"):
        arm = rows[rows.segment == name]
        for outcome in ("visit", "conversion"):
            print(name, outcome, rates(arm[outcome], control[outcome]))
        print(name, "spend", means(arm.spend, control.spend))
        print(name, "spend, bootstrap", studentised_bootstrap(arm.spend.values, control.spend.values))
        for outcome in ("spend", "visit"):
            print(name, outcome, "by history_segment", post_stratified(arm, control, outcome, "history_segment"))


main()
