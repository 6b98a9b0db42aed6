/** What matters today, in one breath. */
import { Link } from '@tanstack/react-router';
import { Trans } from 'react-i18next';
import type { Today } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';
import { changeSince } from './changes.ts';

/** Changes below this would be noise in a sentence. */
const LEAST_POINTS = 0.0005;

function Direction({ change }: { change: number | null }) {
  const { f, t } = useApp();
  if (change === null || Math.abs(change) < LEAST_POINTS) return null;
  return (
    <>{t(change > 0 ? 'say.up' : 'say.down', { points: f.points(Math.abs(change)).replace('+', '') })}</>
  );
}

function LastMonth({ today }: { today: Today }) {
  const { f } = useApp();
  const month = today.growth.filter((each) => each.complete).at(-1);
  if (!month) return null;
  const came = month.new + month.resurrected;
  const tone = came >= month.churned ? 'good' : 'bad';
  const values = { month: f.month(month.month), came: f.int(came), churned: f.int(month.churned) };
  return <Trans i18nKey="say.month" values={values} components={{ b: <b className={tone} /> }} />;
}

function MostAtStake({ today }: { today: Today }) {
  const { lang, f } = useApp();
  const worst = today.findings.find((finding) => finding.tone !== 'good' && finding.money_minor > 0);
  if (!worst) return null;
  const values = { text: worst.text[lang].replace(/[.。]$/, ''), money: f.moneyRound(worst.money_minor) };
  const link = <Link to="/customers" search={{ finding: worst.kind }} className="bad" />;
  return <Trans i18nKey="say.stake" values={values} components={{ b: link }} />;
}

export function Say({ today }: { today: Today }) {
  const { f, t } = useApp();
  const { rate, window_days: days, months } = today.active_rate;
  const values = { rate: f.percent(rate.value), days };
  return (
    <p className="say">
      {rate.value === null ? (
        t('say.young', { days })
      ) : (
        <>
          <Trans i18nKey="say.active" values={values} components={{ b: <b className="good" /> }} />
          <Direction change={changeSince(months, 30)} />
          {t('say.stop')}
        </>
      )}
      <LastMonth today={today} />
      <MostAtStake today={today} />{' '}
      <small>
        {rate.value === null
          ? null
          : `n = ${f.int(rate.n)} · ${t('how.interval')} ${f.percentRange(rate.low, rate.high)} · `}
        <Explain figure="today.active_rate.rate" name={t('define.active_rate.name')} />
      </small>
    </p>
  );
}
