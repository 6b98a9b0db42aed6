/** Words of the dashboard: the report's, which it shares, and its own. */
import type { i18n } from 'i18next';
import type { Lang } from '../design/format.ts';
import appEn from '../i18n/app.en.json';
import appZh from '../i18n/app.zh.json';
import { makeI18n } from '../i18n/index.ts';

export function makeWords(lang: Lang): i18n {
  const words = makeI18n(lang);
  words.addResourceBundle('en', 'translation', appEn);
  words.addResourceBundle('zh', 'translation', appZh);
  return words;
}
