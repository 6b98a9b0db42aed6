/** Who is worth what: the RFM grid, its segments, their moves, and how much hangs on how few. */
import { type CSSProperties, useMemo } from 'react';
import { lorenzOption } from '../../charts/curves.ts';
import { ShareBar } from '../../components/Bar.tsx';
import { Card, Empty } from '../../components/Card.tsx';
import { Chart } from '../../components/Chart.tsx';
import { ChartCard } from '../../components/ChartCard.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { HoverTip } from '../../components/HoverTip.tsx';
import { segmentName, segmentOfCell } from '../../lib/names.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import { Transitions } from './Transitions.tsx';

const SCORES = [1, 2, 3, 4, 5];

function GridCell({ r, fm, most }: { r: number; fm: number; most: number }) {
  const { report, f, t } = useReport();
  const count = report.rfm.grid[r - 1]?.[fm - 1] ?? 0;
  const segment = segmentName(t, segmentOfCell(r, fm));
  const share = report.customers > 0 ? count / report.customers : null;
  const tip = `${segment}\nR ${r} · FM ${fm}\n${t('customers')} ${f.int(count)} · ${f.percent(share)}`;
  return (
    <td data-tip={tip} style={{ '--h': Math.sqrt(count / most) } as CSSProperties}>
      <b>{f.int(count)}</b>
      <span>{segment}</span>
    </td>
  );
}

function RfmGrid() {
  const { report, f, t } = useReport();
  const { grid, thresholds } = report.rfm;
  const most = Math.max(...grid.flat(), 1);
  const list = (values: number[], text: (value: number) => string) => values.map(text).join(' · ') || '–';
  return (
    <Card
      title={t('rfm.grid_title')}
      note={t('rfm.grid_note')}
      how={
        <How
          id="rfm"
          facts={[
            ['n', f.int(report.customers)],
            [t('rfm.edges_r'), list(thresholds.recency_days, (value) => f.decimal(value, 0))],
            [t('rfm.edges_f'), list(thresholds.orders, (value) => f.decimal(value, 0))],
            [t('rfm.edges_m'), list(thresholds.revenue, f.moneyCompact)],
          ]}
        />
      }
    >
      <HoverTip>
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
                {SCORES.map((r) => (
                  <GridCell key={r} r={r} fm={fm} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </HoverTip>
      <p className="footnote">{t('rfm.axes')}</p>
    </Card>
  );
}

function Segments() {
  const { report, f, t, palette } = useReport();
  const { segments } = report.rfm;
  const most = Math.max(...segments.map((segment) => segment.customers), 1);
  const revenue = segments.reduce((sum, segment) => sum + segment.revenue, 0);
  return (
    <Card title={t('rfm.segments_title')} note={t('rfm.segments_note')} how={<How id="rfm" />}>
      <DataTable
        caption={t('rfm.segments_title')}
        rows={segments}
        rowKey={(segment) => segment.segment}
        columns={[
          { key: 'segment', head: t('rfm.segment'), cell: (segment) => segmentName(t, segment.segment) },
          {
            key: 'customers',
            head: t('customers'),
            cell: (segment) => (
              <span className="bar-cell">
                <ShareBar share={segment.customers / most} color={palette.retained} />
                <span>{f.int(segment.customers)}</span>
              </span>
            ),
          },
          {
            key: 'revenue',
            head: t('revenue'),
            end: true,
            cell: (segment) => f.moneyCompact(segment.revenue),
          },
          {
            key: 'share',
            head: t('rfm.revenue_share'),
            end: true,
            cell: (segment) => f.percent(revenue > 0 ? segment.revenue / revenue : null),
          },
          {
            key: 'recency',
            head: t('rfm.recency'),
            end: true,
            wideOnly: true,
            cell: (segment) => f.decimal(segment.median_recency_days, 0),
          },
        ]}
      />
    </Card>
  );
}

function TopShares() {
  const { report, f, t } = useReport();
  const { concentration: of } = report;
  const facts: [string, string][] = [
    [t('concentration.top25'), f.percent(of.top25_share)],
    [t('concentration.top5'), f.percent(of.top5_percent_share)],
    [t('concentration.top1'), f.percent(of.top1_percent_share)],
    [t('concentration.top_customer'), f.percent(of.top_customer_share)],
    [t('concentration.for_75'), f.int(of.customers_for_75_percent)],
    [t('concentration.gini'), f.decimal(of.gini, 3)],
    [t('concentration.hhi'), f.decimal(of.hhi, 4)],
  ];
  return (
    <div className="top-shares">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={of.dependence_alert ? 'tag bad' : 'tag good'}>
        {t(of.dependence_alert ? 'concentration.alert' : 'concentration.calm')}
      </p>
    </div>
  );
}

function Lorenz() {
  const context = useReport();
  const { report, f, t } = context;
  const { lorenz } = report.concentration;
  const option = useMemo(() => lorenzOption(lorenz, context), [lorenz, context]);
  const how = <How id="concentration" facts={[['n', f.int(report.customers)]]} />;
  if (lorenz.length < 2 || report.customers < 2) {
    return (
      <Card title={t('concentration.title')} how={how}>
        <Empty>{t('empty.concentration')}</Empty>
      </Card>
    );
  }
  const tenths = lorenz
    .map((share, percent) => ({ share, percent }))
    .filter(({ percent }) => percent % 10 === 0);
  return (
    <ChartCard
      title={t('concentration.title')}
      note={t('concentration.note')}
      how={how}
      chart={
        <div className="split">
          <Chart option={option} height={260} label={t('concentration.label')} />
          <TopShares />
        </div>
      }
      table={
        <DataTable
          caption={t('concentration.title')}
          rows={tenths}
          rowKey={({ percent }) => String(percent)}
          columns={[
            {
              key: 'percent',
              head: t('concentration.column'),
              cell: ({ percent }) => f.percent(percent / 100, 0),
            },
            { key: 'share', head: t('rfm.revenue_share'), end: true, cell: ({ share }) => f.percent(share) },
          ]}
        />
      }
    />
  );
}

export function Value() {
  return (
    <>
      <div className="row r11">
        <RfmGrid />
        <Segments />
      </div>
      <div className="row r11">
        <Lorenz />
        <Transitions />
      </div>
    </>
  );
}
