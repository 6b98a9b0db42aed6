/** The findings in one breath, before anything else. */
import { Trans } from 'react-i18next';
import { activeChanges } from '../../lib/kpi.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { GrowthMonth } from '../types.ts';

function Direction({ change }: { change: number | null }) {
  const { f, t } = useReport();
  if (change === null || Math.abs(change) < 0.0005) return null;
  const key = change > 0 ? 'say.up' : 'say.down';
  return <>{t(key, { points: f.points(Math.abs(change)).replace('+', '') })}</>;
}

function LastMonth({ month }: { month: GrowthMonth | undefined }) {
  const { f } = useReport();
  if (!month) return null;
  const came = month.new + month.resurrected;
  const tone = came >= month.churned ? 'good' : 'bad';
  const values = { month: f.month(month.month), came: f.int(came), churned: f.int(month.churned) };
  return <Trans i18nKey="say.month" values={values} components={{ b: <b className={tone} /> }} />;
}

function MostAtStake() {
  const { report, lang, f } = useReport();
  const worst = report.findings.find((finding) => finding.tone !== 'good' && finding.money_at_stake > 0);
  if (!worst) return null;
  const text = (lang === 'zh' ? worst.text_zh : worst.text_en).replace(/[.。]$/, '');
  const values = { text, money: f.moneyRound(worst.money_at_stake) };
  return <Trans i18nKey="say.stake" values={values} components={{ b: <b className="bad" /> }} />;
}

export function Say() {
  const { report, f, t } = useReport();
  const { active_rate: rate } = report;
  const lastWhole = report.growth.filter((month) => month.complete).at(-1);
  const range = f.percentRange(rate.low, rate.high);
  const values = { rate: f.percent(rate.rate), days: rate.window_days };
  return (
    <p className="say">
      {rate.rate === null ? (
        t('say.young', { days: rate.window_days })
      ) : (
        <>
          <Trans i18nKey="say.active" values={values} components={{ b: <b className="good" /> }} />
          <Direction change={activeChanges(report).previous} />
          {t('say.stop')}
        </>
      )}
      <LastMonth month={lastWhole} />
      <MostAtStake />{' '}
      <small>
        {rate.rate === null ? null : `n = ${f.int(rate.base)} · ${t('how.interval')} ${range} · `}
        <How
          id="active_rate"
          facts={[
            ['n', f.int(rate.base)],
            [t('active.active'), f.int(rate.active)],
            [t('how.interval'), range],
          ]}
        />
      </small>
    </p>
  );
}
