/** RFM segments and lifecycle stages of the sample, now and ninety days before. */
import { SEGMENTS, segmentOfCell } from '../lib/names.ts';
import type { Flow, Rfm, StageCount } from '../report/types.ts';
import {
  firstDayOf,
  gaps,
  lastDayOf,
  median,
  ownGaps,
  personalInterval,
  quantile,
  sum,
  worth,
} from './base.ts';
import type { Customer } from './brand.ts';

/** The stage flow starts so many days before the end, as the engine's does. */
const FLOW_DAYS = 30;

const RULES: Record<string, string> = {
  new: 'first order < 60 d ago, < 5 orders',
  active: 'none of the others',
  loyal: 'orders on >= 5 distinct days',
  at_risk: 'silence > max(1.5 × interval, 14 d)',
  lapsed: 'silence > max(3 × interval, 45 d)',
  lost: 'silence > max(6 × interval, 90 d)',
  won_back: 'an order of the last 60 d followed lapsed or lost',
};

function edgesOf(values: number[]): number[] {
  return [0.2, 0.4, 0.6, 0.8].map((share) => quantile(values, share) ?? 0);
}

function score(value: number, edges: number[]): number {
  return 1 + edges.filter((edge) => value > edge).length;
}

interface Scored {
  r: number;
  fm: number;
  segment: string;
}

function scores(customers: Customer[], end: number): { each: Scored[]; thresholds: Rfm['thresholds'] } {
  const thresholds = {
    recency_days: edgesOf(customers.map((customer) => end - lastDayOf(customer))),
    orders: edgesOf(customers.map((customer) => customer.length)),
    revenue: edgesOf(customers.map(worth)),
  };
  const each = customers.map((customer) => {
    const r = 6 - score(end - lastDayOf(customer), thresholds.recency_days);
    const fm = Math.ceil(
      (score(customer.length, thresholds.orders) + score(worth(customer), thresholds.revenue)) / 2,
    );
    return { r, fm, segment: segmentOfCell(r, fm) };
  });
  return { each, thresholds };
}

/** Orders before `end`; nobody who had not bought by then. */
function upTo(customers: Customer[], end: number): { known: Customer[]; index: number[] } {
  const cut = customers.map((customer) => customer.filter((order) => order.day < end));
  const index = [...cut.keys()].filter((place) => (cut[place]?.length ?? 0) > 0);
  return { known: index.map((place) => cut[place] ?? []), index };
}

function countFlows(pairs: [string, string][]): Flow[] {
  const counts = new Map<string, number>();
  for (const pair of pairs) counts.set(pair.join('|'), (counts.get(pair.join('|')) ?? 0) + 1);
  return [...counts].map(([key, customers]) => {
    const [from = '', to = ''] = key.split('|');
    return { from, to, customers };
  });
}

export function rfm(customers: Customer[], end: number): Rfm {
  const { each, thresholds } = scores(customers, end);
  const before = upTo(customers, end - 90);
  const then = before.known.length > 0 ? scores(before.known, end - 90).each : [];
  const pairs = then.map((old, place): [string, string] => [
    old.segment,
    each[before.index[place] ?? 0]?.segment ?? 'lost',
  ]);
  const scale = [1, 2, 3, 4, 5];
  return {
    segments: SEGMENTS.map((segment) => {
      const members = customers.filter((_customer, index) => each[index]?.segment === segment);
      return {
        segment,
        customers: members.length,
        revenue: sum(members.map(worth)),
        median_recency_days: median(members.map((member) => end - lastDayOf(member))),
      };
    }),
    grid: scale.map((r) => scale.map((fm) => each.filter((one) => one.r === r && one.fm === fm).length)),
    thresholds,
    transitions: countFlows(pairs),
  };
}

function stageOf(customer: Customer, end: number, typical: number): string {
  const interval = personalInterval(customer, typical);
  const silence = end - lastDayOf(customer);
  if (silence > Math.max(6 * interval, 90)) return 'lost';
  if (silence > Math.max(3 * interval, 45)) return 'lapsed';
  if (silence > Math.max(1.5 * interval, 14)) return 'at_risk';
  if (silence < 60 && (gaps(customer).at(-1) ?? 0) > Math.max(3 * interval, 45)) return 'won_back';
  if (end - firstDayOf(customer) < 60 && customer.length < 5) return 'new';
  return customer.length >= 5 ? 'loyal' : 'active';
}

export function stages(customers: Customer[], end: number): { stages: StageCount[]; flow: Flow[] } {
  const typical = median(ownGaps(customers)) ?? 30;
  const now = customers.map((customer) => stageOf(customer, end, typical));
  const before = upTo(customers, end - FLOW_DAYS);
  const then = new Map(
    before.known.map((known, place) => [before.index[place], stageOf(known, end - FLOW_DAYS, typical)]),
  );
  const counts = Object.entries(RULES).map(([stage, rule]) => {
    const members = customers.filter((_customer, index) => now[index] === stage);
    const lastYear = members.map((member) => member.filter((order) => order.day >= end - 365));
    return {
      stage,
      customers: members.length,
      revenue: sum(members.map(worth)),
      revenue_365d: sum(lastYear.map(worth)),
      median_silence_days: median(members.map((member) => end - lastDayOf(member))),
      rule,
    };
  });
  return { stages: counts, flow: countFlows(now.map((stage, index) => [then.get(index) ?? 'none', stage])) };
}
