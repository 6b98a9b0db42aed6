/** Retention by month of first order, as a heat table in three readings. */
import { type CSSProperties, useMemo, useState } from 'react';
import { Card, Empty } from '../../components/Card.tsx';
import { HoverTip } from '../../components/HoverTip.tsx';
import { ScrollArea } from '../../components/ScrollArea.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import {
  BRACKETS,
  type CohortCell,
  type CohortMode,
  cohortCells,
  columnTotals,
  heatTop,
} from '../cohort-cells.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { Cohort } from '../types.ts';

/** Rows and columns that a screen can hold; older ones are in the JSON. */
const MOST_COHORTS = 24;
const MOST_MONTHS = 24;

const MODES: CohortMode[] = ['classic', 'rolling', 'bracket'];

function Cell({ cell, top, title }: { cell: CohortCell; top: number; title: string }) {
  const { f, t } = useReport();
  const range = cell.interval ? f.percentRange(cell.interval.low, cell.interval.high) : '–';
  const lines = [
    title,
    `${f.percent(cell.rate)} · ${t('cohorts.count', { count: cell.of, n: f.int(cell.count), of: f.int(cell.of) })}`,
    `${t('how.interval')} ${range}`,
    ...(cell.complete ? [] : [t('cohorts.open')]),
  ];
  const heat = Math.min(1, (cell.rate ?? 0) / top);
  return (
    <td
      className={cell.complete ? 'heat' : 'heat open'}
      data-tip={lines.join('\n')}
      style={{ '--h': heat } as CSSProperties}
    >
      {f.percent(cell.rate, 0).replace('%', '')}
      {cell.complete ? null : <span className="hidden"> {t('incomplete')}</span>}
    </td>
  );
}

interface TableProps {
  cohorts: Cohort[];
  mode: CohortMode;
}

function CohortTable({ cohorts, mode }: TableProps) {
  const { f, t } = useReport();
  const rows = cohorts.map((cohort) => cohortCells(cohort, mode).slice(0, MOST_MONTHS + 1));
  const totals = columnTotals(rows);
  const top = heatTop(rows, mode);
  const heads = totals.map((_total, index) =>
    mode === 'bracket' ? t('cohorts.days', { days: BRACKETS[index] ?? '' }) : String(index),
  );
  const column = (index: number) =>
    mode === 'bracket' ? (heads[index] ?? '') : t('cohorts.month_k', { k: index });
  return (
    <ScrollArea label={t('cohorts.title')}>
      <table className={`cohorts ${mode}`}>
        <caption className="hidden">{`${t('cohorts.title')}: ${t(`cohorts.${mode}`)}`}</caption>
        <thead>
          <tr>
            <th scope="col">{t('cohorts.first')}</th>
            <th scope="col">{t('customers')}</th>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="totals">
            <th scope="row">{t('cohorts.all')}</th>
            <td>{f.int(cohorts.reduce((sum, cohort) => sum + cohort.size, 0))}</td>
            {totals.map((cell, index) => (
              <Cell
                key={heads[index]}
                cell={cell}
                top={top}
                title={`${t('cohorts.all')} · ${column(index)}`}
              />
            ))}
          </tr>
          {cohorts.map((cohort, place) => (
            <tr key={cohort.cohort}>
              <th scope="row">{f.month(cohort.cohort)}</th>
              <td>{f.int(cohort.size)}</td>
              {rows[place]?.map((cell, index) => (
                <Cell
                  key={heads[index]}
                  cell={cell}
                  top={top}
                  title={`${f.month(cohort.cohort)} · ${column(index)}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

export function Cohorts() {
  const { report, t } = useReport();
  const [mode, setMode] = useState<CohortMode>('classic');
  const cohorts = useMemo(
    () => report.cohorts.filter((cohort) => cohort.size > 0).slice(-MOST_COHORTS),
    [report.cohorts],
  );
  const how = <How id="cohorts" />;
  if (cohorts.length < 2) {
    return (
      <Card title={t('cohorts.title')} how={how}>
        <Empty>{t('empty.cohorts')}</Empty>
      </Card>
    );
  }
  const cut = report.cohorts.length > cohorts.length ? ` ${t('cohorts.cut', { months: MOST_COHORTS })}` : '';
  return (
    <Card title={t('cohorts.title')} note={t('cohorts.note')} how={how}>
      <div className="chart-bar">
        <p className="footnote">{t(`cohorts.${mode}_says`)}</p>
        <Segmented<CohortMode>
          label={t('cohorts.reading')}
          value={mode}
          onChange={(value) => setMode(value)}
          options={MODES.map((value) => ({ value, text: t(`cohorts.${value}`) }))}
        />
      </div>
      <HoverTip>
        <CohortTable cohorts={cohorts} mode={mode} />
      </HoverTip>
      <p className="footnote">
        <i className="open-key" aria-hidden="true" /> {t('cohorts.open_note')}
        {cut}
      </p>
    </Card>
  );
}
