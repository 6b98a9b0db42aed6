/** The page under test: the built file with a sample in it, or the file that the engine wrote. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { embedReport } from '../src/lib/embed.ts';
import { makeSample, type SampleName } from '../src/sample/index.ts';

const BUILT = 'dist/report.html';
export const SHOTS = 'test-results';

/** A page made by the real engine; its own report then stands in for every sample. */
const REAL = process.env.PERENNIAL_REPORT_HTML;

export const isReal = REAL !== undefined;

/** `file://` address of the page with the named sample in it. */
export function pageUrl(sample: SampleName, lang: string): string {
  if (REAL) return `${pathToFileURL(REAL)}?lang=${lang}`;
  mkdirSync(SHOTS, { recursive: true });
  const path = join(SHOTS, `report-${sample}.html`);
  writeFileSync(path, embedReport(readFileSync(BUILT, 'utf8'), makeSample(sample)));
  return `${pathToFileURL(path)}?lang=${lang}`;
}

/** `file://` address of the page as it was built, without a report. */
export function emptyUrl(lang: string): string {
  return `${pathToFileURL(BUILT)}?lang=${lang}`;
}

/** Everything that must not happen while a page is open. */
export function watch(page: Page): { problems: string[]; requests: string[] } {
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) requests.push(request.url());
  });
  return { problems, requests };
}

/** Visible texts that are words of the interface, not data of the report. */
export function interfaceTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = (walker.currentNode.textContent ?? '').trim();
      const skip = element?.closest('script,style,[data-raw],[translate="no"],.segmented [lang],noscript');
      if (text && !skip) texts.push(text);
    }
    return texts;
  });
}
