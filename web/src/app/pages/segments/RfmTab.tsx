/** The RFM grid as it is now; each cell leads to the customers in it. */
import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { ScrollArea } from '../../../components/ScrollArea.tsx';
import { Segmented } from '../../../components/Segmented.tsx';
import { segmentName, segmentOfCell } from '../../../lib/names.ts';
import { rfmQuery } from '../../api/segments.ts';
import type { RfmCell, RfmGrid } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { CustomersLink } from './CustomersLink.tsx';

const SCORES = [1, 2, 3, 4, 5];

type Shown = 'customers' | 'revenue_minor';

interface CellProps {
  cell: RfmCell;
  shown: Shown;
  most: number;
}

function Cell({ cell, shown, most }: CellProps) {
  const { t, f } = useApp();
  const { r, fm, customers, revenue_minor: revenue } = cell;
  const segment = segmentName(t, segmentOfCell(r, fm));
  const told = t('rfm_now.cell', { r, fm, segment, n: f.int(customers), revenue: f.moneyCompact(revenue) });
  const value = shown === 'customers' ? f.int(customers) : f.moneyCompact(revenue);
  return (
    <td title={told} style={{ '--h': Math.sqrt(Math.max(cell[shown], 0) / most) } as CSSProperties}>
      {customers > 0 ? (
        <CustomersLink search={{ range: `r_score:${r}:${r},fm_score:${fm}:${fm}` }} label={told}>
          <b>{value}</b>
        </CustomersLink>
      ) : (
        <b>{value}</b>
      )}
      <span>{segment}</span>
    </td>
  );
}

function Grid({ grid, shown }: { grid: RfmGrid; shown: Shown }) {
  const { t } = useApp();
  const most = Math.max(...grid.cells.map((cell) => cell[shown]), 1);
  const cellOf = (r: number, fm: number) => grid.cells.find((cell) => cell.r === r && cell.fm === fm);
  return (
    <ScrollArea label={t('rfm.grid_title')}>
      <table className="rfm">
        <caption className="hidden">{t('rfm.grid_caption')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">FM</span>
            </th>
            {SCORES.map((r) => (
              <th key={r} scope="col">
                R{r}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SCORES.toReversed().map((fm) => (
            <tr key={fm}>
              <th scope="row">FM{fm}</th>
              {SCORES.map((r) => {
                const cell = cellOf(r, fm);
                return cell ? <Cell key={r} cell={cell} shown={shown} most={most} /> : <td key={r} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

export function RfmTab() {
  const { t, f } = useApp();
  const [shown, setShown] = useState<Shown>('customers');
  const { data, error, refetch } = useQuery(rfmQuery);
  if (error && !data) {
    return (
      <div className="card">
        <Problem error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Bones height={380} />;
  return (
    <Card title={t('rfm.grid_title')} note={t('rfm_now.note')}>
      {data.customers === 0 ? (
        <Empty>{t('rfm_now.nobody')}</Empty>
      ) : (
        <>
          <div className="flow-of">
            <Segmented<Shown>
              label={t('rfm_now.shown')}
              value={shown}
              options={[
                { value: 'customers', text: t('rfm_now.customers') },
                { value: 'revenue_minor', text: t('rfm_now.revenue') },
              ]}
              onChange={setShown}
            />
          </div>
          <Grid grid={data} shown={shown} />
          <p className="footnote">
            {t('rfm_now.axes')} {t('rfm_now.unscored', { count: data.unscored, n: f.int(data.unscored) })}
          </p>
        </>
      )}
    </Card>
  );
}
