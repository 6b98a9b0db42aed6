/** Operator's figures, active rate and channels of the sample. */
import { dayNumber, dayText } from '../lib/days.ts';
import type { ActiveRate, Compared, Kpis, RepurchaseRate, SeriesPoint } from '../report/types.ts';
import { boughtIn, firstDayOf, gaps, median, ownGaps, personalInterval, rate, ratio, sum } from './base.ts';
import type { Customer } from './brand.ts';
import { cuts } from './cuts.ts';

const WINDOW_DAYS = 30;

/** The same period last year: whole weeks. */
const YEAR_DAYS = 364;

/** Spring Festival this year and last year, where the sample is near it. */
export type Festivals = [string, string] | null;

/** First day of business, day after the last, and days to the same period last year. */
export interface Comparing {
  start: number;
  end: number;
  back: number;
}

function figuresOf(orders: Customer[], beginners: Customer[], from: number, to: number) {
  const within = orders.flat().filter((order) => order.day >= from && order.day < to);
  const revenue = sum(within.map((order) => order.value));
  const units = sum(within.map((order) => order.units));
  const began = beginners.filter((customer) => firstDayOf(customer) >= from && firstDayOf(customer) < to);
  const figures: Record<string, number | null> = {
    revenue,
    orders: within.length,
    buyers: orders.filter((customer) => boughtIn(customer, from, to)).length,
    new_buyers: began.length,
    aov: ratio(revenue, within.length),
    units_per_order: ratio(units, within.length),
  };
  return figures;
}

/** Figures of some orders, with the customers who began with one of them, in the three periods. */
export function compare(
  orders: Customer[],
  beginners: Customer[],
  { start, end, back }: Comparing,
): Compared[] {
  const at = (shift: number) => {
    const from = end - WINDOW_DAYS - shift;
    return from < start ? null : figuresOf(orders, beginners, from, end - shift);
  };
  const [current, previous, lastYear] = [at(0), at(WINDOW_DAYS), at(back)];
  return ['revenue', 'orders', 'buyers', 'new_buyers', 'aov', 'units_per_order'].map((figure) => ({
    figure,
    current: current?.[figure] ?? null,
    previous: previous?.[figure] ?? null,
    last_year: lastYear?.[figure] ?? null,
  }));
}

function daysToSecond(customer: Customer): number | null {
  const second = customer[1];
  return second ? second.day - firstDayOf(customer) : null;
}

/** What became of customers after their first order. */
export function afterFirst(customers: Customer[], end: number) {
  const waits = customers.map(daysToSecond);
  const within = (days: number) => {
    const old = waits.filter((_wait, index) => firstDayOf(customers[index] ?? []) + days <= end);
    return rate(old.filter((wait) => wait !== null && wait <= days).length, old.length);
  };
  const details = [within(30), within(90), within(365)];
  const [d30 = null, d90 = null, d365 = null] = details.map((each) => each.rate);
  const repurchase: RepurchaseRate = { d30, d90, d365, details };
  return {
    repurchase_rate: repurchase,
    second_order_rate: ratio(customers.filter((customer) => customer.length > 1).length, customers.length),
    median_days_to_second: median(waits.filter((wait) => wait !== null)),
  };
}

export function kpis(customers: Customer[], start: number, end: number, festivals: Festivals): Kpis {
  const orders = customers.flat();
  const back = festivals ? dayNumber(festivals[0]) - dayNumber(festivals[1]) : YEAR_DAYS;
  const period = (shift: number): [string, string] => [
    dayText(end - WINDOW_DAYS - shift),
    dayText(end - 1 - shift),
  ];
  const comparing = { start, end, back };
  return {
    aov: ratio(sum(orders.map((order) => order.value)), orders.length),
    units_per_order: ratio(sum(orders.map((order) => order.units)), orders.length),
    ...afterFirst(customers, end),
    compared: compare(customers, customers, comparing),
    periods: {
      calendar: festivals ? 'cn' : 'none',
      alignment: festivals ? 'spring_festival' : 'weeks',
      current: period(0),
      previous: period(WINDOW_DAYS),
      last_year: period(back),
      year_days: back,
      festivals,
    },
    cuts: cuts(customers, comparing),
  };
}

/** Customers with an order in the window before `end`, out of those known before `known`. */
function point(customers: Customer[], end: number, known: number): SeriesPoint {
  const base = customers.filter((customer) => firstDayOf(customer) < known);
  const active = base.filter((customer) => boughtIn(customer, end - WINDOW_DAYS, end)).length;
  return { day: dayText(end - 1), active, base: base.length };
}

function monthEnds(start: number, end: number): number[] {
  const ends: number[] = [];
  for (let back = 12; back >= 0; back -= 1) {
    const date = new Date(`${dayText(end).slice(0, 7)}-01T00:00:00Z`);
    date.setUTCMonth(date.getUTCMonth() - back);
    const monthEnd = dayNumber(date.toISOString());
    if (monthEnd - WINDOW_DAYS > start && monthEnd <= end) ends.push(monthEnd);
  }
  return ends;
}

function adaptive(customers: Customer[], end: number) {
  const typical = median(ownGaps(customers)) ?? WINDOW_DAYS;
  let active = 0;
  let base = 0;
  for (const customer of customers) {
    const window = Math.min(180, Math.max(7, Math.round(1.5 * personalInterval(customer, typical))));
    if (firstDayOf(customer) >= end - window) continue;
    base += 1;
    active += boughtIn(customer, end - window, end) ? 1 : 0;
  }
  return rate(active, base);
}

export function activeRate(customers: Customer[], start: number, end: number): ActiveRate {
  const now = point(customers, end, end - WINDOW_DAYS);
  const whole = rate(now.active, now.base);
  const days = Array.from({ length: Math.min(365, end - start) }, (_none, back) => end - back).reverse();
  return {
    window_days: WINDOW_DAYS,
    min_active_days: 1,
    active: now.active,
    base: now.base,
    rate: whole.rate,
    low: whole.low,
    high: whole.high,
    adaptive: adaptive(customers, end),
    fixed_series: [...new Set([...monthEnds(start, end), end])].map((monthEnd) =>
      point(customers, monthEnd, monthEnd - WINDOW_DAYS),
    ),
    running_series: days.map((day) => point(customers, day, day)),
  };
}

/** Gaps between orders by upper edge in days. */
export function intervals(customers: Customer[]) {
  const edges = [1, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 365, null];
  const all = customers.flatMap(gaps);
  const histogram = edges.map((edge, index): [number | null, number] => {
    const lower = edges[index - 1] ?? 0;
    return [edge, all.filter((gap) => gap > lower && gap <= (edge ?? Number.POSITIVE_INFINITY)).length];
  });
  const own = ownGaps(customers);
  return { median_days: median(own), repeat_customers: own.length, histogram };
}

export function stickiness(customers: Customer[], end: number) {
  const days = customers.map(
    (customer) => new Set(customer.filter((order) => order.day >= end - 28).map((order) => order.day)).size,
  );
  const active = days.filter((count) => count > 0).length;
  return {
    ratio: ratio(sum(days) / 28, active),
    active_28d: active,
    days_active: Array.from(
      { length: 28 },
      (_none, index) => days.filter((count) => count === index + 1).length,
    ),
    basis: 'orders',
  };
}
