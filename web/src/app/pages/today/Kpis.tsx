/** Five figures: what they are now, what has changed, how sure that is. */
import type { ReactNode } from 'react';
import { MiniBars, Sparkline } from '../../../components/Bar.tsx';
import { Delta, FLAT_POINTS } from '../../../components/Delta.tsx';
import type { Compared, Today } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';
import { changeSince } from './changes.ts';

interface KpiProps {
  figure: string;
  label: string;
  value: string;
  deltas: ReactNode;
  children?: ReactNode;
}

function Kpi({ figure, label, value, deltas, children }: KpiProps) {
  return (
    <li className="card kpi">
      <div className="kpi-head">
        <h3>{label}</h3>
        <Explain figure={figure} name={label} small />
      </div>
      <p className="kpi-value">{value}</p>
      <p className="kpi-delta">{deltas}</p>
      {children}
    </li>
  );
}

function ActiveKpi({ today }: { today: Today }) {
  const { f, t, palette } = useApp();
  const { rate, target, window_days: days, min_active_days: least, months } = today.active_rate;
  const month = changeSince(months, 30);
  const year = changeSince(months, 365);
  const rates = months.map((point) => point.rate ?? null).filter((value) => value !== null);
  return (
    <Kpi
      figure="today.active_rate.rate"
      label={least > 1 ? t('kpi.active_k', { days, k: least }) : t('kpi.active', { days })}
      value={f.percent(rate.value)}
      deltas={
        <>
          {month === null && year === null ? <span>{t('kpi.nothing_before')}</span> : null}
          <Delta value={month} text={f.points(month)} name={t('kpi.previous')} flat={FLAT_POINTS} />
          {typeof target === 'number' ? (
            <span>
              {t('active.target')} {f.percent(target)}
            </span>
          ) : (
            <Delta value={year} text={f.points(year)} name={t('kpi.last_year')} flat={FLAT_POINTS} />
          )}
        </>
      }
    >
      <Sparkline values={rates} color={(month ?? 0) >= 0 ? palette.accent : palette.bad} />
    </Kpi>
  );
}

function RepurchaseKpi({ today }: { today: Today }) {
  const { f, t, palette } = useApp();
  const { repurchase_30d, repurchase_90d: ninety, repurchase_365d } = today.operator;
  const bar = (days: number, figure: typeof ninety) => ({
    name: t('kpi.within', { days }),
    value: figure.value ?? null,
    text: f.percent(figure.value),
    strong: days === 90,
  });
  const bars = [bar(30, repurchase_30d), bar(90, ninety), bar(365, repurchase_365d)];
  return (
    <Kpi
      figure="today.operator.repurchase_90d"
      label={t('kpi.repurchase')}
      value={f.percent(ninety.value)}
      deltas={
        ninety.n > 0 ? `${t('how.interval')} ${f.percentRange(ninety.low, ninety.high)}` : t('kpi.too_young')
      }
    >
      {ninety.n > 0 ? <MiniBars color={palette.accent} bars={bars} /> : null}
    </Kpi>
  );
}

interface ComparedProps {
  today: Today;
  name: string;
  label: string;
  text(value: number | null | undefined): string;
  /** Shorter, for the bars. */
  short?(value: number | null | undefined): string;
}

function bars(figure: Compared, t: (key: string) => string, text: ComparedProps['text']) {
  return [
    { name: t('kpi.now'), value: figure.current ?? null, text: text(figure.current), strong: true },
    { name: t('kpi.before'), value: figure.previous ?? null, text: text(figure.previous) },
    { name: t('kpi.year_before'), value: figure.last_year ?? null, text: text(figure.last_year) },
  ].filter((bar) => bar.value !== null);
}

function ComparedKpi({ today, name, label, text, short = text }: ComparedProps) {
  const { f, t, palette } = useApp();
  const figure = today.operator.compared.find((each) => each.figure === name);
  const [previous, lastYear] = [figure?.change_previous ?? null, figure?.change_last_year ?? null];
  const drawn = figure ? bars(figure, t, short) : [];
  return (
    <Kpi
      figure={name === 'aov' ? 'today.operator.aov_minor' : 'today.operator.compared.current'}
      label={label}
      value={text(figure?.current)}
      deltas={
        <>
          {previous === null && lastYear === null ? <span>{t('kpi.nothing_before')}</span> : null}
          <Delta value={previous} text={f.change(previous)} name={t('kpi.previous')} />
          <Delta value={lastYear} text={f.change(lastYear)} name={t('kpi.last_year')} />
        </>
      }
    >
      {drawn.length > 1 ? <MiniBars color={palette.accent} bars={drawn} /> : null}
    </Kpi>
  );
}

function SecondOrderKpi({ today }: { today: Today }) {
  const { f, t } = useApp();
  const { second_order: rate, median_days_to_second: days } = today.operator;
  return (
    <Kpi
      figure="today.operator.second_order"
      label={t('kpi.second_order')}
      value={f.percent(rate.value)}
      deltas={
        typeof days === 'number'
          ? t('kpi.median_second', { days: f.decimal(days, 0) })
          : t('kpi.nobody_twice')
      }
    />
  );
}

export function Kpis({ today }: { today: Today }) {
  const { f, t } = useApp();
  const units = today.operator.compared.find((each) => each.figure === 'units_per_order');
  const hasUnits = typeof units?.current === 'number';
  return (
    <ul className="kpis">
      <ActiveKpi today={today} />
      <RepurchaseKpi today={today} />
      <ComparedKpi today={today} name="aov" label={t('kpi.aov')} text={f.money} />
      {hasUnits ? (
        <ComparedKpi
          today={today}
          name="units_per_order"
          label={t('kpi.units')}
          text={(value) => f.decimal(value, 2)}
        />
      ) : (
        <SecondOrderKpi today={today} />
      )}
      <ComparedKpi
        today={today}
        name="revenue"
        label={t('kpi.revenue')}
        text={f.moneyRound}
        short={f.moneyCompact}
      />
    </ul>
  );
}
