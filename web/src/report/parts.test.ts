import { describe, expect, test } from 'vitest';
import { stagesOn, stayed } from '../charts/flow.ts';
import { sparkPoints } from '../components/Bar.tsx';
import { makeI18n } from '../i18n/index.ts';
import { fileDescription, SEGMENTS, segmentOfCell, stageRule } from '../lib/names.ts';
import { activeDayBuckets, intervalBuckets } from './sections/Rhythm.tsx';
import { splitMoves } from './sections/Transitions.tsx';

/** Mechanism 1.10, first match. */
function byRule(r: number, fm: number): string {
  const rules: [string, boolean][] = [
    ['champions', r >= 4 && fm >= 4 && r + fm >= 9],
    ['loyal', r >= 3 && fm >= 4],
    ['potential_loyalist', r >= 4 && (fm === 2 || fm === 3)],
    ['new', r === 5 && fm === 1],
    ['promising', r === 4 && fm === 1],
    ['need_attention', r === 3 && fm === 3],
    ['about_to_sleep', r === 3 && fm <= 2],
    ['cant_lose', r <= 2 && fm === 5],
    ['at_risk', r <= 2 && (fm === 3 || fm === 4)],
    ['hibernating', r === 2 && fm <= 2],
    ['lost', true],
  ];
  return rules.find(([, matches]) => matches)?.[0] ?? '';
}

test('the segment of each cell is the first rule that matches', () => {
  const seen = new Set<string>();
  for (const r of [1, 2, 3, 4, 5]) {
    for (const fm of [1, 2, 3, 4, 5]) {
      expect([r, fm, segmentOfCell(r, fm)]).toEqual([r, fm, byRule(r, fm)]);
      seen.add(segmentOfCell(r, fm));
    }
  }
  expect([...seen].sort()).toEqual([...SEGMENTS].sort());
});

describe('stageRule', () => {
  test('keeps the engine’s own thresholds', () => {
    const rule = { stage: 'at_risk', rule: 'silence > max(1.8 × personal interval, 21 d)' };
    expect(stageRule(makeI18n('en').t, rule)).toBe('silent > 1.8 intervals, > 21 d');
    expect(stageRule(makeI18n('zh').t, rule)).toBe('沉默 > 1.8 倍间隔，> 21 天');
  });
  test('shows a rule it does not know as it is', () => {
    expect(stageRule(makeI18n('zh').t, { stage: 'dormant', rule: 'silence > 9 d' })).toBe('silence > 9 d');
  });
});

test('moves are split by direction, largest first', () => {
  const moves = splitMoves([
    { from: 'loyal', to: 'champions', customers: 3 },
    { from: 'lost', to: 'loyal', customers: 5 },
    { from: 'new', to: 'new', customers: 7 },
    { from: 'loyal', to: 'at_risk', customers: 2 },
  ]);
  expect(moves.up.map((move) => move.customers)).toEqual([5, 3]);
  expect(moves.counts).toEqual({ up: 8, same: 7, down: 2 });
});

test('flow counts only who had bought by then', () => {
  const flows = [
    { from: 'none', to: 'new', customers: 9 },
    { from: 'active', to: 'active', customers: 3 },
    { from: 'active', to: 'at_risk', customers: 1 },
  ];
  expect(stayed(flows)).toEqual({ stayed: 3, of: 4 });
  expect(stagesOn(flows, 'from')).toEqual(['none', 'active']);
});

test('buckets are named by their days', () => {
  const names = intervalBuckets([
    [1, 4],
    [7, 3],
    [null, 2],
  ]).map((bucket) => bucket.name);
  expect(names).toEqual(['1', '2–7', '> 7']);
  expect(activeDayBuckets([5, 1, ...Array(26).fill(0)])).toHaveLength(7);
  expect(activeDayBuckets([5, 1, ...Array(17).fill(0), 1, ...Array(8).fill(0)])).toHaveLength(20);
});

test('a sparkline stays in its box, a flat one too', () => {
  for (const values of [[1, 5, 3], [2, 2, 2], [0]]) {
    for (const [x, y] of sparkPoints(values)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(34);
    }
  }
});

test('a file is described in the reader’s language, its own names as they are', () => {
  const { t } = makeI18n('zh');
  expect(fileDescription(t, 'CSV, comma, GB18030, gzip, header on line 2')).toBe(
    'CSV，逗号分隔，GB18030，gzip，列名在第 2 行',
  );
  expect(fileDescription(t, 'XLSX, sheet Orders & more, header on row 3')).toBe(
    'XLSX，工作表 Orders & more，列名在表格第 3 行',
  );
  expect(fileDescription(makeI18n('en').t, 'Parquet, 12 rows')).toBe('Parquet, 12 rows');
});
