/** Five figures: what they are now, what has changed, and how sure that is. */
import type { ReactNode } from 'react';
import { pointRate } from '../../charts/active.ts';
import { MiniBars, Sparkline } from '../../components/Bar.tsx';
import { Delta, FLAT_POINTS } from '../../components/Delta.tsx';
import type { Fact } from '../../components/Facts.tsx';
import { activeChanges, change, comparedFigure } from '../../lib/kpi.ts';
import { useReport } from '../context.tsx';
import type { DefinitionId } from '../definitions.ts';
import { How } from '../How.tsx';
import type { Compared } from '../types.ts';

interface KpiProps {
  label: string;
  value: string;
  id: DefinitionId;
  facts: Fact[];
  deltas: ReactNode;
  children?: ReactNode;
}

function Kpi({ label, value, id, facts, deltas, children }: KpiProps) {
  return (
    <li className="card kpi">
      <div className="kpi-head">
        <h3>{label}</h3>
        <How id={id} facts={facts} small />
      </div>
      <p className="kpi-value">{value}</p>
      <p className="kpi-delta">{deltas}</p>
      {children}
    </li>
  );
}

function Deltas({ figure }: { figure: Compared }) {
  const { f, t } = useReport();
  const previous = change(figure.current, figure.previous);
  const lastYear = change(figure.current, figure.last_year);
  if (previous === null && lastYear === null) return <span>{t('kpi.nothing_before')}</span>;
  return (
    <>
      <Delta value={previous} text={f.change(previous)} name={t('kpi.previous')} />
      <Delta value={lastYear} text={f.change(lastYear)} name={t('kpi.last_year')} />
    </>
  );
}

function ThreeBars({ figure, text }: { figure: Compared; text(value: number | null): string }) {
  const { t, palette } = useReport();
  if (figure.previous === null && figure.last_year === null) return null;
  const bars = [
    { name: t('kpi.now'), value: figure.current, text: text(figure.current), strong: true },
    { name: t('kpi.before'), value: figure.previous, text: text(figure.previous) },
    { name: t('kpi.year_before'), value: figure.last_year, text: text(figure.last_year) },
  ];
  return <MiniBars color={palette.accent} bars={bars.filter((bar) => bar.value !== null)} />;
}

function ActiveKpi() {
  const { report, f, t, palette } = useReport();
  const { active_rate: rate } = report;
  const { previous, lastYear } = activeChanges(report);
  const rates = rate.fixed_series.map(pointRate).filter((value) => value !== null);
  const rising = (previous ?? 0) >= 0;
  return (
    <Kpi
      id="active_rate"
      label={
        rate.min_active_days > 1
          ? t('kpi.active_k', { days: rate.window_days, k: rate.min_active_days })
          : t('kpi.active', { days: rate.window_days })
      }
      value={f.percent(rate.rate)}
      facts={[
        ['n', f.int(rate.base)],
        [t('active.active'), f.int(rate.active)],
        [t('active.window'), t('n_days', { count: rate.window_days })],
        [t('active.k'), t('n_days', { count: rate.min_active_days })],
        [t('how.interval'), f.percentRange(rate.low, rate.high)],
      ]}
      deltas={
        previous === null && lastYear === null ? (
          t('kpi.nothing_before')
        ) : (
          <>
            <Delta value={previous} text={f.points(previous)} name={t('kpi.previous')} flat={FLAT_POINTS} />
            <Delta value={lastYear} text={f.points(lastYear)} name={t('kpi.last_year')} />
          </>
        )
      }
    >
      <Sparkline values={rates} color={rising ? palette.accent : palette.bad} />
    </Kpi>
  );
}

function RepurchaseKpi() {
  const { report, f, t, palette } = useReport();
  const { details, d90 } = report.kpis.repurchase_rate;
  const days = [30, 90, 365];
  const ninety = details[1];
  const range = f.percentRange(ninety?.low, ninety?.high);
  const facts: Fact[] = details.map((rate, index) => [
    t('kpi.within', { days: days[index] ?? '' }),
    `${f.percent(rate.rate)} (${f.percentRange(rate.low, rate.high)}; n = ${f.int(rate.of)})`,
  ]);
  const bars = details.map((rate, index) => ({
    name: t('kpi.within', { days: days[index] ?? '' }),
    value: rate.rate,
    text: f.percent(rate.rate),
    strong: index === 1,
  }));
  const sure = ninety && ninety.of > 0;
  return (
    <Kpi
      id="repurchase"
      label={t('kpi.repurchase')}
      value={f.percent(d90)}
      facts={facts}
      deltas={sure ? `${t('how.interval')} ${range}` : t('kpi.too_young')}
    >
      {bars.some((bar) => bar.value !== null) ? <MiniBars color={palette.accent} bars={bars} /> : null}
    </Kpi>
  );
}

function AovKpi() {
  const { report, f, t } = useReport();
  const figure = comparedFigure(report, 'aov');
  return (
    <Kpi
      id="aov"
      label={t('kpi.aov')}
      value={f.money(figure.current ?? report.kpis.aov)}
      facts={[
        [t('kpi.all_time'), f.money(report.kpis.aov)],
        [t('orders'), f.int(report.orders)],
      ]}
      deltas={<Deltas figure={figure} />}
    >
      <ThreeBars figure={figure} text={f.money} />
    </Kpi>
  );
}

function UnitsKpi() {
  const { report, f, t } = useReport();
  const figure = comparedFigure(report, 'units_per_order');
  const text = (value: number | null) => f.decimal(value, 2);
  return (
    <Kpi
      id="units"
      label={t('kpi.units')}
      value={text(figure.current ?? report.kpis.units_per_order)}
      facts={[[t('kpi.all_time'), text(report.kpis.units_per_order)]]}
      deltas={<Deltas figure={figure} />}
    >
      <ThreeBars figure={figure} text={text} />
    </Kpi>
  );
}

function SecondOrderKpi() {
  const { report, f, t } = useReport();
  const { second_order_rate: rate, median_days_to_second: days } = report.kpis;
  return (
    <Kpi
      id="second_order"
      label={t('kpi.second_order')}
      value={f.percent(rate)}
      facts={[['n', f.int(report.customers)]]}
      deltas={days === null ? t('kpi.nobody_twice') : t('kpi.median_second', { days: f.decimal(days, 0) })}
    />
  );
}

function RevenueKpi() {
  const { report, f, t } = useReport();
  const figure = comparedFigure(report, 'revenue');
  const count = (name: string) => f.int(comparedFigure(report, name).current);
  return (
    <Kpi
      id="compared"
      label={t('kpi.revenue')}
      value={f.moneyRound(figure.current)}
      facts={[
        [t('orders'), count('orders')],
        [t('kpi.buyers'), count('buyers')],
        [t('kpi.new_buyers'), count('new_buyers')],
      ]}
      deltas={<Deltas figure={figure} />}
    >
      <ThreeBars figure={figure} text={f.moneyCompact} />
    </Kpi>
  );
}

export function Kpis() {
  const { report } = useReport();
  return (
    <ul className="kpis">
      <ActiveKpi />
      <RepurchaseKpi />
      <AovKpi />
      {report.kpis.units_per_order === null ? <SecondOrderKpi /> : <UnitsKpi />}
      <RevenueKpi />
    </ul>
  );
}
