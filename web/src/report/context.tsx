/** What every part of the page needs: the report, formats in its currency, words and colours. */
import type { TFunction } from 'i18next';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Format, type Lang, makeFormat } from '../design/format.ts';
import { useScheme } from '../design/scheme.tsx';
import type { Palette } from '../design/tokens.ts';
import type { Report } from './types.ts';

/** Words, formats and colours that a chart is drawn with. */
export interface DrawContext {
  f: Format;
  t: TFunction;
  palette: Palette;
}

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
