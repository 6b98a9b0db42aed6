/** A browser of one's own at the dashboard, and what holds of every page of it. */
import { type Browser, expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSideScroll, expectOneLanguage } from '../checks.ts';
import { SHOTS, watch } from '../page.ts';
import { Dashboard, type Lang } from './pages.ts';

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Visit {
  page: Page;
  app: Dashboard;
  seen: ReturnType<typeof watch>;
}

export async function visit(
  browser: Browser,
  base: string,
  lang: Lang,
  options: object = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', ...options });
  await context.addInitScript((chosen) => localStorage.setItem('perennial.language', chosen), lang);
  const page = await context.newPage();
  return { page, app: new Dashboard(page, base, lang), seen: watch(page) };
}

/** Nothing went wrong in the page but what is expected; that nobody is signed in yet is told by a 401. */
export function expectQuiet(seen: Visit['seen'], ...expected: string[]): void {
  const known = ['status of 401', ...expected];
  expect(seen.problems.filter((problem) => !known.some((one) => problem.includes(one)))).toEqual([]);
}

/** A picture to look at, and what needs no eyes. */
export async function expectGood(page: Page, lang: Lang, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/app-${name}-${lang}.png`, fullPage: true });
  await expectOneLanguage(page, lang);
  await expectAccessible(page);
  await expectNoSideScroll(page);
}
