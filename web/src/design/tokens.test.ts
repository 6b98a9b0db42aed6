import { describe, expect, test } from 'vitest';
import { contrast } from './contrast.ts';
import { palettes } from './tokens.ts';

test('contrast is WCAG’s', () => {
  expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 1);
  expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2);
});

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const palette = palettes[scheme];
  const { card, bg } = palette;
  const pairs: [string, string, string][] = [
    ...(['ink', 'ink2', 'accent', 'warnInk', 'bad'] as const).flatMap((name): [string, string, string][] => [
      [`${name} on card`, palette[name], card],
      [`${name} on background`, palette[name], bg],
    ]),
    ['accent on its weak', palette.accent, palette.accentWeak],
    ['warn on its weak', palette.warnInk, palette.warnWeak],
    ['bad on its weak', palette.bad, palette.badWeak],
    ['ink on accent', palette.onAccent, palette.accent],
  ];

  test.each(pairs)('%s is readable', (_name, ink, surface) => {
    expect(contrast(ink, surface)).toBeGreaterThanOrEqual(4.5);
  });
});
