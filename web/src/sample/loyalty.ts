/** Repurchase ladder, first 60 days and concentration of the sample. */
import type { Concentration, First60Days, LadderStep } from '../report/types.ts';
import { boughtIn, firstDayOf, gaps, median, rate, ratio, sum, worth } from './base.ts';
import type { Customer } from './brand.ts';

const KNEE_GAIN = 0.02;
const Z_95 = 1.96;

interface Wait {
  days: number;
  bought: boolean;
}

/** Waits for order k + 1 of everybody with k, cut at the horizon. */
function waits(customers: Customer[], rung: number, horizon: number, end: number): Wait[] {
  return customers.flatMap((customer): Wait[] => {
    const days = [...new Set(customer.map((order) => order.day))];
    const from = days[rung - 1];
    if (from === undefined) return [];
    const next = days[rung];
    if (next !== undefined && next - from <= horizon) return [{ days: next - from, bought: true }];
    return [{ days: Math.min(horizon, end - 1 - from), bought: false }];
  });
}

/** Kaplan–Meier share that bought again, with Greenwood's log–log interval. */
function kaplanMeier(sample: Wait[]): { rate: number; low: number; high: number } {
  let survival = 1;
  let greenwood = 0;
  for (const day of [...new Set(sample.filter((wait) => wait.bought).map((wait) => wait.days))].sort(
    (a, b) => a - b,
  )) {
    const atRisk = sample.filter((wait) => wait.days >= day).length;
    const events = sample.filter((wait) => wait.bought && wait.days === day).length;
    survival *= 1 - events / atRisk;
    if (atRisk > events) greenwood += events / (atRisk * (atRisk - events));
  }
  if (survival <= 0 || survival >= 1) return { rate: 1 - survival, low: 1 - survival, high: 1 - survival };
  const spread = Math.exp((Z_95 * Math.sqrt(greenwood)) / Math.log(survival));
  return { rate: 1 - survival, low: 1 - survival ** spread, high: 1 - survival ** (1 / spread) };
}

export function ladder(customers: Customer[], end: number): { steps: LadderStep[]; knee: number | null } {
  const horizon = Math.round(Math.min(365, Math.max(30, 2 * (median(customers.flatMap(gaps)) ?? 30))));
  const steps: LadderStep[] = [];
  for (let rung = 1; rung <= 14; rung += 1) {
    const sample = waits(customers, rung, horizon, end);
    const above = waits(customers, rung + 1, horizon, end).length;
    if (sample.length === 0) break;
    const { rate: next, low, high } = kaplanMeier(sample);
    const raw_rate = above / sample.length;
    steps.push({
      orders: rung,
      customers: sample.length,
      next_rate: next,
      raw_rate,
      low,
      high,
      horizon_days: horizon,
    });
  }
  const knee = steps.find((step, index) => {
    const after = steps[index + 1];
    return after ? (after.next_rate ?? 0) - (step.next_rate ?? 0) < KNEE_GAIN : false;
  });
  return { steps, knee: knee?.orders ?? null };
}

export function first60(customers: Customer[], end: number): First60Days {
  const followed = customers.filter((customer) => firstDayOf(customer) + 120 < end);
  const repeats = followed.map((customer) => {
    const from = firstDayOf(customer);
    const days = new Set(customer.map((order) => order.day - from).filter((day) => day > 0 && day <= 60));
    return Math.min(2, days.size);
  });
  const stayed = followed.map((customer) =>
    boughtIn(customer, firstDayOf(customer) + 61, firstDayOf(customer) + 121),
  );
  const by = (count: number) => {
    const group = stayed.filter((_stay, index) => repeats[index] === count);
    return rate(group.filter(Boolean).length, group.length);
  };
  const groups = [by(0), by(1), by(2)];
  const retained = stayed.filter(Boolean).length;
  const second = (day: number) => followed.filter((customer) => boughtAgainBy(customer, day)).length;
  return {
    customers: followed.length,
    bought_0: groups[0]?.of ?? 0,
    bought_1: groups[1]?.of ?? 0,
    bought_2plus: groups[2]?.of ?? 0,
    retained,
    churned: followed.length - retained,
    retained_by_repeats: groups,
    second_order_curve: Array.from({ length: 61 }, (_none, day) => ratio(second(day), followed.length) ?? 0),
  };
}

function boughtAgainBy(customer: Customer, day: number): boolean {
  const second = customer[1];
  return second !== undefined && second.day - firstDayOf(customer) <= day;
}

export function concentration(customers: Customer[]): Concentration {
  const money = customers.map(worth).sort((a, b) => b - a);
  const total = sum(money);
  const top = (count: number) => ratio(sum(money.slice(0, count)), total);
  const shares = money.map((value) => value / total);
  const poorest = [...money].reverse();
  const lorenz = Array.from(
    { length: 101 },
    (_none, percent) => sum(poorest.slice(0, Math.round((percent / 100) * money.length))) / total,
  );
  let reached = 0;
  const enough = money.findIndex((value) => {
    reached += value;
    return reached >= 0.75 * total;
  });
  const hhi = sum(shares.map((share) => share * share));
  return {
    top25_share: top(Math.ceil(money.length * 0.25)),
    top1_percent_share: top(Math.ceil(money.length * 0.01)),
    top5_percent_share: top(Math.ceil(money.length * 0.05)),
    top_customer_share: top(1),
    gini: 1 - (2 * sum(lorenz.slice(1).map((value, index) => (value + (lorenz[index] ?? 0)) / 2))) / 100,
    hhi,
    customers_for_75_percent: enough + 1,
    lorenz,
    dependence_alert: hhi > 0.25 || (top(1) ?? 0) > 0.2,
  };
}
