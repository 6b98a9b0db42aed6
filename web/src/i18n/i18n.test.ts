import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import appEn from './app.en.json';
import appZh from './app.zh.json';
import en from './en.json';
import { chooseLang, makeI18n } from './index.ts';
import zh from './zh.json';

type Words = { [key: string]: string | Words };

function flat(words: Words, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text);
  }
  return all;
}

const EN = flat({ ...en, ...appEn });
const ZH = flat({ ...zh, ...appZh });

/** Keys written out in the source, `t('a.b')` and `i18nKey="a.b"`. */
function usedKeys(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      return [...source.matchAll(/(?:\bt\(|i18nKey=)\s*['"]([a-z0-9_.]+)['"]/g)].map(
        (match) => match[1] ?? '',
      );
    });
}

describe('words', () => {
  test('both languages have the same keys', () => {
    expect([...ZH.keys()].sort()).toEqual([...EN.keys()].sort());
  });

  test('the dashboard’s own words hide none of the shared ones', () => {
    expect(Object.keys(appEn).filter((key) => key in en)).toEqual([]);
  });

  test('both languages use the same values and marks in each text', () => {
    const marks = (text: string) => [...new Set(text.match(/\{\{\w+\}\}|<\/?\w+>/g))].sort();
    for (const [key, text] of EN) expect([key, marks(ZH.get(key) ?? '')]).toEqual([key, marks(text)]);
  });

  test('no text is empty, and none of the Chinese is left in English', () => {
    const same = /^(RFM|\{\{from\}\} → \{\{to\}\})$/;
    for (const [key, text] of EN) {
      expect(text.trim(), key).not.toBe('');
      if (!same.test(text)) expect(ZH.get(key), key).not.toBe(text);
    }
  });

  test('every key in the source exists', () => {
    const missing = usedKeys('src').filter((key) => !EN.has(key) && !EN.has(`${key}_other`));
    expect(missing).toEqual([]);
  });
});

describe('chooseLang', () => {
  test.each([
    ['?lang=zh', 'en', ['en'], 'zh'],
    ['?lang=fr', 'zh', ['en'], 'zh'],
    ['', null, ['fr-FR', 'zh-TW'], 'zh'],
    ['', undefined, ['en-GB', 'zh'], 'en'],
    ['', null, [], 'en'],
  ] as const)('%s, %s, %s → %s', (query, asked, browser, lang) => {
    expect(chooseLang(query, asked, browser)).toBe(lang);
  });
});

test('counts agree with their number', () => {
  const words = makeI18n('en');
  expect(words.t('n_customers', { count: 1, n: '1' })).toBe('1 customer');
  expect(words.t('n_customers', { count: 2, n: '2' })).toBe('2 customers');
});
