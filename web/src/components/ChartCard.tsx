/** A card with a chart whose numbers can be read as a table instead. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from './Card.tsx';
import { ScrollArea } from './ScrollArea.tsx';

interface Props {
  title: string;
  note?: ReactNode;
  how?: ReactNode;
  legend?: ReactNode;
  chart: ReactNode;
  table: ReactNode;
  children?: ReactNode;
}

export function ChartCard({ title, note, how, legend, chart, table, children }: Props) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const button = (
    <button
      type="button"
      className="how"
      aria-pressed={asTable}
      aria-label={`${title}: ${t('as_table')}`}
      onClick={() => setAsTable(!asTable)}
    >
      {asTable ? t('as_chart') : t('as_table')}
    </button>
  );
  const tools = (
    <>
      {button}
      {how}
    </>
  );
  return (
    <Card title={title} note={note} how={tools}>
      {asTable ? (
        <ScrollArea label={title} tall>
          {table}
        </ScrollArea>
      ) : (
        <>
          {legend}
          {chart}
        </>
      )}
      {children}
    </Card>
  );
}
