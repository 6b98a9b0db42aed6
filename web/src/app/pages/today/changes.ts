/** Changes of the active rate since about a month and a year ago. */

import { dayNumber } from '../../../lib/days.ts';
import type { ActivePoint } from '../../api/types.ts';

/** A month end may lie this far from the day that is looked for. */
const TOLERANCE_DAYS = 20;

/** Change of the rate from the point nearest to `daysBack` before the last one; null where none is near. */
export function changeSince(points: ActivePoint[], daysBack: number): number | null {
  const last = points.at(-1);
  if (typeof last?.rate !== 'number') return null;
  const wanted = dayNumber(last.day) - daysBack;
  const distance = (point: ActivePoint) => Math.abs(dayNumber(point.day) - wanted);
  const near = points
    .slice(0, -1)
    .filter((point) => point.base > 0 && distance(point) <= TOLERANCE_DAYS)
    .sort((a, b) => distance(a) - distance(b))[0];
  return typeof near?.rate === 'number' ? last.rate - near.rate : null;
}
