/** The dashboard as a person sees it: pages by their names, in one of two languages. */
import { expect, type Locator, type Page } from '@playwright/test';
import appEn from '../../src/i18n/app.en.json' with { type: 'json' };
import appZh from '../../src/i18n/app.zh.json' with { type: 'json' };
import en from '../../src/i18n/en.json' with { type: 'json' };
import zh from '../../src/i18n/zh.json' with { type: 'json' };

export type Lang = 'zh' | 'en';

const WORDS = { zh: { ...zh, ...appZh }, en: { ...en, ...appEn } };

export function words(lang: Lang) {
  return WORDS[lang];
}

export const OWNER = { name: '林青', email: 'lin@example.com', password: 'a quiet evergreen hill' };

/** Frame and navigation. */
export class Dashboard {
  readonly w: (typeof WORDS)[Lang];

  constructor(
    readonly page: Page,
    readonly base: string,
    readonly lang: Lang,
  ) {
    this.w = words(lang);
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  card(title: string): Locator {
    return this.page.locator('.card').filter({
      has: this.page.getByRole('heading', { level: 3, name: title, exact: true }),
    });
  }

  async becomeOwner(link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByLabel(this.w.door.name).fill(OWNER.name);
    await this.page.getByLabel(this.w.door.email).fill(OWNER.email);
    await this.page.getByLabel(this.w.door.password).fill(OWNER.password);
    await this.page.getByRole('button', { name: this.w.door.setup_action }).click();
    await expect(this.heading(this.w.place.today)).toBeVisible();
  }

  async signIn(password: string = OWNER.password): Promise<void> {
    await this.page.goto(`${this.base}/sign-in`);
    await this.page.getByLabel(this.w.door.email).fill(OWNER.email);
    await this.page.getByLabel(this.w.door.password).fill(password);
    await this.page.getByRole('button', { name: this.w.door.sign_in }).click();
    // To go elsewhere before the answer is there would leave without a session.
    await expect(this.heading(this.w.place.today)).toBeVisible();
  }

  async open(place: keyof (typeof WORDS)[Lang]['place']): Promise<void> {
    const name = this.w.place[place];
    const side = this.page.getByRole('navigation', { name: this.w.shell.navigation });
    await side.getByRole('link', { name }).click();
    await expect(this.heading(name)).toBeVisible();
    await this.settled();
  }

  /** Nothing is still being waited for. */
  async settled(): Promise<void> {
    await expect(this.page.locator('.bone')).toHaveCount(0);
  }

  async dropFile(path: string): Promise<void> {
    await this.page.locator('input[type=file]').setInputFiles(path);
    await expect(this.card(this.w.load.recognised)).toBeVisible({ timeout: 60_000 });
  }

  async startImport(): Promise<void> {
    await this.page.getByRole('button', { name: this.w.load.start, exact: true }).click();
    await expect(this.card(this.w.load.done)).toBeVisible({ timeout: 120_000 });
  }
}
