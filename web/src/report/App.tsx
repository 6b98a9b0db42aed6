/** Everything on the page, in one language and one scheme at a time. */
import type { i18n } from 'i18next';
import { useEffect } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import type { Lang } from '../design/format.ts';
import { SchemeProvider } from '../design/scheme.tsx';
import { HTML_LANG } from '../i18n/index.ts';
import { ReportProvider } from './context.tsx';
import { NoReport } from './NoReport.tsx';
import { Page } from './Page.tsx';
import type { Report } from './types.ts';

/** Keeps the document's language and title in step with the page. */
function DocumentLanguage() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language as Lang;
  useEffect(() => {
    document.documentElement.lang = HTML_LANG[lang];
    document.title = t('document_title');
  }, [lang, t]);
  return null;
}

export function App({ report, words }: { report: Report | null; words: i18n }) {
  return (
    <I18nextProvider i18n={words}>
      <SchemeProvider>
        <DocumentLanguage />
        {report ? (
          <ReportProvider report={report}>
            <Page />
          </ReportProvider>
        ) : (
          <NoReport />
        )}
      </SchemeProvider>
    </I18nextProvider>
  );
}
