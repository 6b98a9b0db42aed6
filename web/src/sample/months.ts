/** Activity accounting and cohorts of the sample, by calendar month. */
import { dayNumber, dayText } from '../lib/days.ts';
import type { Cohort, GrowthMonth } from '../report/types.ts';
import { firstDayOf } from './base.ts';
import type { Customer } from './brand.ts';

const BRACKETS: [number, number][] = [
  [1, 30],
  [31, 60],
  [61, 90],
  [91, 180],
  [181, 365],
];

/** Months since year 0. */
function monthNumber(day: number): number {
  const text = dayText(day);
  return Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
}

function monthText(number: number): string {
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}

function monthEnd(number: number): number {
  return dayNumber(`${monthText(number + 1)}-01`);
}

function monthsOf(customer: Customer): Set<number> {
  return new Set(customer.map((order) => monthNumber(order.day)));
}

export function growth(customers: Customer[], start: number, end: number): GrowthMonth[] {
  const months = customers.map(monthsOf);
  const firsts = customers.map((customer) => monthNumber(firstDayOf(customer)));
  const count = (test: (bought: Set<number>, first: number) => boolean) =>
    months.filter((bought, index) => test(bought, firsts[index] ?? 0)).length;
  const rows: GrowthMonth[] = [];
  for (let month = monthNumber(start); month <= monthNumber(end - 1); month += 1) {
    const fresh = count((bought, first) => bought.has(month) && first === month);
    const retained = count((bought) => bought.has(month) && bought.has(month - 1));
    const active = count((bought) => bought.has(month));
    const churned = count((bought) => bought.has(month - 1) && !bought.has(month));
    const resurrected = active - fresh - retained;
    rows.push({
      month: monthText(month),
      active,
      new: fresh,
      retained,
      resurrected,
      churned,
      quick_ratio: churned > 0 ? (fresh + resurrected) / churned : null,
      complete: monthEnd(month) <= end,
    });
  }
  return rows;
}

function cohort(members: Customer[], month: number, end: number): Cohort {
  const length = monthNumber(end - 1) - month + 1;
  const offsets = Array.from({ length }, (_none, index) => index);
  const bought = members.map((member) => [...monthsOf(member)].map((each) => each - month));
  const inBracket = (member: Customer, [low, high]: [number, number]) =>
    member.some((order) => order.day - firstDayOf(member) >= low && order.day - firstDayOf(member) <= high);
  return {
    cohort: monthText(month),
    size: members.length,
    active: offsets.map((offset) => bought.filter((own) => own.includes(offset)).length),
    complete: offsets.map((offset) => monthEnd(month + offset) <= end),
    rolling: offsets.map((offset) => bought.filter((own) => own.some((each) => each >= offset)).length),
    bracket: BRACKETS.map((bracket) => members.filter((member) => inBracket(member, bracket)).length),
    bracket_complete: BRACKETS.map(([, high]) => monthEnd(month) + high <= end),
  };
}

export function cohorts(customers: Customer[], start: number, end: number): Cohort[] {
  const rows: Cohort[] = [];
  for (let month = monthNumber(start); month <= monthNumber(end - 1); month += 1) {
    const members = customers.filter((customer) => monthNumber(firstDayOf(customer)) === month);
    rows.push(cohort(members, month, end));
  }
  return rows;
}
