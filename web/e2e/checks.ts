/** What holds on every page: it can be read by everyone, fits its window, and speaks one language. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { interfaceTexts } from './page.ts';

/** Dots between words without spaces: `kpi.active` left untranslated. */
export const RAW_KEY = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/;

/** Words that Chinese text has in Latin letters too. */
const SHARED_WORDS =
  /Perennial|RFM|SQL|CSV|Excel|Parquet|API|JSON|Segment|Node\.js|JavaScript|Python|curl|English|Ctrl|Esc|Enter|unionid|openid|zip|Wilson|UTC|UTF|Authorization|Bearer|perennial|CNY|USD|[A-Z][a-z]+\/[A-Z][a-z]+|GB18030|GBK|YYYY|\.csv|SQLite|PostgreSQL|HHI|max\(/;

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = grave.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  );
  expect(told).toEqual([]);
}

export async function expectNoSideScroll(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(client);
}

/** No key is left untranslated, and no sentence is in the other language. */
export async function expectOneLanguage(page: Page, lang: 'zh' | 'en'): Promise<void> {
  const texts = await interfaceTexts(page);
  expect(texts.filter((text) => RAW_KEY.test(text))).toEqual([]);
  const foreign =
    lang === 'en'
      ? texts.filter((text) => /\p{Script=Han}/u.test(text) && text !== '常青')
      : texts.filter((text) => /[A-Za-z]{3,}/.test(text) && !SHARED_WORDS.test(text));
  expect(foreign).toEqual([]);
}
