/** Cells of the retention table: which rate, out of whom, and whether its time is over. */
import { type Interval, wilson } from '../lib/wilson.ts';
import type { Cohort } from './types.ts';

export type CohortMode = 'classic' | 'rolling' | 'bracket';

export interface CohortCell {
  count: number;
  of: number;
  rate: number | null;
  interval: Interval | null;
  /** Whether everybody in the cohort has had the whole time. */
  complete: boolean;
}

/** Days of the brackets as the engine counts them. */
export const BRACKETS = ['1–30', '31–60', '61–90', '91–180', '181–365'];

function makeCell(count: number, of: number, complete: boolean): CohortCell {
  return { count, of, complete, rate: of > 0 ? count / of : null, interval: wilson(count, of) };
}

/** Cells of one cohort, month 0 or the first bracket first. */
export function cohortCells(cohort: Cohort, mode: CohortMode): CohortCell[] {
  const [counts, complete] = {
    classic: [cohort.active, cohort.complete],
    rolling: [cohort.rolling, cohort.complete],
    bracket: [cohort.bracket, cohort.bracket_complete],
  }[mode] as [number[], boolean[]];
  return counts.map((count, index) => makeCell(count, cohort.size, complete[index] ?? false));
}

/** Weighted rate of each column over its complete cells only. */
export function columnTotals(rows: CohortCell[][]): CohortCell[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_none, column) => {
    const cells = rows.flatMap((row) => row[column] ?? []).filter((cell) => cell.complete);
    const add = (key: 'count' | 'of') => cells.reduce((sum, cell) => sum + cell[key], 0);
    return makeCell(add('count'), add('of'), cells.length > 0);
  });
}

/** Highest rate after month 0: what full colour stands for. */
export function heatTop(rows: CohortCell[][], mode: CohortMode): number {
  const skipped = mode === 'bracket' ? 0 : 1;
  const rates = rows.flatMap((row) => row.slice(skipped).map((cell) => cell.rate ?? 0));
  return Math.max(...rates, 0.01);
}
