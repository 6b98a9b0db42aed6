import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesOf } from './size.ts';

const BUILT = 'dist/app';
const FIRST_PAGE_BYTES = 400_000;

test('a page’s files are those of its entries and of what they import', () => {
  const manifest = {
    'index.html': { file: 'index.js', css: ['index.css'], imports: ['_shared.js'] },
    'today.tsx': { file: 'today.js', imports: ['_shared.js', 'index.html'] },
    'other.tsx': { file: 'other.js' },
    '_shared.js': { file: 'shared.js' },
  };
  expect(filesOf(manifest, ['index.html', 'today.tsx']).sort()).toEqual([
    'index.css',
    'index.js',
    'shared.js',
    'today.js',
  ]);
  expect(() => filesOf(manifest, ['gone.tsx'])).toThrow('gone.tsx');
});

test.runIf(existsSync(`${BUILT}/manifest.json`))('the first page of the dashboard is under 400 kB', () => {
  const manifest = JSON.parse(readFileSync(`${BUILT}/manifest.json`, 'utf8'));
  const files = filesOf(manifest, ['index.html', 'src/app/pages/today/TodayPage.tsx']);
  const bytes = files.map((file) => statSync(`${BUILT}/${file}.gz`).size).reduce((a, b) => a + b, 0);
  expect(bytes).toBeLessThan(FIRST_PAGE_BYTES);
});
