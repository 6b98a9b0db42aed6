/** What arrives by itself: messages that do not fit their schema, and files in watched folders. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectNoSideScroll } from '../checks.ts';
import { SHOTS } from '../page.ts';
import { makeWriteKey, sendBatch } from './messages.ts';
import { run, startServer, type TestServer } from './server.ts';
import { expectGood, expectQuiet, PHONE, visit } from './visit.ts';

/** One fits, two have words for stars, one has none. */
const RATINGS = [{ stars: 5 }, { stars: 'good' }, { stars: 'bad' }, {}];

const ORDERS = `order,email,time,amount
1,ann@shop.example,2026-03-01 10:00:00,50
2,bob@shop.example,2026-03-02 10:00:00,70
`;

const FIRST_ORDER = `order,email,time,amount
9,cat@shop.example,2026-02-01 10:00:00,30
`;

let server: TestServer;
let inbox: string;

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async ({ browser }) => {
  mkdirSync(SHOTS, { recursive: true });
  server = await startServer((folder) => {
    inbox = join(folder, 'inbox');
    mkdirSync(inbox);
    return ['--watch', inbox, '--watch-every', '1'];
  });
  const { page, app } = await visit(browser, server.base, 'en');
  await app.becomeOwner(server.setupLink);
  await page.context().close();
});

test.afterAll(async () => {
  await server.stop();
});

function ratings(): object[] {
  return RATINGS.map((properties, number) => ({
    type: 'track',
    event: 'Rated',
    userId: `m${number}`,
    messageId: `rating-${number}`,
    properties,
  }));
}

test('what does not fit waits with its reason, and counts once the schema is mended', async ({ browser }) => {
  const { page, app, seen } = await visit(browser, server.base, 'zh');
  await app.signIn();
  await app.open('sources');
  const aside = app.card(app.w.aside.title);
  const schemas = app.card(app.w.schemas.title);
  await expect(aside).toContainText(app.w.aside.none);
  await expectGood(page, 'zh', 'sources-empty');

  await schemas.getByRole('button', { name: app.w.schemas.new }).click();
  const declare = schemas.getByRole('form', { name: app.w.schemas.new });
  await expect(declare.getByLabel(app.w.schemas.event)).toBeFocused();
  await declare.getByLabel(app.w.schemas.event).fill('Rated');
  await declare.getByLabel(app.w.schemas.property, { exact: true }).fill('stars');
  await declare.getByLabel(app.w.schemas.type_of.replace('{{name}}', 'stars')).selectOption('integer');
  await declare.getByRole('checkbox').check();
  await declare.getByRole('button', { name: app.w.schemas.save }).click();
  await expect(schemas.getByRole('row').nth(1)).toContainText('stars*');
  await expect(declare).toHaveCount(0);

  await sendBatch(page, server.base, await makeWriteKey(app), ratings());
  await page.reload();
  await expect(aside.getByRole('row')).toHaveCount(3);
  const words = aside.getByRole('row').nth(1);
  await expect(words).toContainText(app.w.json_kind.integer);
  await expect(words.getByRole('cell').nth(1)).toHaveText('2');
  await expect(aside.getByRole('row').nth(2)).toContainText(app.w.aside.missing);
  await expect(app.card(app.w.feeds.live).locator('.live').first()).toContainText(app.w.aside.missing);
  await expectGood(page, 'zh', 'aside');

  // Any text will do; it must still be there.
  await words.getByRole('button', { name: app.w.aside.mend }).click();
  const mend = schemas.getByRole('form', { name: app.w.schemas.of.replace('{{event}}', 'Rated') });
  await mend.getByRole('combobox').selectOption('text');
  await expectGood(page, 'zh', 'schema');
  await mend.getByRole('button', { name: app.w.schemas.save }).click();
  await expect(schemas.getByRole('row').nth(1).getByRole('cell').nth(1)).toHaveText('2');
  await aside.getByRole('button', { name: app.w.aside.again }).click();
  await expect(aside.getByRole('status')).toContainText('2');
  await expect(aside.getByRole('row')).toHaveCount(2);

  await aside.getByRole('button', { name: app.w.aside.mend }).click();
  await mend.getByRole('checkbox').uncheck();
  await mend.getByRole('button', { name: app.w.schemas.save }).click();
  await expect(mend).toHaveCount(0);
  await aside.getByRole('button', { name: app.w.aside.again }).click();
  await expect(aside.getByRole('status')).toContainText(app.w.aside.none_left);
  await expect(aside).toContainText(app.w.aside.none);
  await app.open('audit');
  await expect(page.getByRole('row').filter({ hasText: app.w.action.messages_replayed })).toHaveCount(2);
  await expect(page.getByRole('row').filter({ hasText: app.w.action.schema_declared })).toHaveCount(3);
  expectQuiet(seen);
  await page.context().close();
});

test('files put into a watched folder are imported, and what came of them is told', async ({ browser }) => {
  for (const [name, text] of [
    ['orders.csv', ORDERS],
    ['poem.csv', 'roses are red\n'],
  ] as const) {
    writeFileSync(join(inbox, `${name}.part`), text);
    renameSync(join(inbox, `${name}.part`), join(inbox, name));
  }
  // Neither the brand nor these files say in which zone and currency they are.
  for (const lang of ['zh', 'en'] as const) {
    const { page, app, seen } = await visit(browser, server.base, lang);
    await app.signIn();
    await app.open('sources');
    const folders = app.card(app.w.folders.title);
    await expect(folders).toContainText(app.w.folders.needs_settings, { timeout: 60_000 });
    await expectGood(page, lang, 'folders-wait');
    expectQuiet(seen);
    await page.context().close();
  }
  const first = join(server.folder, 'first.csv');
  writeFileSync(first, FIRST_ORDER);
  const settings = ['--timezone', 'Asia/Shanghai', '--currency', 'CNY', '--quiet'];
  run('import', first, '--data', join(server.folder, 'data'), ...settings);

  const { page, app, seen } = await visit(browser, server.base, 'en');
  await app.signIn();
  await app.open('sources');
  const folders = app.card(app.w.folders.title);
  await expect(folders).toContainText(inbox);
  const orders = folders.getByRole('row').filter({ hasText: 'orders.csv' });
  const poem = folders.getByRole('row').filter({ hasText: 'poem.csv' });
  await expect(orders).toContainText(app.w.folders.imported, { timeout: 60_000 });
  await expect(poem).toContainText(app.w.folders.failed, { timeout: 60_000 });
  await orders.locator('summary').click();
  await expect(orders).toContainText(app.w.folders.moved_to);
  await expectGood(page, 'en', 'folders');
  await page.setViewportSize(PHONE);
  await expectNoSideScroll(page);
  await page.screenshot({ path: `${SHOTS}/app-phone-sources-en.png`, fullPage: true });
  expectQuiet(seen);
  await page.context().close();
});

test('settings work by keyboard and fit a phone', async ({ browser }) => {
  const { page, app, seen } = await visit(browser, server.base, 'zh', {
    viewport: PHONE,
    colorScheme: 'dark',
  });
  await app.signIn();
  for (const place of ['members', 'tokens', 'audit', 'system', 'import', 'sources'] as const) {
    await app.open(place);
    await expectGood(page, 'zh', `phone-${place}`);
  }
  await app.open('tokens');
  await page.getByLabel(app.w.tokens.what_for).fill('report');
  await page.keyboard.press('Enter');
  await expect(page.locator('.secret code')).toBeVisible();
  const revoke = page.getByRole('row').getByRole('button', { name: app.w.settings.revoke });
  await revoke.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(app.w.tokens.revoke_question);
  // What is grave is not done by Enter pressed twice.
  await expect(page.getByRole('button', { name: app.w.shell.cancel })).toBeFocused();
  await expectGood(page, 'zh', 'phone-token-revoke');
  await page.keyboard.press('Escape');
  await expect(revoke).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row').nth(1)).toContainText(app.w.feeds.revoked);
  expectQuiet(seen);
  await page.context().close();
});
