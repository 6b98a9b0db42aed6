import { describe, expect, test } from 'vitest';
import { makeFormat } from '../design/format.ts';
import { palettes } from '../design/tokens.ts';
import { makeI18n } from '../i18n/index.ts';
import type { GrowthMonth } from '../report/types.ts';
import { growthOption, hasLabel, partValue } from './growth.ts';

const month = (name: string, complete: boolean): GrowthMonth => ({
  month: name,
  active: 60,
  new: 20,
  retained: 30,
  resurrected: 10,
  churned: 25,
  quick_ratio: 1.2,
  complete,
});

const context = {
  f: makeFormat({ lang: 'en', currency: 'GBP', decimals: 2 }),
  t: makeI18n('en').t,
  palette: palettes.light,
};

describe('growthOption', () => {
  const option = growthOption([month('2026-10', true), month('2026-11', false)], context, true);
  const series = option.series as {
    name: string;
    stack: string;
    data: { value: number; itemStyle?: object }[];
  }[];

  test('stacks those who bought above the line and those who left below it', () => {
    expect(series.map(({ name }) => name)).toEqual(['Retained', 'New', 'Resurrected', 'Churned']);
    expect(new Set(series.map(({ stack }) => stack)).size).toBe(1);
    const first = series.map(({ data }) => data[0]?.value ?? 0);
    expect(first).toEqual([30, 20, 10, -25]);
    expect(first.filter((value) => value > 0).reduce((sum, value) => sum + value)).toBe(60);
  });

  test('hatches the month that is not over, and only that one', () => {
    for (const { data } of series) {
      expect(data[0]).not.toHaveProperty('itemStyle');
      expect(data[1]).toHaveProperty('itemStyle.decal');
    }
  });
});

test('nobody left is zero, not minus zero', () => {
  expect(Object.is(partValue({ ...month('2026-10', true), churned: 0 }, 'churned'), 0)).toBe(true);
});

test('labels keep every January, whatever the span', () => {
  for (const months of [6, 13, 24, 40, 120]) {
    expect(hasLabel('2026-01', months, 14)).toBe(true);
  }
  expect(hasLabel('2026-02', 13, 14)).toBe(true);
  expect(hasLabel('2026-02', 24, 14)).toBe(false);
});
