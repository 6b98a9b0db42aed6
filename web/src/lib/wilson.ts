/** Wilson's score interval for a proportion. */

/** Two-sided 95 % quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

/** 95 % interval of `count` out of `of`; null where there is nobody to count. */
export function wilson(count: number, of: number): Interval | null {
  if (of <= 0 || count < 0 || count > of) return null;
  const rate = count / of;
  const z2 = Z_95 * Z_95;
  const scale = 1 + z2 / of;
  const middle = (rate + z2 / (2 * of)) / scale;
  const half = (Z_95 / scale) * Math.sqrt((rate * (1 - rate)) / of + z2 / (4 * of * of));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
