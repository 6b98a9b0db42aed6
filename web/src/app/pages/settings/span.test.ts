import { expect, test } from 'vitest';
import { spanText } from './span.ts';

test.each([
  [0, '0 minutes'],
  [59, '0 minutes'],
  [3_700, '1 hour 1 minute'],
  [86_400 * 3 + 7_300, '3 days 2 hours'],
])('%d seconds are %s', (seconds, text) => {
  expect(spanText(seconds, 'en')).toBe(text);
});

test('in Chinese too', () => {
  expect(spanText(7_200, 'zh')).toMatch(/2.*小时/);
});
