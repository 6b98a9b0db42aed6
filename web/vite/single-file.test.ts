import { expect, test } from 'vitest';
import { inlineAssets } from './single-file.ts';

const HTML = `<head><script type="module" crossorigin src="/assets/report-x1.js"></script>
<link rel="stylesheet" crossorigin href="/assets/report-y2.css"></head>
<body><script id="perennial-report" type="application/json">null</script></body>`;

const FILES: Record<string, string> = {
  'assets/report-x1.js': 'const a = "</script>$&";',
  'assets/report-y2.css': 'a{color:red}',
};

test('nothing is left to fetch and nothing ends early', () => {
  const html = inlineAssets(HTML, (file) => FILES[file] ?? '');
  expect(html).not.toMatch(/\ssrc=|\shref=/);
  expect(html).toContain('<style>a{color:red}</style>');
  expect(html).toContain('const a = "<\\/script>$&";');
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  expect(html.indexOf('perennial-report')).toBeLessThan(html.indexOf('const a'));
});
