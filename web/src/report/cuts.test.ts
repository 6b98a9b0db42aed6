import { describe, expect, test } from 'vitest';
import { toneOf } from '../components/Delta.tsx';
import { makeSample } from '../sample/index.ts';
import { rowsOf } from './sections/Cuts.tsx';

const REPORT = makeSample('zh');

describe('cuts', () => {
  test('groups without a name are told from the groups that are not listed', () => {
    const staff = REPORT.kpis.cuts.find((cut) => cut.by === 'staff');
    const rows = staff ? rowsOf(staff) : [];
    expect(rows).toHaveLength(13);
    expect(rows.at(-1)).toMatchObject({ key: 'others', others: 3, name: '', customers: null });
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
    const store = REPORT.kpis.cuts.find((cut) => cut.by === 'store');
    expect(store ? rowsOf(store).map((row) => row.others) : []).toEqual([0, 0, 0, 0]);
  });

  test('every cut of the sample adds up to the revenue', () => {
    for (const cut of REPORT.kpis.cuts) {
      expect(rowsOf(cut).reduce((sum, row) => sum + row.revenue, 0)).toBe(REPORT.revenue);
    }
  });
});

test('a change is up, down, or too small to matter', () => {
  expect([0.02, -0.02, 0.004, -0.004].map((value) => toneOf(value))).toEqual(['up', 'down', 'flat', 'flat']);
});
