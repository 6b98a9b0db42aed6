import { describe, expect, test } from 'vitest';
import { embedReport, escapeJson } from './embed.ts';
import { parseReport } from './slot.ts';

const PAGE = '<body><script id="perennial-report" type="application/json">null</script></body>';
const REPORT = {
  as_of: '2026-11-21T00:00:00Z',
  kpis: {},
  note: '</script><script>alert(1)</script> $& <!-- -->',
};

describe('embedReport', () => {
  test('writes JSON that cannot end its script and reads back equal', () => {
    const html = embedReport(PAGE, REPORT);
    const text = html.slice(html.indexOf('json">') + 6, html.lastIndexOf('</script>'));
    expect(text).not.toContain('</');
    expect(parseReport(text)).toEqual(REPORT);
  });

  test('refuses a page without a slot', () => {
    expect(() => embedReport('<body></body>', REPORT)).toThrow('no empty report slot');
  });
});

test('escapeJson keeps the value', () => {
  const value = { text: 'a</b> <!-- c' };
  expect(JSON.parse(escapeJson(JSON.stringify(value)))).toEqual(value);
});

describe('parseReport', () => {
  test.each([null, undefined, '', 'null', '{', '[]', '"x"', '{"kpis":1}'])(
    'takes %j for no report',
    (text) => {
      expect(parseReport(text)).toBeNull();
    },
  );
});
