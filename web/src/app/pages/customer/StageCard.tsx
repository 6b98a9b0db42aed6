/** The stage, why it is this one, how it came, and what silence leads to. */
import { Card } from '../../../components/Card.tsx';
import type { Customer, StageNow } from '../../api/types.ts';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';

/** Silence on a line from the last order to the stage of lost. */
function SilenceLine({ stage }: { stage: StageNow }) {
  const { t, f, palette } = useApp();
  const last = stage.limits.at(-1)?.silence_days ?? stage.silence_days;
  const end = Math.max(last * 1.12, stage.silence_days * 1.04, 1);
  const place = (days: number) => `${Math.min(100, (days / end) * 100)}%`;
  return (
    <div
      className="silence"
      role="img"
      aria-label={t('person.silence_label', { n: f.int(stage.silence_days) })}
    >
      <i className="silence-bar" style={{ width: place(stage.silence_days) }} />
      {stage.limits.map((limit) => (
        <span key={limit.stage} className="silence-mark" style={{ left: place(limit.silence_days) }}>
          <i style={{ background: palette.stages[limit.stage] }} />
        </span>
      ))}
    </div>
  );
}

function Limits({ stage }: { stage: StageNow }) {
  const { t, f } = useApp();
  return (
    <ul className="limits">
      {stage.limits.map((limit) => (
        <li key={limit.stage} data-past={stage.silence_days > limit.silence_days}>
          <StageTag stage={limit.stage} />
          <span>{t('person.limit', { n: f.decimal(limit.silence_days, 0), day: f.day(limit.day) })}</span>
        </li>
      ))}
    </ul>
  );
}

function History({ stage }: { stage: StageNow }) {
  const { t, f } = useApp();
  return (
    <ol className="stage-history">
      {stage.history.toReversed().map((step) => (
        <li key={`${step.day} ${step.stage}`}>
          <time dateTime={step.day}>{f.day(step.day)}</time>
          <StageTag stage={step.stage} />
          <span>{t(`cause.${step.cause}`, { defaultValue: step.cause })}</span>
        </li>
      ))}
    </ol>
  );
}

export function StageCard({ customer }: { customer: Customer }) {
  const { t, f } = useApp();
  const { stage, rhythm } = customer;
  if (!stage) return null;
  return (
    <Card title={t('person.stage')} note={t(`cause.${stage.cause}`, { defaultValue: stage.cause })}>
      <p className="stage-say">
        {t('person.silent', { count: stage.silence_days, n: f.int(stage.silence_days) })}
        {rhythm
          ? t('person.expected', {
              interval: f.decimal(rhythm.personal_interval_days, 0),
              day: f.day(rhythm.expected_day),
              times: f.decimal(rhythm.silence_intervals, 1),
            })
          : null}
      </p>
      <SilenceLine stage={stage} />
      <Limits stage={stage} />
      <h4>{t('person.history')}</h4>
      <History stage={stage} />
    </Card>
  );
}
