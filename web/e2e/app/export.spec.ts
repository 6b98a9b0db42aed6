/** May I have them as a file? Customers as filtered leave as a file, masked unless told otherwise. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Download, expect, type Page, test } from '@playwright/test';
import { SHOTS } from '../page.ts';
import type { Dashboard } from './pages.ts';
import { runBeside, startServer, type TestServer } from './server.ts';
import { expectGood, expectQuiet, visit } from './visit.ts';

let server: TestServer;

const SEGMENTS = `segments:
- {name: regulars, title: {zh: 老客户, en: Regulars}, where: orders >= 3}
`;
const CUSTOMER = { zh: '客户编号', en: 'Customer number' };

/** Orders of 200 customers with phones, of two years ago. */
function shopOrders(): string {
  const lines = ['order_id,phone,email,order_time,amount'];
  for (let customer = 0; customer < 200; customer += 1) {
    for (let order = 0; order <= customer % 5; order += 1) {
      const phone = `138${String(customer).padStart(8, '0')}`;
      const day = `2024-0${1 + ((customer + order * 2) % 9)}-1${order} 10:00:00`;
      lines.push(`o${customer}-${order},${phone},buyer${customer}@example.com,${day},${20 + customer}.5`);
    }
  }
  return `${lines.join('\n')}\n`;
}

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async ({ browser }) => {
  mkdirSync(SHOTS, { recursive: true });
  server = await startServer();
  const orders = join(server.folder, 'orders.csv');
  writeFileSync(orders, shopOrders());
  const data = ['--data', join(server.folder, 'data')];
  await runBeside('import', orders, ...data, '--timezone', 'Asia/Shanghai', '--currency', 'CNY', '--quiet');
  const shop = join(server.folder, 'shop');
  mkdirSync(shop);
  writeFileSync(join(shop, 'segments.yaml'), SEGMENTS);
  await runBeside('apply', shop, ...data);
  const { page, app } = await visit(browser, server.base, 'en');
  await app.becomeOwner(server.setupLink);
  await page.context().close();
});

test.afterAll(async () => {
  await server.stop();
});

async function downloaded(page: Page, app: Dashboard): Promise<Download> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: app.w.export.download, exact: true }).click();
  return coming;
}

/** Lines of a CSV file, whose cells hold no line breaks, commas or quotes. */
async function lines(file: Download): Promise<string[][]> {
  const text = readFileSync(await file.path(), 'utf8');
  expect(text.startsWith('\uFEFF')).toBe(true);
  return text
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(',').map((cell) => cell.replace(/^"(.*)"$/, '$1')));
}

for (const lang of ['zh', 'en'] as const) {
  test(`customers leave as filtered, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await visit(browser, server.base, lang);
    const { w } = app;
    await app.signIn();
    await app.open('customers');
    await page.goto(`${server.base}/customers?stage=lost,lapsed`);
    await app.settled();
    const total = Number(
      (await page.getByRole('status').first().textContent())?.match(/[\d,]+/)?.[0].replaceAll(',', ''),
    );
    expect(total).toBeGreaterThan(0);
    await page.getByRole('button', { name: w.export.open }).click();
    await expectGood(page, lang, 'export');
    await page.getByLabel(w.export.format).selectOption('csv');
    const file = await downloaded(page, app);
    expect(file.suggestedFilename()).toMatch(
      lang === 'zh' ? /^客户-[\d-]+\.csv$/ : /^customers-[\d-]+\.csv$/,
    );
    const [heads, ...rows] = await lines(file);
    expect(heads?.[0]).toBe(CUSTOMER[lang]);
    expect(rows).toHaveLength(total);
    const phones = rows.map((row) => row[1]).filter(Boolean);
    expect(phones).toHaveLength(total);
    for (const phone of phones) expect(phone).toContain('****');

    await page.getByLabel(w.export.unmasked).check();
    const [, ...full] = await lines(await downloaded(page, app));
    expect(full).toHaveLength(total);
    for (const phone of full.map((row) => row[1]).filter(Boolean)) expect(phone).toMatch(/^\+86138\d{8}$/);
    expectQuiet(seen);
    await page.context().close();
  });

  test(`a file that is refused says why, ${lang}`, async ({ browser }) => {
    const { page, app } = await visit(browser, server.base, lang);
    await app.signIn();
    await app.open('customers');
    await app.settled();
    await page.getByRole('button', { name: app.w.export.open }).click();
    const message = 'four files of customers are being written';
    await page.route('**/api/customers/export?*', (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'unavailable', message } } }),
    );
    await page.getByRole('button', { name: app.w.export.download, exact: true }).click();
    await expect(page.getByRole('alert')).toContainText(message);
    await page.context().close();
  });

  test(`a segment leaves as a sheet under its name, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await visit(browser, server.base, lang);
    await app.signIn();
    await page.goto(`${server.base}/segments/regulars`);
    await app.settled();
    await page.getByRole('button', { name: app.w.export.open }).click();
    await expectGood(page, lang, 'segment-export');
    const file = await downloaded(page, app);
    expect(file.suggestedFilename()).toMatch(
      lang === 'zh' ? /^客户-老客户-[\d-]+\.xlsx$/ : /^customers-Regulars-[\d-]+\.xlsx$/,
    );
    expect(
      readFileSync(await file.path())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    expectQuiet(seen);
    await page.context().close();
  });
}
