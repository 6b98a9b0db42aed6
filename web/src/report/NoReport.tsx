/** Stands where a report would: the page was opened without one. */
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../components/BrandMark.tsx';
import { Controls } from './Page.tsx';

export function NoReport() {
  const { t } = useTranslation();
  return (
    <main className="no-report">
      <BrandMark />
      <h1>{t('no_report.title')}</h1>
      <p>{t('no_report.text')}</p>
      <pre translate="no">perennial report orders.csv --out report.html</pre>
      <Controls />
    </main>
  );
}
