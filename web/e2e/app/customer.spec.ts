/** One customer: agreements and their proof, the copy of everything, two who are one and not, erasure. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { SHOTS } from '../page.ts';
import { makeWriteKey, sendBatch } from './messages.ts';
import type { Dashboard, Lang } from './pages.ts';
import { startServer, type TestServer } from './server.ts';
import { expectGood, expectQuiet, PHONE, type Visit, visit, WIDE } from './visit.ts';

const ORDERS = `order,email,phone,time,amount
1,ann@shop.example,,2026-03-01 10:00:00,50
2,,13800138000,2026-03-02 10:00:00,70
3,,13800138000,2026-03-09 10:00:00,90
4,bob@shop.example,13900139000,2026-03-05 10:00:00,20
5,cleo@shop.example,13700137000,2026-03-06 10:00:00,30
6,cleo@shop.example,13700137000,2026-03-16 10:00:00,30
`;

/** Two customers' keys in one message: whether they are one person is for somebody to say. */
const ANN = {
  type: 'identify',
  messageId: 'ann-signs-up',
  anonymousId: 'device-1',
  traits: { email: 'ann@shop.example', phone: '+8613800138000' },
};

let server: TestServer;

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async ({ browser }) => {
  mkdirSync(SHOTS, { recursive: true });
  server = await startServer();
  const orders = join(server.folder, 'orders.csv');
  writeFileSync(orders, ORDERS);
  const { page, app } = await visit(browser, server.base, 'en');
  await app.becomeOwner(server.setupLink);
  await app.open('import');
  await app.dropFile(orders);
  await app.startImport();
  await sendBatch(page, server.base, await makeWriteKey(app), [ANN]);
  await page.context().close();
});

test.afterAll(async () => {
  await server.stop();
});

/** The page of whoever has a key. */
async function at(browser: Browser, lang: Lang, key: string, options: object = {}): Promise<Visit> {
  const visited = await visit(browser, server.base, lang, options);
  await visited.app.signIn();
  await openCustomer(visited.app, key);
  return visited;
}

async function openCustomer(app: Dashboard, key: string): Promise<void> {
  await find(app, key);
  await app.page.locator('.matches a').first().click();
  await expect(app.card(app.w.person.identity)).toBeVisible();
  await app.settled();
}

async function find(app: Dashboard, key: string): Promise<void> {
  await app.open('customers');
  await app.page.getByRole('searchbox', { name: app.w.people.find }).fill(key);
  await app.page.getByRole('button', { name: app.w.people.find, exact: true }).click();
}

for (const lang of ['zh', 'en'] as const) {
  test(`an agreement is recorded with its proof, and withdrawn as easily, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang, 'bob@shop.example');
    const card = app.card(app.w.consent.title);
    const row = card.locator('.consent').filter({ hasText: app.w.consent_channel.sms });
    await card.getByRole('button', { name: app.w.consent.record, exact: true }).click();
    const form = card.getByRole('form', { name: app.w.consent.record });
    await form.getByLabel(app.w.consent.purpose).selectOption('marketing');
    await form.getByLabel(app.w.consent.channel).selectOption('sms');
    await form.getByLabel(app.w.consent.evidence).fill('form 17 at the till');
    await form.getByLabel(app.w.consent.wording).fill('v3');
    await form.getByRole('button', { name: app.w.consent.record_it }).click();
    await expect(row).toContainText(app.w.consent.state.given);
    await expect(form).toHaveCount(0);

    await card.locator('summary').click();
    const proof = card.locator('.proofs li').first();
    await expect(proof).toContainText('form 17 at the till');
    await expect(proof).toContainText('v3');
    await expect(proof).toContainText(app.w.heard_from.dashboard);
    await expectGood(page, lang, 'consent');

    await row.getByRole('button', { name: app.w.consent.withdraw }).click();
    await expect(row).toContainText(app.w.consent.withdraw_question);
    await expect(row).toContainText(app.w.consent.state.given);
    await row.getByRole('alert').getByRole('button', { name: app.w.consent.withdraw }).click();
    await expect(row).toContainText(app.w.consent.state.withdrawn);
    await expect(proof).toContainText(app.w.consent.state.withdrawn);
    expectQuiet(seen);
    await page.context().close();
  });
}

test('a copy of everything is downloaded', async ({ browser }) => {
  const { page, app, seen } = await at(browser, 'en', 'bob@shop.example');
  const card = app.card(app.w.privacy.title);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('button', { name: app.w.privacy.archive }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^customer-\d+\.zip$/);
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
  // Names of files stand in a ZIP as they are.
  expect(bytes.includes('identities.json')).toBe(true);
  await expect(card.getByRole('status')).toContainText(download.suggestedFilename());
  await app.open('audit');
  await expect(page.getByRole('row').nth(1)).toContainText(app.w.action.customer_exported);
  expectQuiet(seen);
  await page.context().close();
});

test('two customers are made one by a person, and parted again', async ({ browser }) => {
  const { page, app, seen } = await at(browser, 'zh', 'ann@shop.example');
  const card = app.card(app.w.person.identity);
  const entries = app.card(app.w.person.timeline).locator('.entry');
  await expect(card.locator('.keys')).toHaveCount(1);
  await expect(entries.filter({ hasText: app.w.entry.order })).toHaveCount(1);
  await card.getByRole('button', { name: app.w.person.same, exact: true }).click();
  await card.getByRole('alert').getByRole('button', { name: app.w.person.same, exact: true }).click();
  await expect(card.locator('.keys')).toHaveCount(2);
  await expect(card.getByText(app.w.person.suggestions)).toHaveCount(0);
  await expect(entries.filter({ hasText: app.w.entry.order })).toHaveCount(3);
  await expectGood(page, 'zh', 'merged');

  await card.getByRole('button', { name: app.w.person.undo, exact: true }).click();
  await expect(card.getByRole('alert')).toContainText(app.w.person.undo_question);
  await card.getByRole('alert').getByRole('button', { name: app.w.person.undo, exact: true }).click();
  await expect(card.locator('.keys')).toHaveCount(1);
  await expect(entries.filter({ hasText: app.w.entry.order })).toHaveCount(1);
  // What was done and taken back stays to be read.
  await expect(card.locator('.merge')).toContainText(app.w.person.undone.split(' ')[0] ?? '');
  await expect(card.getByRole('button', { name: app.w.person.undo, exact: true })).toHaveCount(0);
  await expectGood(page, 'zh', 'parted');
  await openCustomer(app, '13800138000');
  await expect(card.locator('.keys')).toHaveCount(1);
  expectQuiet(seen);
  await page.context().close();
});

/** Found by what somebody has in hand: an order's number in one language, a phone in the other. */
const OTHERS = { zh: '2', en: '+86 138 0013 8000' } as const;

for (const lang of ['zh', 'en'] as const) {
  test(`another customer is found, looked at and merged by hand, and parted again, ${lang}`, async ({
    browser,
  }) => {
    const { page, app, seen } = await at(browser, lang, 'bob@shop.example');
    const address = page.url();
    const card = app.card(app.w.person.identity);
    const entries = app.card(app.w.person.timeline).locator('.entry');
    await expect(entries.filter({ hasText: app.w.entry.order })).toHaveCount(1);
    await card.getByRole('button', { name: app.w.merging.open }).click();
    const form = card.getByRole('region', { name: app.w.merging.title });
    const search = form.getByRole('searchbox', { name: app.w.merging.find });
    const ask = async (text: string) => {
      await search.fill(text);
      await form.getByRole('button', { name: app.w.people.find, exact: true }).click();
    };
    await ask('nobody@shop.example');
    await expect(form).toContainText(app.w.people.nobody);
    await ask('bob@shop.example');
    await expect(form).toContainText(app.w.merging.self);
    await expect(form.getByRole('table')).toHaveCount(0);

    await ask(OTHERS[lang]);
    const pair = form.getByRole('table', { name: app.w.merging.pair });
    await expect(pair.getByRole('row').filter({ hasText: app.w.orders })).toContainText(/1.*2/);
    await expect(form).toContainText(app.w.merging.what);
    await expectGood(page, lang, 'merging');
    await page.setViewportSize(PHONE);
    await expectGood(page, lang, 'phone-merging');
    await page.setViewportSize(WIDE);
    // Nothing is joined without a reason.
    const merge = form.getByRole('button', { name: app.w.merging.confirm });
    await merge.click();
    await expect(card.locator('.keys')).toHaveCount(1);
    await form.getByLabel(app.w.merging.reason).fill('same person at the till');
    await merge.click();
    await expect(card.locator('.keys')).toHaveCount(2);
    await expect(form).toHaveCount(0);
    expect(page.url()).toBe(address);
    await expect(entries.filter({ hasText: app.w.entry.order })).toHaveCount(3);
    await expect(card.locator('.merge').first()).toContainText('same person at the till');
    await expectGood(page, lang, 'merged-by-hand');

    await card.getByRole('button', { name: app.w.person.undo, exact: true }).click();
    await card.getByRole('alert').getByRole('button', { name: app.w.person.undo, exact: true }).click();
    await expect(card.locator('.keys')).toHaveCount(1);
    await expect(entries.filter({ hasText: app.w.entry.order })).toHaveCount(1);
    expectQuiet(seen);
    await page.context().close();
  });
}

test('an erasure is asked for twice, and then the customer is gone', async ({ browser }) => {
  const { page, app, seen } = await at(browser, 'zh', 'cleo@shop.example', { viewport: PHONE });
  const address = page.url();
  const card = app.card(app.w.privacy.title);
  await card.getByRole('button', { name: app.w.privacy.erase }).click();
  await expect(card.getByRole('alert')).toContainText(app.w.privacy.erase_question);
  await card.getByRole('button', { name: app.w.shell.cancel }).click();
  await expect(card.getByRole('alert')).toHaveCount(0);
  await expect(app.card(app.w.person.timeline).locator('.entry')).toHaveCount(2);

  await card.getByRole('button', { name: app.w.privacy.erase }).click();
  await expectGood(page, 'zh', 'phone-erase');
  await card.getByRole('alert').getByRole('button', { name: app.w.privacy.erase }).click();
  await expect(page.getByRole('heading', { name: app.w.privacy.erased })).toBeVisible();
  await expectGood(page, 'zh', 'phone-erased');

  await page.getByRole('link', { name: app.w.privacy.to_customers }).click();
  await find(app, 'cleo@shop.example');
  await expect(page.getByText(app.w.people.nobody)).toBeVisible();
  await page.goto(address);
  await expect(page.getByRole('alert')).toContainText(app.w.problem.not_found);
  await page.goto(`${server.base}/customers`);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByText('cleo')).toHaveCount(0);
  expectQuiet(seen, 'status of 404');
  await page.context().close();
});
