import { describe, expect, test } from 'vitest';
import { cohortCells, columnTotals, heatTop } from './cohort-cells.ts';
import type { Cohort } from './types.ts';

const cohort = (size: number, active: number[], complete: boolean[]): Cohort => ({
  cohort: '2026-09',
  size,
  active,
  complete,
  rolling: active,
  bracket: [4, 2, 1, 0, 0],
  bracket_complete: [true, true, false, false, false],
});

const OLD = cohort(200, [200, 60, 50], [true, true, true]);
const YOUNG = cohort(100, [100, 12], [true, false]);

describe('cohortCells', () => {
  test('gives the share of the cohort with its interval', () => {
    const cell = cohortCells(OLD, 'classic')[1];
    expect(cell).toMatchObject({ count: 60, of: 200, rate: 0.3, complete: true });
    expect(cell?.interval?.low).toBeCloseTo(0.2407, 3);
    expect(cell?.interval?.high).toBeCloseTo(0.3668, 3);
  });

  test('flags what is not over', () => {
    expect(cohortCells(YOUNG, 'classic').map((cell) => cell.complete)).toEqual([true, false]);
    expect(cohortCells(YOUNG, 'bracket').map((cell) => cell.complete)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('knows no rate of an empty cohort', () => {
    expect(cohortCells(cohort(0, [0], [true]), 'classic')[0]).toMatchObject({ rate: null, interval: null });
  });
});

test('totals weigh by size and leave out what is not over', () => {
  const totals = columnTotals([cohortCells(OLD, 'classic'), cohortCells(YOUNG, 'classic')]);
  expect(totals.map(({ count, of }) => [count, of])).toEqual([
    [300, 300],
    [60, 200],
    [50, 200],
  ]);
  expect(columnTotals([cohortCells(YOUNG, 'classic')])[1]).toMatchObject({ complete: false, rate: null });
});

test('full colour is the highest rate after the first month', () => {
  expect(heatTop([cohortCells(OLD, 'classic')], 'classic')).toBe(0.3);
  expect(heatTop([], 'classic')).toBeGreaterThan(0);
});
