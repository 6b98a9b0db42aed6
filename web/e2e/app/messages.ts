/** Messages as a shop sends them, with a write key that the page has made. */
import { expect, type Page } from '@playwright/test';
import type { Dashboard } from './pages.ts';

export async function makeWriteKey(app: Dashboard): Promise<string> {
  await app.open('sources');
  const form = app.page.getByRole('form', { name: app.w.feeds.create });
  await form.getByLabel(app.w.feeds.new_name).fill('Shop');
  await form.getByRole('button').click();
  return (await app.page.locator('.secret code').textContent()) ?? '';
}

export async function sendBatch(page: Page, base: string, writeKey: string, batch: object[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
  const answer = await page.request.post(`${base}/v1/batch`, { headers: { authorization }, data: { batch } });
  expect(answer.status()).toBe(200);
}
