/** Operator's figures, active rate and channels of the sample. */
import { dayNumber, dayText } from '../lib/days.ts';
import type { ActiveRate, ChannelFigures, Compared, Kpis, SeriesPoint } from '../report/types.ts';
import { boughtIn, firstDayOf, gaps, median, ownGaps, personalInterval, rate, ratio, sum } from './base.ts';
import type { Customer } from './brand.ts';

const WINDOW_DAYS = 30;

function figuresOf(customers: Customer[], from: number, to: number): Record<string, number | null> {
  const orders = customers.flat().filter((order) => order.day >= from && order.day < to);
  const revenue = sum(orders.map((order) => order.value));
  const units = sum(orders.map((order) => order.units));
  return {
    revenue,
    orders: orders.length,
    buyers: customers.filter((customer) => boughtIn(customer, from, to)).length,
    new_buyers: customers.filter((customer) => firstDayOf(customer) >= from && firstDayOf(customer) < to)
      .length,
    aov: ratio(revenue, orders.length),
    units_per_order: ratio(units, orders.length),
  };
}

function compare(customers: Customer[], end: number, start: number): Compared[] {
  const at = (shift: number) =>
    end - WINDOW_DAYS - shift < start ? null : figuresOf(customers, end - WINDOW_DAYS - shift, end - shift);
  const [current, previous, lastYear] = [at(0), at(WINDOW_DAYS), at(364)];
  return ['revenue', 'orders', 'buyers', 'new_buyers', 'aov', 'units_per_order'].map((figure) => ({
    figure,
    current: current?.[figure] ?? null,
    previous: previous?.[figure] ?? null,
    last_year: lastYear?.[figure] ?? null,
  }));
}

function channels(customers: Customer[]): ChannelFigures[] {
  const found = new Map<string, { orders: number; revenue: number; buyers: Set<number> }>();
  for (const [index, customer] of customers.entries()) {
    for (const order of customer) {
      const entry = found.get(order.channel) ?? { orders: 0, revenue: 0, buyers: new Set() };
      entry.orders += 1;
      entry.revenue += order.value;
      entry.buyers.add(index);
      found.set(order.channel, entry);
    }
  }
  return [...found]
    .map(([channel, { orders, revenue, buyers }]) => ({
      channel,
      orders,
      revenue,
      customers: buyers.size,
      aov: ratio(revenue, orders),
    }))
    .sort((a, b) => b.revenue - a.revenue);
}

function daysToSecond(customer: Customer): number | null {
  const second = customer[1];
  return second ? second.day - firstDayOf(customer) : null;
}

export function kpis(customers: Customer[], start: number, end: number): Kpis {
  const orders = customers.flat();
  const waits = customers.map(daysToSecond);
  const within = (days: number) => {
    const old = waits.filter((_wait, index) => firstDayOf(customers[index] ?? []) + days <= end);
    return rate(old.filter((wait) => wait !== null && wait <= days).length, old.length);
  };
  const details = [within(30), within(90), within(365)];
  return {
    aov: ratio(sum(orders.map((order) => order.value)), orders.length),
    units_per_order: ratio(sum(orders.map((order) => order.units)), orders.length),
    repurchase_rate: {
      d30: details[0]?.rate ?? null,
      d90: details[1]?.rate ?? null,
      d365: details[2]?.rate ?? null,
      details,
    },
    second_order_rate: ratio(customers.filter((customer) => customer.length > 1).length, customers.length),
    median_days_to_second: median(waits.filter((wait) => wait !== null)),
    compared: compare(customers, end, start),
    by_channel: channels(customers),
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
