/** Sample reports for the dev server, the tests and the screenshots; no real customer is in them. */
import { dayNumber, dayText } from '../lib/days.ts';
import type { Report } from '../report/types.ts';
import { firstDayOf, lastDayOf, sum, worth } from './base.ts';
import { type Brand, type Customer, coffeeRoaster, newStall, simulate, teaHouse } from './brand.ts';
import { activeRate, intervals, kpis, stickiness } from './figures.ts';
import { findings } from './findings.ts';
import { rfm, stages } from './groups.ts';
import { concentration, first60, ladder } from './loyalty.ts';
import { cohorts, growth } from './months.ts';

export type SampleName = 'zh' | 'en' | 'tiny';

const BRANDS: Record<SampleName, Brand> = { zh: teaHouse, en: coffeeRoaster, tiny: newStall };

function inputs(brand: Brand, orders: number): Report['inputs'] {
  return brand.files.map((file, index) => ({
    ...file,
    rows: index === 0 ? orders - Math.floor(orders / 4) * (brand.files.length - 1) : Math.floor(orders / 4),
  }));
}

function rejects(brand: Brand, tiny: boolean): Report['rejects'] {
  if (tiny) return [];
  const file = brand.files[0]?.name ?? '';
  return [
    {
      kind: 'skipped',
      reason_en: 'closed or cancelled',
      reason_zh: '已关闭或已取消',
      rows: 1204,
      example: `${file}:57`,
    },
    {
      kind: 'rejected',
      reason_en: 'the id was turned into a number like 1.23E+18 by a spreadsheet',
      reason_zh: '编号已被表格软件改成 1.23E+18 这样的数字',
      rows: 38,
      example: `${file}:2210`,
    },
    {
      kind: 'rejected',
      reason_en: 'there is no time',
      reason_zh: '没有时间',
      rows: 9,
      example: `${file}:9041`,
    },
    { kind: 'skipped', reason_en: 'rows of totals', reason_zh: '合计行', rows: 2, example: `${file}:18822` },
  ];
}

/** A report's figures over made-up customers; `end` is the exclusive day of as_of. */
function draw(brand: Brand, customers: Customer[], tiny: boolean): Report {
  const start = dayNumber(brand.from);
  const end = dayNumber(brand.until);
  const orders = customers.flat();
  const revenue = sum(customers.map(worth));
  const { steps, knee } = ladder(customers, end);
  const staged = stages(customers, end);
  const facts = {
    version: 1,
    as_of: `${brand.until}T00:00:00${brand.offset}`,
    timezone: brand.timezone,
    currency: brand.currency,
    currency_decimals: brand.decimals,
    revenue_basis: 'net',
    language: brand.currency === 'CNY' ? 'zh' : 'en',
    first_day: dayText(Math.min(...customers.map(firstDayOf))),
    last_day: dayText(Math.max(...customers.map(lastDayOf))),
    customers: customers.length,
    orders: orders.length,
    revenue,
    refunds: tiny ? 0 : Math.round(revenue * 0.021),
    unidentified: tiny ? { orders: 0, revenue: 0 } : { orders: 312, revenue: 312 * brand.orderValue },
    kpis: kpis(customers, start, end, brand.festivals),
    active_rate: activeRate(customers, start, end),
    rfm: rfm(customers, end),
    growth: growth(customers, start, end),
    cohorts: cohorts(customers, start, end),
    concentration: concentration(customers),
    ladder: steps,
    ladder_knee: knee,
    first_60_days: first60(customers, end),
    stages: staged.stages,
    stage_flow: staged.flow,
    stage_flow_from: `${dayText(end - 30)}T00:00:00${brand.offset}`,
    interval: intervals(customers),
    stickiness: stickiness(customers, end),
    rejected_rows: tiny ? 0 : 47,
    rejects: rejects(brand, tiny),
    inputs: inputs(brand, orders.length),
  };
  return { ...facts, findings: tiny ? [] : findings(facts) };
}

/** The named sample, the same on every call. */
export function makeSample(name: SampleName): Report {
  const brand = BRANDS[name];
  if (name !== 'tiny') return draw(brand, simulate(brand), false);
  const day = dayNumber('2026-11-03');
  const stall: Customer[] = [3_400, 2_150, 4_900, 1_800, 2_600].map((value, index) => [
    { day: day + 3 * index, value, units: 1 + (index % 2), channel: '', store: '', staff: '', category: '' },
  ]);
  return draw(brand, stall, true);
}
