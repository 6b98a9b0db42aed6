/** The operator's figures against earlier periods, and by store, channel, category and staff. */
import { type ReactNode, useState } from 'react';
import { ShareBar } from '../../components/Bar.tsx';
import { Card, Empty } from '../../components/Card.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Delta } from '../../components/Delta.tsx';
import type { Fact } from '../../components/Facts.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { UNKNOWN } from '../../design/format.ts';
import { change } from '../../lib/kpi.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { Compared, Cut, GroupFigures } from '../types.ts';

/** The days of the three periods and how last year's were found. */
function usePeriods(): { facts: Fact[]; aligned: string } {
  const { report, f, t } = useReport();
  const { periods } = report.kpis;
  const days = ([first, last]: [string, string]) => `${f.day(first)} – ${f.day(last)}`;
  const facts: Fact[] = [
    [t('kpi.now'), days(periods.current)],
    [t('kpi.before'), days(periods.previous)],
    [t('kpi.year_before'), days(periods.last_year)],
  ];
  const { festivals, year_days: count } = periods;
  const aligned = festivals
    ? t('compare.festival', { count, now: f.day(festivals[0]), before: f.day(festivals[1]) })
    : t('compare.weeks', { count });
  return { facts, aligned };
}

function ChangeCell({ now, before }: { now: number | null; before: number | null }) {
  const { f } = useReport();
  const value = change(now, before);
  return value === null ? UNKNOWN : <Delta value={value} text={f.change(value)} />;
}

function Comparison() {
  const { report, f, t } = useReport();
  const { facts, aligned } = usePeriods();
  const figures: Record<string, { name: string; text(value: number | null): string }> = {
    revenue: { name: t('revenue'), text: f.moneyRound },
    orders: { name: t('orders'), text: f.int },
    buyers: { name: t('kpi.buyers'), text: f.int },
    new_buyers: { name: t('kpi.new_buyers'), text: f.int },
    aov: { name: t('define.aov.name'), text: f.money },
    units_per_order: { name: t('define.units.name'), text: (value) => f.decimal(value, 2) },
  };
  const text = (row: Compared, value: number | null) => figures[row.figure]?.text(value) ?? f.decimal(value);
  const rows = report.kpis.compared.filter((row) => row.current !== null || row.previous !== null);
  const column = (key: string, head: string, cell: (row: Compared) => ReactNode, wideOnly = false) => ({
    key,
    head,
    end: true,
    wideOnly,
    cell,
  });
  const how = <How id="compared" facts={facts} />;
  if (rows.length === 0) {
    return (
      <Card title={t('compare.title')} how={how}>
        <Empty>{t('kpi.nothing_before')}</Empty>
      </Card>
    );
  }
  return (
    <Card title={t('compare.title')} note={facts[0]?.[1]} how={how}>
      <DataTable
        caption={t('compare.title')}
        rows={rows}
        rowKey={(row) => row.figure}
        columns={[
          {
            key: 'figure',
            head: t('compare.figure'),
            cell: (row) => figures[row.figure]?.name ?? row.figure,
          },
          column('now', t('kpi.now'), (row) => text(row, row.current)),
          column('before', t('kpi.before'), (row) => text(row, row.previous), true),
          column('previous', t('kpi.previous'), (row) => (
            <ChangeCell now={row.current} before={row.previous} />
          )),
          column('year', t('kpi.year_before'), (row) => text(row, row.last_year), true),
          column('last_year', t('kpi.last_year'), (row) => (
            <ChangeCell now={row.current} before={row.last_year} />
          )),
        ]}
      />
      <p className="footnote">{aligned}</p>
    </Card>
  );
}

/** A row of a cut: a group, or all that are not listed. */
interface Row extends GroupFigures {
  key: string;
  others: number;
}

export function rowsOf(cut: Cut): Row[] {
  const groups = cut.groups.map((group) => ({ ...group, key: `=${group.name}`, others: 0 }));
  return cut.other ? [...groups, { ...cut.other, key: 'others', others: cut.others }] : groups;
}

type View = 'sales' | 'repurchase';

function useNameColumn(by: string): Column<Row> {
  const { f, t } = useReport();
  return {
    key: 'name',
    head: t(`cuts.by.${by}`, { defaultValue: by }),
    cell: (row) => {
      if (row.others > 0) return t('cuts.others', { count: row.others, n: f.int(row.others) });
      return row.name ? <span data-raw>{row.name}</span> : t('cuts.none');
    },
  };
}

function useSales(rows: Row[]): Column<Row>[] {
  const { f, t, palette } = useReport();
  const total = rows.reduce((sum, row) => sum + row.revenue, 0);
  const revenue = (row: Row) => row.compared.find((each) => each.figure === 'revenue');
  const since = (row: Row, then: 'previous' | 'last_year') => (
    <ChangeCell now={revenue(row)?.current ?? null} before={revenue(row)?.[then] ?? null} />
  );
  const columns: Column<Row>[] = [
    {
      key: 'revenue',
      head: t('revenue'),
      cell: (row) => (
        <span className="bar-cell">
          <ShareBar share={total > 0 ? row.revenue / total : 0} color={palette.retained} />
          <span>{f.moneyCompact(row.revenue)}</span>
        </span>
      ),
    },
    {
      key: 'now',
      head: t('cuts.recent'),
      end: true,
      wideOnly: true,
      cell: (row) => f.moneyCompact(revenue(row)?.current),
    },
    { key: 'previous', head: t('kpi.previous'), end: true, cell: (row) => since(row, 'previous') },
    { key: 'last_year', head: t('kpi.last_year'), end: true, cell: (row) => since(row, 'last_year') },
    { key: 'orders', head: t('orders'), end: true, wideOnly: true, cell: (row) => f.int(row.orders) },
    {
      key: 'customers',
      head: t('customers'),
      end: true,
      wideOnly: true,
      cell: (row) => f.int(row.customers),
    },
    { key: 'aov', head: t('define.aov.name'), end: true, cell: (row) => f.money(row.aov) },
  ];
  if (rows.every((row) => row.units_per_order === null)) return columns;
  const units: Column<Row> = {
    key: 'units',
    head: t('define.units.name'),
    end: true,
    wideOnly: true,
    cell: (row) => f.decimal(row.units_per_order, 2),
  };
  return [...columns, units];
}

function useRepurchase(): Column<Row>[] {
  const { f, t } = useReport();
  const number = (key: string, head: string, cell: (row: Row) => string, wideOnly = false): Column<Row> => ({
    key,
    head,
    end: true,
    wideOnly,
    cell,
  });
  const within = (days: number) => t('cuts.within', { days });
  const sure = ({ repurchase_rate: { details } }: Row) => {
    const rate = details[1];
    return rate?.of ? `${f.percentRange(rate.low, rate.high)} (n = ${f.int(rate.of)})` : UNKNOWN;
  };
  return [
    number('first', t('cuts.first_orders'), (row) => f.int(row.first_orders)),
    number('d30', within(30), (row) => f.percent(row.repurchase_rate.d30), true),
    number('d90', within(90), (row) => f.percent(row.repurchase_rate.d90)),
    number('d365', within(365), (row) => f.percent(row.repurchase_rate.d365)),
    number('second', t('define.second_order.name'), (row) => f.percent(row.second_order_rate)),
    number('days', t('cuts.median_days'), (row) => f.decimal(row.median_days_to_second, 0)),
    number('range', t('cuts.interval'), sure),
  ];
}

function CutTable({ cut, view }: { cut: Cut; view: View }) {
  const { t } = useReport();
  const rows = rowsOf(cut);
  const name = useNameColumn(cut.by);
  const sales = useSales(rows);
  const repurchase = useRepurchase();
  return (
    <div className="cut-table">
      <DataTable
        caption={`${t('cuts.title')}: ${t(`cuts.by.${cut.by}`, { defaultValue: cut.by })}`}
        rows={rows}
        rowKey={(row) => row.key}
        columns={[name, ...(view === 'sales' ? sales : repurchase)]}
      />
    </div>
  );
}

function CutCard({ cuts }: { cuts: [Cut, ...Cut[]] }) {
  const { t } = useReport();
  const [by, setBy] = useState(cuts[0].by);
  const [view, setView] = useState<View>('sales');
  const cut = cuts.find((each) => each.by === by) ?? cuts[0];
  const { facts } = usePeriods();
  return (
    <Card title={t('cuts.title')} note={t(`cuts.${view}_note`)} how={<How id="cuts" facts={facts} />}>
      <div className="choices">
        <Segmented
          label={t('cuts.choose')}
          value={cut.by}
          onChange={setBy}
          options={cuts.map((each) => ({
            value: each.by,
            text: t(`cuts.by.${each.by}`, { defaultValue: each.by }),
          }))}
        />
        <Segmented<View>
          label={t('cuts.view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'sales', text: t('cuts.sales') },
            { value: 'repurchase', text: t('cuts.repurchase') },
          ]}
        />
      </div>
      <CutTable cut={cut} view={view} />
      {cut.by === 'category' ? <p className="footnote">{t('cuts.category_note')}</p> : null}
    </Card>
  );
}

export function Cuts() {
  const { report, t } = useReport();
  const [first, ...others] = report.kpis.cuts;
  return (
    <>
      <Comparison />
      {first ? (
        <CutCard cuts={[first, ...others]} />
      ) : (
        <Card title={t('cuts.title')} how={<How id="cuts" />}>
          <Empty>{t('empty.cuts')}</Empty>
        </Card>
      )}
    </>
  );
}
