/** What to do, by money at stake; each leads to the customers it concerns. */
import { Link } from '@tanstack/react-router';
import { Card, Empty } from '../../../components/Card.tsx';
import { Popover } from '../../../components/Popover.tsx';
import { useMay } from '../../api/session.ts';
import type { Finding } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';

function Task({ finding }: { finding: Finding }) {
  const { lang, f, t } = useApp();
  const may = useMay();
  const text = finding.text[lang];
  const leads = finding.customers > 0 && may('read_customers');
  return (
    <li className="task">
      <i className={`dot ${finding.tone}`} role="img" aria-label={t(`tone.${finding.tone}`)} />
      <div>
        <p className="task-text">
          {leads ? (
            <Link to="/customers" search={{ finding: finding.kind }}>
              {text}
            </Link>
          ) : (
            text
          )}
        </p>
        <p className="task-next">{finding.action[lang]}</p>
      </div>
      <div className="task-money">
        <b>{finding.money_minor > 0 ? f.moneyCompact(finding.money_minor) : '–'}</b>
        <Popover button={t('how.button')} label={t('how.label', { name: text })} small>
          <strong>{text}</strong>
          <p>{finding.method[lang]}</p>
        </Popover>
      </div>
    </li>
  );
}

export function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useApp();
  return (
    <Card
      title={t('findings.title')}
      note={t('findings.note')}
      how={<Explain figure="today.findings.money_minor" name={t('findings.stake')} />}
    >
      {findings.length === 0 ? (
        <Empty>{t('empty.findings')}</Empty>
      ) : (
        <ol className="tasks">
          {findings.map((finding) => (
            <Task key={finding.kind} finding={finding} />
          ))}
        </ol>
      )}
    </Card>
  );
}
