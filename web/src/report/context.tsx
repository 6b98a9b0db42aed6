/** What every part of the page needs: the report, formats in its currency, words and colours. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrawContext } from '../charts/context.ts';
import { type Lang, makeFormat } from '../design/format.ts';
import { useScheme } from '../design/scheme.tsx';
import type { Report } from './types.ts';

interface PageContext extends DrawContext {
  report: Report;
  lang: Lang;
}

const ReportContext = createContext<Report | null>(null);

export function ReportProvider({ report, children }: { report: Report; children: ReactNode }) {
  return <ReportContext value={report}>{children}</ReportContext>;
}

export function useReport(): PageContext {
  const report = useContext(ReportContext);
  if (!report) throw new Error('no report around this part of the page');
  const { t, i18n } = useTranslation();
  const { palette } = useScheme();
  const lang = i18n.language as Lang;
  const { currency, currency_decimals: decimals } = report;
  const f = useMemo(() => makeFormat({ lang, currency, decimals }), [lang, currency, decimals]);
  return useMemo(() => ({ report, lang, f, t, palette }), [report, lang, f, t, palette]);
}
