/** Whom do I mean? A segment is written, counted, kept, explained and compared; customers are tagged. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { SHOTS } from '../page.ts';
import type { Dashboard, Lang } from './pages.ts';
import { run, runBeside, startServer, type TestServer } from './server.ts';
import { expectGood, expectQuiet, PHONE, type Visit, visit } from './visit.ts';

let server: TestServer;

const TITLE = { zh: '沉默的消费客户', en: 'Quiet spenders' };
/** A title without Latin letters has no name to make one of. */
const NAME = { zh: 'segment_1', en: 'quiet_spenders' };
const TAG = { zh: '批发客户', en: 'wholesale' };
const LIST = { zh: '秋季品鉴会', en: 'Autumn tasting' };

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async ({ browser }) => {
  mkdirSync(SHOTS, { recursive: true });
  server = await startServer();
  const orders = join(server.folder, 'orders.csv');
  run('generate', '--customers', '1500', '--events', '12000', '--lang', 'zh', '--out', orders);
  const settings = ['--timezone', 'Asia/Shanghai', '--currency', 'CNY', '--quiet'];
  await runBeside('import', orders, '--data', join(server.folder, 'data'), ...settings);
  const { page, app } = await visit(browser, server.base, 'en');
  await app.becomeOwner(server.setupLink);
  await page.context().close();
});

test.afterAll(async () => {
  await server.stop();
});

async function at(browser: Browser, lang: Lang, options: object = {}): Promise<Visit> {
  const visited = await visit(browser, server.base, lang, options);
  await visited.app.signIn();
  return visited;
}

/** The number that is counted now. */
async function counted(app: Dashboard): Promise<number> {
  const figure = app.card(app.w.segments.count).locator('.count:not([data-busy]) b');
  await expect(figure).toBeVisible();
  return Number((await figure.textContent())?.replaceAll(',', ''));
}

function rows(page: Page): Locator {
  return page.locator('.condition');
}

async function choose(row: Locator, label: string, value: string): Promise<void> {
  await row.getByLabel(label, { exact: true }).selectOption(value);
}

async function tab(app: Dashboard, name: keyof Dashboard['w']['segments']['tab']): Promise<void> {
  await app.open('segments');
  await app.page.getByRole('button', { name: app.w.segments.tab[name], exact: true }).click();
  await app.settled();
}

async function keep(app: Dashboard): Promise<void> {
  await app.page.getByRole('button', { name: app.w.shell.save, exact: true }).click();
  await expect(app.card(app.w.segments.remove_title)).toBeVisible();
  await app.settled();
}

for (const lang of ['zh', 'en'] as const) {
  test(`without segments the page teaches, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang);
    await app.open('segments');
    await expect(page.getByText(app.w.segments.teach)).toBeVisible();
    await expect(page.locator('.way')).toHaveCount(4);
    await expectGood(page, lang, 'segments-teach');
    expectQuiet(seen);
    await page.context().close();
  });
}

for (const lang of ['zh', 'en'] as const) {
  test(`a segment is written in the form and in SQL, and kept, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang);
    const { w } = app;
    await app.open('segments');
    await page.getByRole('link', { name: w.segments.new }).click();
    await expect(page.getByText(w.segments.count_open)).toBeVisible();
    await rows(page).first().getByRole('combobox', { name: w.builder.values }).click();
    await page.locator('.ant-select-item').getByText(w.stage.at_risk, { exact: true }).click();
    await page.locator('.ant-select-item').getByText(w.stage.lost, { exact: true }).click();
    await page.keyboard.press('Escape');
    const both = await counted(app);
    expect(both).toBeGreaterThan(0);

    await page.getByRole('button', { name: w.builder.add, exact: true }).click();
    await choose(rows(page).nth(1), w.builder.subject, 'revenue');
    await rows(page).nth(1).getByLabel(w.builder.value, { exact: true }).fill('500');
    const code = app.card(w.segments.as_sql).locator('pre');
    await expect(code).toContainText('revenue');
    await expect.poll(() => counted(app)).toBeLessThan(both);
    await page.getByRole('button', { name: w.builder.add_group, exact: true }).click();
    await choose(rows(page).nth(2), w.builder.subject, '#behaviour');
    await rows(page).nth(2).getByLabel(w.builder.value, { exact: true }).fill('0');
    await expect(code).toContainText('count_90d');
    await expect(app.card(w.segments.count)).toContainText(w.segments.computed_pass);
    const inForm = await counted(app);
    await expectGood(page, lang, 'segment-form');

    const mode = (name: string) =>
      page.getByRole('group', { name: w.segments.written_in }).getByRole('button', { name });
    await mode('SQL').click();
    const sql = page.getByLabel(w.segments.sql_label);
    await expect(sql).toHaveValue(/at_risk/);
    expect(await counted(app)).toBe(inForm);
    const good = await sql.inputValue();
    await sql.fill(`${good} and nobody > 3`);
    await expect(page.locator('.problem mark')).toHaveText(/^nobody/);
    await expectGood(page, lang, 'segment-sql');
    await sql.fill(`${good} and orders >= 2`);
    await expect(page.locator('.problem')).toHaveCount(0);
    await mode(w.segments.form).click();
    await expect(rows(page)).toHaveCount(4);
    // What only passes over all events can tell is left out of what is kept.
    await rows(page).nth(2).getByRole('button', { name: w.builder.remove }).click();
    const removed = page.getByRole('button', { name: w.builder.remove_group });
    if ((await removed.count()) > 0) await removed.first().click();
    await expect(code).not.toContainText('count_90d');
    await expect(app.card(w.segments.count)).toContainText(w.segments.computed_live);
    const size = await counted(app);
    expect(size).toBeGreaterThan(0);

    await page.getByLabel(lang === 'zh' ? w.segments.title_zh : w.segments.title_en).fill(TITLE[lang]);
    await expect(page.getByLabel(w.segments.name, { exact: true })).toHaveValue(NAME[lang]);
    await page.getByRole('checkbox', { name: w.segments.acts }).check();
    await keep(app);
    await expect(app.heading(TITLE[lang])).toBeVisible();
    expect(Number((await page.locator('.segment-size').textContent())?.replaceAll(',', ''))).toBe(size);
    expectQuiet(seen);
    await page.context().close();
  });
}

test('an example is a beginning, and both languages have its title', async ({ browser }) => {
  const { page, app, seen } = await at(browser, 'en');
  await page.goto(`${server.base}/segment-editor?example=second_order`);
  await expect(rows(page)).toHaveCount(2);
  await counted(app);
  await keep(app);
  await expect(app.heading('Second order missing')).toBeVisible();
  expectQuiet(seen);
  await page.context().close();
});

for (const lang of ['zh', 'en'] as const) {
  test(`a customer is explained, tagged and found again, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang);
    const { w } = app;
    await app.open('segments');
    await page.getByRole('link', { name: TITLE[lang] }).click();
    await page.getByRole('link', { name: w.segments.customers_in }).click();
    await expect(page.locator('.chip', { hasText: TITLE[lang] })).toBeVisible();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await expectGood(page, lang, 'customers-in-segment');
    const first = page.locator('tbody a').first();
    const id = (await first.getAttribute('href'))?.split('/').at(-1) ?? '';
    await first.click();
    const card = app.card(w.belongs.title);
    await expect(card.getByRole('link', { name: TITLE[lang] })).toBeVisible();
    await card.getByLabel(w.belongs.tag, { exact: true }).fill(TAG[lang]);
    await card.getByRole('button', { name: w.belongs.add_tag }).click();
    await expect(card.locator('.chip', { hasText: TAG[lang] })).toBeVisible();
    await app.settled();
    await expectGood(page, lang, 'customer-groups');
    await card.getByRole('link', { name: TAG[lang] }).click();
    await expect(page.locator('tbody a')).toHaveCount(1);
    await page.getByRole('button', { name: w.people.remove }).click();
    await expect(page.locator('.chip')).toHaveCount(0);
    await expect(page.locator('tbody a').nth(5)).toBeVisible();

    // The palette finds the segment by its title.
    await page.getByRole('button', { name: w.palette.button }).click();
    await page.getByRole('combobox', { name: w.palette.label }).fill(TITLE[lang].slice(0, 4));
    await page.getByRole('option', { name: TITLE[lang] }).click();
    await expect(app.heading(TITLE[lang])).toBeVisible();
    const why = app.card(w.why.title);
    await why.getByRole('searchbox').fill(id);
    await why.getByRole('button', { name: w.people.find }).click();
    await expect(why.locator('.why-verdict')).toContainText(w.why.verdict.yes);
    await expect(why.locator('.seen li').first()).toBeVisible();
    await expect(why.locator('.seen small').first()).toContainText('Order Completed');
    await app.settled();
    await expectGood(page, lang, 'segment');
    expectQuiet(seen);
    await page.context().close();
  });
}

for (const lang of ['zh', 'en'] as const) {
  test(`segments are compared, and customers followed between days, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang);
    const { w } = app;
    await tab(app, 'overlap');
    await expect(page.locator('.matrix tbody tr')).toHaveCount(3);
    await expect(page.locator('.matrix td.self')).toHaveCount(3);
    await expectGood(page, lang, 'overlap');
    await tab(app, 'movement');
    await expect(page.locator('.matrix.flow tbody tr').nth(3)).toBeVisible({ timeout: 60_000 });
    await expectGood(page, lang, 'movement');
    await page.getByRole('button', { name: w.movement.segment }).click();
    await expect(page.getByRole('rowheader', { name: w.movement.in, exact: true })).toBeVisible({
      timeout: 60_000,
    });
    expectQuiet(seen);
    await page.context().close();
  });
}

for (const lang of ['zh', 'en'] as const) {
  test(`a list is filled by pasting, and says what it did not find, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang);
    const { w } = app;
    await tab(app, 'groups');
    const form = page.getByRole('form', { name: w.groups.make });
    await form.getByLabel(w.groups.name).fill(LIST[lang]);
    await form.getByLabel(w.groups.about).fill(lang === 'zh' ? '受邀宾客' : 'Guests of the evening');
    await form.getByRole('button').click();
    const row = page.getByRole('row', { name: LIST[lang] });
    await row.getByRole('button', { name: w.groups.add_customers }).click();
    const paste = page.locator('.paste-form');
    await paste.getByLabel(w.groups.paste).fill('C0000601\n\nC9999999\nC0001188\n');
    await paste.getByRole('button', { name: w.groups.add, exact: true }).click();
    await expect(paste.locator('.missing-lines li')).toHaveCount(1);
    await expect(paste.locator('.missing-lines')).toContainText('C9999999');
    await expect(paste.locator('.missing-lines')).toContainText('3');
    await expectGood(page, lang, 'lists');
    await row.getByRole('link', { name: LIST[lang] }).click();
    await expect(page.locator('tbody a')).toHaveCount(2);
    expectQuiet(seen);
    await page.context().close();
  });
}

test('who saves after somebody else is told, and chooses', async ({ browser }) => {
  const one = await at(browser, 'en');
  const other = await at(browser, 'zh');
  for (const { page } of [one, other]) {
    await page.goto(`${server.base}/segment-editor?name=second_order_missing`);
    await expect(rows(page)).toHaveCount(2);
  }
  const value = (each: Visit) =>
    rows(each.page).first().getByLabel(each.app.w.builder.value, { exact: true });
  await value(one).fill('2');
  await counted(one.app);
  await keep(one.app);
  await value(other).fill('3');
  await counted(other.app);
  await other.page.getByRole('button', { name: other.app.w.shell.save, exact: true }).click();
  const { segments } = other.app.w;
  await expect(other.page.getByText(segments.conflict_same)).toBeVisible();
  await expect(other.page.locator('.problem pre')).toContainText('orders = 2');
  await expectGood(other.page, 'zh', 'segment-conflict');
  await other.page.getByRole('button', { name: segments.conflict_mine }).click();
  await expect(other.app.card(segments.condition).locator('pre')).toContainText('orders = 3');
  expectQuiet(other.seen, 'status of 409');
  await one.page.context().close();
  await other.page.context().close();
});

for (const lang of ['zh', 'en'] as const) {
  test(`in the dark and on a phone, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang, { colorScheme: 'dark' });
    const { w } = app;
    await app.open('segments');
    await expectGood(page, lang, 'segments-dark');
    await page.getByRole('link', { name: TITLE[lang] }).click();
    await expect(app.card(w.segments.trend)).toBeVisible();
    await app.settled();
    await expectGood(page, lang, 'segment-dark');
    await page.getByRole('link', { name: w.segments.edit, exact: true }).click();
    await counted(app);
    await expectGood(page, lang, 'segment-form-dark');
    await tab(app, 'overlap');
    await expect(page.locator('.matrix td.self').first()).toBeVisible();
    await expectGood(page, lang, 'overlap-dark');
    await tab(app, 'movement');
    await expect(page.locator('.matrix.flow tbody tr').nth(3)).toBeVisible({ timeout: 60_000 });
    await expectGood(page, lang, 'movement-dark');
    await page.setViewportSize(PHONE);
    await expectGood(page, lang, 'movement-phone');
    await page.goto(`${server.base}/segment-editor?name=${NAME[lang]}`);
    await counted(app);
    await expectGood(page, lang, 'segment-form-phone');
    expectQuiet(seen);
    await page.context().close();
  });
}

for (const lang of ['zh', 'en'] as const) {
  test(`a cell of the RFM grid leads to who is in it, ${lang}`, async ({ browser }) => {
    const { page, app, seen } = await at(browser, lang);
    const { w } = app;
    await tab(app, 'rfm');
    const cells = app.card(w.rfm.grid_title).locator('td a');
    await expect(cells.first()).toBeVisible();
    await expectGood(page, lang, 'segments-rfm');
    const number = async (of: Locator) =>
      Number((await of.textContent())?.match(/[\d,]+/)?.[0].replaceAll(',', ''));
    const inCell = await number(cells.first());
    await app.page.getByRole('button', { name: w.rfm_now.revenue, exact: true }).click();
    await expect(cells.first()).toContainText(/[¥￥]/);
    await cells.first().click();
    await expect(app.heading(w.place.customers)).toBeVisible();
    await app.settled();
    expect(await number(page.getByRole('status').first())).toBe(inCell);
    expectQuiet(seen);
    await page.context().close();
  });
}
