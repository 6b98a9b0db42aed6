import { expect, test } from 'vitest';
import { makeFormat } from '../../../design/format.ts';
import { bytesText } from './bytes.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_234_567, '1.2 MB'],
  [640_000_000, '640 MB'],
  [5_000_000_000_000_000, '5,000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes, makeFormat({ lang: 'en', currency: 'XXX', decimals: 2 }))).toBe(text);
});
