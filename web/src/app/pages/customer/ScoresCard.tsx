/** RFM scores and the rhythm of purchases, each with what went into it. */
import { Card } from '../../../components/Card.tsx';
import { Facts } from '../../../components/Facts.tsx';
import { segmentName } from '../../../lib/names.ts';
import type { Customer, Rhythm, Score } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';

const STEPS = [1, 2, 3, 4, 5];

interface ScoreRowProps {
  name: string;
  score: Score;
  text(value: number): string;
}

function ScoreRow({ name, score, text }: ScoreRowProps) {
  const { t } = useApp();
  return (
    <div className="score">
      <span>{name}</span>
      <span className="score-steps" role="img" aria-label={t('person.score_of', { n: score.score })}>
        {STEPS.map((step) => (
          <i key={step} data-on={step <= score.score} />
        ))}
      </span>
      <b>{score.score}</b>
      <span>{text(score.value)}</span>
      <small>{t('person.edges', { edges: score.edges.map(text).join(' · ') })}</small>
    </div>
  );
}

function RhythmFacts({ rhythm }: { rhythm: Rhythm }) {
  const { t, f } = useApp();
  const days = (value: number | null | undefined) => t('person.days', { n: f.decimal(value, 1) });
  return (
    <Facts
      facts={[
        [
          t('person.own_mean'),
          rhythm.gaps > 0 ? `${days(rhythm.mean_gap_days)} · n = ${f.int(rhythm.gaps)}` : '–',
        ],
        [t(rhythm.median_assumed ? 'person.all_assumed' : 'person.all_median'), days(rhythm.median_days)],
        [t('person.own_weight'), f.percent(rhythm.own_weight, 0)],
        [t('person.interval'), days(rhythm.personal_interval_days)],
      ]}
    />
  );
}

export function ScoresCard({ customer }: { customer: Customer }) {
  const { t, f } = useApp();
  const { rfm, rhythm } = customer;
  if (!rfm) return null;
  return (
    <Card
      title={t('person.scores')}
      note={segmentName(t, rfm.segment)}
      how={<Explain figure="customer.rfm.recency" name={t('person.scores')} />}
    >
      <div className="scores">
        <ScoreRow
          name={t('person.recency')}
          score={rfm.recency}
          text={(value) => t('person.days', { n: f.int(value) })}
        />
        <ScoreRow name={t('person.frequency')} score={rfm.frequency} text={(value) => f.int(value)} />
        <ScoreRow name={t('person.monetary')} score={rfm.monetary} text={(value) => f.moneyCompact(value)} />
      </div>
      {rhythm ? (
        <>
          <h4>{t('person.rhythm')}</h4>
          <RhythmFacts rhythm={rhythm} />
        </>
      ) : null}
    </Card>
  );
}
