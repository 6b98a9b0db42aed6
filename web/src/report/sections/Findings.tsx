/** What to do, ranked by money at stake. */
import { Card, Empty } from '../../components/Card.tsx';
import { Facts } from '../../components/Facts.tsx';
import { Popover } from '../../components/Popover.tsx';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { Finding } from '../types.ts';

function FindingRow({ finding }: { finding: Finding }) {
  const { report, lang, f, t } = useReport();
  const pick = (zh: string, en: string) => (lang === 'zh' ? zh : en);
  const text = pick(finding.text_zh, finding.text_en);
  const facts: [string, string][] = [
    [t('findings.stake'), f.moneyRound(finding.money_at_stake)],
    [t('customers'), f.int(finding.customers)],
    [t('how.as_of'), f.asOf(report.as_of)],
  ];
  return (
    <li className="finding">
      <i
        className={`dot ${finding.tone}`}
        role="img"
        aria-label={t(`tone.${finding.tone}`, { defaultValue: '' })}
      />
      <div className="finding-text">
        <p>{text}</p>
        <p className="next">
          <span>{t('findings.next')}</span> {pick(finding.action_zh, finding.action_en)}
        </p>
      </div>
      <div className="finding-facts">
        {finding.customers > 0 ? (
          <span>{t('n_customers', { count: finding.customers, n: f.int(finding.customers) })}</span>
        ) : null}
        {finding.csv ? (
          <a href={encodeURI(finding.csv)} aria-label={t('findings.csv_label', { text })}>
            {t('findings.csv')}
          </a>
        ) : null}
      </div>
      <div className="finding-money">
        <strong>{finding.money_at_stake > 0 ? f.moneyRound(finding.money_at_stake) : '–'}</strong>
        <Popover button={t('how.button')} label={t('how.label', { name: text })}>
          <strong>{t('findings.stake')}</strong>
          <p>{pick(finding.method_zh, finding.method_en)}</p>
          <Facts facts={facts} />
        </Popover>
      </div>
    </li>
  );
}

export function Findings() {
  const { report, t } = useReport();
  return (
    <Card title={t('findings.title')} note={t('findings.note')} how={<How id="stake" />}>
      {report.findings.length === 0 ? (
        <Empty>{t('empty.findings')}</Empty>
      ) : (
        <ol className="findings">
          {report.findings.map((finding) => (
            <FindingRow key={finding.kind + finding.text_en} finding={finding} />
          ))}
        </ol>
      )}
    </Card>
  );
}
