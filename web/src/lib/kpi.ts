/** Changes behind the five cards: against the month before and the year before. */

import { pointRate } from '../charts/active.ts';
import { dayNumber, lastDayBefore } from '../lib/days.ts';
import type { Compared, Report, SeriesPoint } from '../report/types.ts';

/** A month end may lie this far from the day that is looked for. */
const TOLERANCE_DAYS = 20;

/** Rate of the point nearest to `daysBack` before the last day; null where none is near. */
export function rateBack(series: SeriesPoint[], lastDay: string, daysBack: number): number | null {
  const wanted = dayNumber(lastDay) - daysBack;
  const distance = (point: SeriesPoint) => Math.abs(dayNumber(point.day) - wanted);
  const near = series
    .filter((point) => point.base > 0 && distance(point) <= TOLERANCE_DAYS)
    .sort((a, b) => distance(a) - distance(b));
  return near[0] ? pointRate(near[0]) : null;
}

/** Relative change; null where there is nothing to compare with. */
export function change(current: number | null, before: number | null): number | null {
  if (current === null || before === null || before === 0) return null;
  return (current - before) / Math.abs(before);
}

export function comparedFigure(report: Report, figure: string): Compared {
  const found = report.kpis.compared.find((each) => each.figure === figure);
  return found ?? { figure, current: null, previous: null, last_year: null };
}

/** Change of the active rate in points since about a month and about a year ago. */
export function activeChanges(report: Report): { previous: number | null; lastYear: number | null } {
  const { rate, fixed_series: series } = report.active_rate;
  const lastDay = lastDayBefore(report.as_of);
  const since = (daysBack: number) => {
    const before = rateBack(series, lastDay, daysBack);
    return rate === null || before === null ? null : rate - before;
  };
  return { previous: since(30), lastYear: since(365) };
}
