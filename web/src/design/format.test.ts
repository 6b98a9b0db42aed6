import { describe, expect, test } from 'vitest';
import { makeFormat, UNKNOWN } from './format.ts';

const zh = makeFormat({ lang: 'zh', currency: 'CNY', decimals: 2 });
const en = makeFormat({ lang: 'en', currency: 'GBP', decimals: 2 });
const plain = makeFormat({ lang: 'en', currency: 'XXX', decimals: 2 });

describe('money', () => {
  test('carries the currency’s sign', () => {
    expect(zh.money(21_480)).toBe('¥214.80');
    expect(en.money(21_480)).toBe('£214.80');
    expect(makeFormat({ lang: 'zh', currency: 'JPY', decimals: 0 }).money(980)).toContain('980');
  });
  test('has no sign where the currency is unknown', () => {
    expect(plain.money(21_480)).toBe('214.80');
    expect(plain.moneyCompact(123_400_000)).toBe('1.2M');
  });
  test('drops the small digits of large amounts', () => {
    expect(en.money(123_456_789)).toBe('£1,234,568');
    expect(en.money(-5_000)).toBe('−£50.00');
  });
  test('counts in 万 in Chinese', () => {
    expect(zh.moneyCompact(123_456_700)).toBe('¥123.5万');
    expect(zh.compact(40_000)).toBe('4万');
    expect(en.compact(40_000)).toBe('40K');
  });
});

describe('unknown is not zero', () => {
  test.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('%s', (value) => {
    expect([zh.int(value), zh.percent(value), zh.money(value), zh.points(value)]).toEqual(
      Array(4).fill(UNKNOWN),
    );
  });
  test('days', () => {
    expect([zh.day(null), zh.day('soon')]).toEqual([UNKNOWN, UNKNOWN]);
  });
});

test('rates', () => {
  expect(en.percent(0.3141)).toBe('31.4%');
  expect(en.percentRange(0.311, 0.3169)).toBe('31.1–31.7%');
  expect(en.points(0.012)).toBe('+1.2 pp');
  expect(zh.points(-0.012)).toBe('−1.2 个百分点');
  expect(en.change(-0.021)).toBe('−2.1%');
});

test('days and months in the reader’s order', () => {
  expect(en.day('2026-11-21')).toBe('21 Nov 2026');
  expect(zh.day('2026-11-21')).toBe('2026年11月21日');
  expect(zh.month('2026-11')).toBe('2026年11月');
  expect(en.monthShort('2026-02', false)).toBe('Feb');
  expect(en.monthShort('2026-01', false)).toBe('Jan\n2026');
});

test('as of an exclusive midnight is the day before', () => {
  expect(en.asOf('2011-12-10T00:00:00+00:00')).toBe('9 Dec 2011');
  expect(en.asOf('2011-12-10T12:00:00+00:00')).toBe('10 Dec 2011');
});
