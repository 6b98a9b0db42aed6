/** What to do, by money at stake; each leads to the customers it concerns. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
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

/** As many as stand beside a chart; the others are a click away. */
const SHOWN = 3;

interface Props {
  findings: Finding[];
  /** All of them at once, where there is the room. */
  whole?: boolean;
}

export function Findings({ findings, whole = false }: Props) {
  const { t } = useApp();
  const [isWhole, setWhole] = useState(whole);
  // One alone behind a click would take no less room than the button.
  const shown = isWhole || findings.length <= SHOWN + 1 ? findings : findings.slice(0, SHOWN);
  const hidden = findings.length - shown.length;
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
          {shown.map((finding) => (
            <Task key={finding.kind} finding={finding} />
          ))}
        </ol>
      )}
      {hidden > 0 ? (
        <button type="button" className="plain more" onClick={() => setWhole(true)}>
          {t('today.more_findings', { count: hidden })}
        </button>
      ) : null}
    </Card>
  );
}
