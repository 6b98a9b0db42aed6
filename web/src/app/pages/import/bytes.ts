/** Sizes of files as people say them. */
import type { Format } from '../../../design/format.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytesText(bytes: number, f: Pick<Format, 'decimal' | 'int'>): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? f.int(value) : f.decimal(value)} ${UNITS[step]}`;
}
