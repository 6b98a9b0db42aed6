/** The two languages of the interface, equal citizens; keys are compared by a test. */
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Lang } from '../design/format.ts';
import en from './en.json';
import zh from './zh.json';

export const LANGS: Lang[] = ['zh', 'en'];

/** What `<html lang>` says. */
export const HTML_LANG: Record<Lang, string> = { zh: 'zh-CN', en: 'en' };

function asLang(value: string | null | undefined): Lang | null {
  const short = value?.slice(0, 2).toLowerCase();
  return short === 'zh' || short === 'en' ? short : null;
}

/** The reader's choice first (`?lang=`), then the report's, then the browser's. */
export function chooseLang(
  query: string,
  asked: string | null | undefined,
  browser: readonly string[],
): Lang {
  const chosen = [new URLSearchParams(query).get('lang'), asked, ...browser];
  return chosen.map(asLang).find((lang) => lang !== null) ?? 'en';
}

export function makeI18n(lang: Lang): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
  return instance;
}
