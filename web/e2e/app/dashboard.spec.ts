/** Someone who has never seen it becomes the owner, drops a file, and reads findings; then looks around. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSideScroll } from '../checks.ts';
import { SHOTS } from '../page.ts';
import { OWNER } from './pages.ts';
import { run, startServer, type TestServer } from './server.ts';
import { expectGood, expectQuiet, PHONE, visit } from './visit.ts';

/** Bytes that the first page may take on the wire. */
const FIRST_PAGE_BYTES = 400_000;

let server: TestServer;
let orders: string;

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  server = await startServer();
  orders = join(server.folder, 'orders.csv');
  run('generate', '--customers', '2500', '--events', '20000', '--lang', 'zh', '--out', orders);
});

test.afterAll(async () => {
  await server.stop();
});

test('the owner is made by the link, once', async ({ browser }) => {
  const { page, app, seen } = await visit(browser, server.base, 'zh');
  await page.goto(`${server.base}/`);
  await expect(app.heading(app.w.door.no_owner)).toBeVisible();
  await expectGood(page, 'zh', 'no-owner');
  await page.goto(server.setupLink);
  await expect(app.heading(app.w.door.setup)).toBeVisible();
  await expectGood(page, 'zh', 'setup');
  await app.becomeOwner(server.setupLink);
  await expect(page.getByText(app.w.no_data.title)).toBeVisible();
  await expectGood(page, 'zh', 'no-data');
  await page.goto(server.setupLink);
  await expect(app.heading(app.w.door.has_owner)).toBeVisible();
  expectQuiet(seen);
  await page.context().close();
});

test('a wrong password says so, and the right one leads where one wanted to go', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'en');
  await page.goto(`${server.base}/settings/members`);
  await expect(app.heading(app.w.door.sign_in)).toBeVisible();
  await page.getByLabel(app.w.door.email).fill(OWNER.email);
  await page.getByLabel(app.w.door.password).fill('not the password');
  await page.getByRole('button', { name: app.w.door.sign_in }).click();
  await expect(page.getByRole('alert')).toHaveText(app.w.door.wrong);
  await expectGood(page, 'en', 'sign-in');
  await page.getByLabel(app.w.door.password).fill(OWNER.password);
  await page.getByRole('button', { name: app.w.door.sign_in }).click();
  await expect(app.heading(app.w.place.members)).toBeVisible();
  await page.context().close();
});

test('a dropped file becomes findings', async ({ browser }) => {
  const { page, app, seen } = await visit(browser, server.base, 'zh');
  await app.signIn();
  await app.open('import');
  await expectGood(page, 'zh', 'drop');
  await app.dropFile(orders);
  const meanings = page.locator('.plan select');
  const chosen = await meanings.evaluateAll((all) =>
    all.map((each) => (each as HTMLSelectElement).value).filter(Boolean),
  );
  expect(chosen.length).toBeGreaterThan(3);
  await expectGood(page, 'zh', 'plan');
  await app.startImport();
  await expect(app.card(app.w.findings.title).locator('.task').first()).toBeVisible({ timeout: 60_000 });
  await expectGood(page, 'zh', 'imported');
  await page.getByRole('link', { name: app.w.load.to_today }).click();
  await expect(page.locator('.say')).toContainText('%');
  expectQuiet(seen);
  await page.context().close();
});

for (const lang of ['zh', 'en'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every page, ${lang}, ${colorScheme}`, async ({ browser }) => {
      const { page, app, seen } = await visit(browser, server.base, lang, { colorScheme });
      await app.signIn();
      await expect(app.heading(app.w.place.today)).toBeVisible();
      await expect(page.locator('.kpi-value').first()).toBeVisible({ timeout: 60_000 });
      await expect(page.locator('.chart svg').first()).toBeVisible();
      await expectGood(page, lang, `today-${colorScheme}`);
      await app.open('customers');
      await expect(page.getByRole('row').nth(10)).toBeVisible();
      await expectGood(page, lang, `customers-${colorScheme}`);
      await page.locator('tbody a').first().click();
      await expect(app.card(app.w.person.timeline).locator('.entry').first()).toBeVisible();
      await app.settled();
      await expectGood(page, lang, `customer-${colorScheme}`);
      for (const place of [
        'segments',
        'import',
        'sources',
        'members',
        'tokens',
        'audit',
        'system',
      ] as const) {
        await app.open(place);
        await expectGood(page, lang, `${place}-${colorScheme}`);
      }
      expectQuiet(seen);
      await page.context().close();
    });
  }
}

test('every figure says how it is computed', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'en');
  await app.signIn();
  await expect(page.locator('.kpi-value').first()).toBeVisible();
  const asks = page.locator('.kpi .ask, .say .how, .card-how > span > .how, .card-how .how');
  const labels = await asks.evaluateAll((all) =>
    all
      .map((each) => each.getAttribute('aria-label') ?? '')
      .filter((label) => label.startsWith('How computed')),
  );
  expect(labels.length).toBeGreaterThan(6);
  for (const label of new Set(labels)) {
    await page.getByRole('button', { name: label, exact: true }).first().click();
    const dialog = page.getByRole('dialog', { name: label, exact: true }).first();
    await expect(dialog).toContainText(app.w.how.as_of);
    await expect(dialog.locator('.problem')).toHaveCount(0);
    await page.keyboard.press('Escape');
  }
  await page.context().close();
});

test('filters and sorting are the server’s and stand in the address', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'en');
  await app.signIn();
  await page.goto(`${server.base}/customers?stage=lost`);
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  const stages = await page.locator('tbody .stage').allTextContents();
  expect(new Set(stages)).toEqual(new Set([app.w.stage.lost]));
  const head = page.getByRole('columnheader', { name: 'Revenue', exact: false }).first();
  await head.click();
  await expect(page).toHaveURL(/sort=-revenue/);
  await page.context().close();
});

test('data that ends long ago is said to, and its last day is a click away', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'zh');
  await app.signIn();
  const old = page.locator('.old-data');
  await expect(old).toContainText('2025年12月31日');
  await old.getByRole('link').click();
  await expect(page).toHaveURL(/as_of=2026-01-01/);
  await expect(old).toHaveCount(0);
  const tasks = app.card(app.w.findings.title);
  await expect(tasks.locator('.task')).toHaveCount(3);
  await expectGood(page, 'zh', 'today-then');
  await tasks.getByRole('button', { name: app.w.today.more_findings_other.split(' ')[0] }).click();
  expect(await tasks.locator('.task').count()).toBeGreaterThan(4);
  await page.context().close();
});

test('a day is picked from a calendar in the reader’s language, by keyboard', async ({ browser }) => {
  const { page, app, seen } = await visit(browser, server.base, 'zh');
  await app.signIn();
  await page.goto(`${server.base}/?as_of=2026-01-01`);
  const flow = app.card(app.w.flow.title);
  const field = flow.locator('.day-field');
  await expect(field).toHaveText('2025年12月2日');
  await field.focus();
  await page.keyboard.press('Enter');
  const days = page.getByRole('dialog').filter({ has: page.locator('.calendar') });
  await expect(days.getByRole('button', { name: '2025年12月2日' })).toBeFocused();
  await expectAccessible(page);
  await expect(days).toBeInViewport({ ratio: 1 });
  await page.screenshot({ path: `${SHOTS}/app-calendar-zh.png` });
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowLeft');
  await expect(days.getByRole('button', { name: '2025年11月1日' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(days).toBeHidden();
  await expect(field).toHaveText('2025年11月1日');
  await expect(field).toBeFocused();
  expectQuiet(seen);
  await page.context().close();
});

test('the palette finds pages by keyboard', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'en');
  await app.signIn();
  await expect(app.heading(app.w.place.today)).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: app.w.palette.label }).fill('audit');
  await expect(page.getByRole('option').first()).toContainText(app.w.place.audit);
  await expectAccessible(page);
  await page.screenshot({ path: `${SHOTS}/app-palette-en.png` });
  await page.keyboard.press('Enter');
  await expect(app.heading(app.w.place.audit)).toBeVisible();
  await page.context().close();
});

test('a viewer sees figures and nobody’s name', async ({ browser }) => {
  const owner = await visit(browser, server.base, 'en');
  await owner.app.signIn();
  await owner.app.open('members');
  const form = owner.page.getByRole('form', { name: owner.app.w.members.invite });
  await form.getByLabel(owner.app.w.settings.name).fill('Vera');
  await form.getByLabel(owner.app.w.door.email).fill('vera@example.com');
  await form.getByLabel(owner.app.w.members.role).selectOption('viewer');
  await form.getByRole('button').click();
  const link = await owner.page.locator('.secret code').textContent();
  await owner.page.context().close();

  const { page, app } = await visit(browser, server.base, 'zh');
  await page.goto(link ?? '');
  await page.getByLabel(app.w.door.password).fill('another evergreen hill');
  await page.getByRole('button', { name: app.w.door.join_action }).click();
  await expect(app.heading(app.w.place.today)).toBeVisible();
  const side = page.getByRole('navigation', { name: app.w.shell.navigation });
  await expect(side.getByRole('link')).toHaveCount(2);
  await app.open('segments');
  await expect(page.getByText(app.w.segments.teach_ask)).toBeVisible();
  await expect(page.getByRole('link', { name: app.w.segments.new })).toHaveCount(0);
  await page.goto(`${server.base}/customers`);
  await expect(page.getByText('****')).toHaveCount(0);
  await page.context().close();
});

test('switching the language and the scheme stays', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'zh', { colorScheme: 'light' });
  await app.signIn();
  await page.locator('.member-button').click();
  await page.getByRole('button', { name: app.w.controls.dark }).click();
  await expect(page.locator('html')).toHaveAttribute('data-scheme', 'dark');
  await page.getByRole('group', { name: app.w.controls.language }).getByText('English').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-scheme', 'dark');
  await page.context().close();
});

test('on a phone nothing is cut off', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'zh', { viewport: PHONE });
  await app.signIn();
  await expect(page.locator('.kpi-value').first()).toBeVisible();
  await expectNoSideScroll(page);
  await page.screenshot({ path: `${SHOTS}/app-phone-today.png`, fullPage: true });
  await page.goto(`${server.base}/customers`);
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  await expectNoSideScroll(page);
  await page.screenshot({ path: `${SHOTS}/app-phone-customers.png`, fullPage: true });
  await page.context().close();
});

test('the first page is light', async ({ browser }) => {
  const { page, app } = await visit(browser, server.base, 'zh');
  let bytes = 0;
  page.on('requestfinished', async (request) => {
    const sizes = await request.sizes();
    if (!request.url().includes('/api/')) bytes += sizes.responseBodySize;
  });
  await app.signIn();
  await expect(page.locator('.chart svg').first()).toBeVisible();
  await page.waitForLoadState('load');
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(FIRST_PAGE_BYTES);
  await page.context().close();
});
