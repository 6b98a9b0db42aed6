/** The language of the dashboard: chosen here before, else the member's, else the browser's. */
import { useTranslation } from 'react-i18next';
import type { Lang } from '../design/format.ts';
import { chooseLang, LANGS } from '../i18n/index.ts';
import { change } from './api/client.ts';

const KEY = 'perennial.language';

/** Reads what was kept; a browser that keeps nothing is no error. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export function rememberedLang(): Lang {
  return chooseLang(location.search, kept(KEY), navigator.languages);
}

/** Whether this browser has been told a language; if not, the member's own applies. */
export function hasChosenLang(): boolean {
  return LANGS.some((lang) => lang === kept(KEY));
}

export function useLanguage(): { lang: Lang; choose(lang: Lang, signedIn: boolean): void } {
  const { i18n } = useTranslation();
  return {
    lang: i18n.language as Lang,
    choose: (lang, signedIn) => {
      keep(KEY, lang);
      void i18n.changeLanguage(lang);
      // The server writes e-mails and files in it; that it could not be told now is no reason to stop.
      if (signedIn) change('PATCH', '/api/session', { language: lang }).catch(() => undefined);
    },
  };
}
