/** 中文 or English, each in its own name. */
import { useTranslation } from 'react-i18next';
import { Segmented } from '../../components/Segmented.tsx';
import type { Lang } from '../../design/format.ts';
import { HTML_LANG, LANGS } from '../../i18n/index.ts';
import { useLanguage } from '../language.ts';

const NAMES: Record<Lang, string> = { zh: '中文', en: 'English' };

export function LanguageChoice({ signedIn = false }: { signedIn?: boolean }) {
  const { t } = useTranslation();
  const { lang, choose } = useLanguage();
  return (
    <Segmented
      label={t('controls.language')}
      value={lang}
      onChange={(wanted) => choose(wanted, signedIn)}
      options={LANGS.map((each) => ({ value: each, text: NAMES[each], lang: HTML_LANG[each] }))}
    />
  );
}
