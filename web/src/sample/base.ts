/** Small statistics that the sample's figures share. */
import { wilson } from '../lib/wilson.ts';
import type { Rate } from '../report/types.ts';
import type { Customer } from './brand.ts';

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Type-7 quantile; null of nothing. */
export function quantile(values: number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

export function median(values: number[]): number | null {
  return quantile(values, 0.5);
}

export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

export function rate(count: number, of: number): Rate {
  const interval = wilson(count, of);
  return { count, of, rate: ratio(count, of), low: interval?.low ?? null, high: interval?.high ?? null };
}

export function firstDayOf(customer: Customer): number {
  return customer[0]?.day ?? 0;
}

export function lastDayOf(customer: Customer): number {
  return customer.at(-1)?.day ?? 0;
}

export function worth(customer: Customer): number {
  return sum(customer.map((order) => order.value));
}

/** Whether there is an order in [from, to). */
export function boughtIn(customer: Customer, from: number, to: number): boolean {
  return customer.some((order) => order.day >= from && order.day < to);
}

/** Days between orders on different days. */
export function gaps(customer: Customer): number[] {
  const days = [...new Set(customer.map((order) => order.day))];
  return days.slice(1).map((day, index) => day - (days[index] ?? day));
}

/** The customers' own mean gaps; only who came back has one. */
export function ownGaps(customers: Customer[]): number[] {
  return customers.flatMap((customer) => {
    const own = gaps(customer);
    return own.length > 0 ? [sum(own) / own.length] : [];
  });
}

/** Weight of the population's gap in the personal one. */
const KAPPA = 3;

/** Personal interval: own gaps drawn towards everybody's. */
export function personalInterval(customer: Customer, typical: number): number {
  const own = gaps(customer);
  return (sum(own) + KAPPA * typical) / (own.length + KAPPA);
}
