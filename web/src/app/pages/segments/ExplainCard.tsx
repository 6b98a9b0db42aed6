/** Why is this customer in the segment, or not? Each condition with what it saw and where that came from. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { UNKNOWN } from '../../../design/format.ts';
import { columnsQuery, findQuery } from '../../api/customers.ts';
import { explainedQuery } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import type { ExplainedPart, FoundCustomer, SeenValue } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { StageTag } from '../../components/StageTag.tsx';
import { type AppContext, useApp } from '../../context.tsx';
import { KeySearch } from '../customers/KeySearch.tsx';
import { wordName } from './builder/ValueFields.tsx';

type Outcome = 'yes' | 'no' | 'unknown';

export function outcomeOf(outcome: boolean | null | undefined): Outcome {
  if (typeof outcome !== 'boolean') return 'unknown';
  return outcome ? 'yes' : 'no';
}

const MARKS: Record<Outcome, string> = { yes: '✓', no: '✗', unknown: '?' };

function Mark({ outcome }: { outcome: boolean | null | undefined }) {
  const { t } = useApp();
  const said = outcomeOf(outcome);
  return (
    <span className={`mark ${said}`} role="img" aria-label={t(`why.outcome.${said}`)}>
      {MARKS[said]}
    </span>
  );
}

function numberText(seen: SeenValue, value: number, { f, clock }: AppContext): string {
  switch (seen.type) {
    case 'money':
      return f.money(value);
    case 'time':
      return clock.minute(value);
    case 'float':
      return f.decimal(value, Math.abs(value) < 10 ? 2 : 1);
    default:
      return f.int(value);
  }
}

/** A value as its column's type says. */
function valueText(seen: SeenValue, context: AppContext, words: string[]): string {
  const { value } = seen;
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === 'boolean') return context.t(value ? 'people.yes' : 'people.no');
  if (typeof value === 'number') return numberText(seen, value, context);
  const text = String(value);
  if (seen.type === 'day') return context.f.day(text);
  if (seen.type !== 'word') return text;
  return wordName({ name: seen.column, words, ...NO_WORDS, type: 'word' }, text, context);
}

const NO_TEXT = { zh: '', en: '' };
const NO_WORDS = { title: NO_TEXT, description: NO_TEXT, shown: false };

function Seen({ seen }: { seen: SeenValue }) {
  const context = useApp();
  const { t, lang, clock } = context;
  const { data } = useQuery(columnsQuery);
  const words = data?.columns.find((column) => column.name === seen.column)?.words ?? [];
  return (
    <li>
      <span>{seen.title[lang]}</span> <b>{valueText(seen, context, words)}</b>
      {seen.event ? (
        <small>
          {t('why.from')} <span data-raw>{seen.event.name}</span> {clock.minute(seen.event.time_us)}
        </small>
      ) : null}
    </li>
  );
}

const JOINS = ['all', 'any', 'not'];

function Tree({ part }: { part: ExplainedPart }) {
  const { t } = useApp();
  return (
    <li className="why-part">
      <Mark outcome={part.outcome} />
      <div>
        {JOINS.includes(part.kind) ? <p>{t(`why.kind.${part.kind}`)}</p> : <code data-raw>{part.sql}</code>}
        {part.seen.length > 0 ? (
          <ul className="seen">
            {part.seen.map((seen) => (
              <Seen key={seen.column} seen={seen} />
            ))}
          </ul>
        ) : null}
        {part.parts.length > 0 ? (
          <ul>
            {part.parts.map((inner, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their places
              <Tree key={place} part={inner} />
            ))}
          </ul>
        ) : null}
      </div>
    </li>
  );
}

function Explained({ name, customerId }: { name: string; customerId: string }) {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(explainedQuery(name, customerId));
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones lines={4} />;
  return (
    <div className="why">
      <p className="why-verdict" role="status">
        <Mark outcome={data.member} />{' '}
        <Link to="/customers/$customerId" params={{ customerId: data.customer_id }}>
          {t('people.number', { id: data.customer_id })}
        </Link>{' '}
        {t(`why.verdict.${outcomeOf(data.member)}`)}
      </p>
      <ul>
        <Tree part={data.condition} />
      </ul>
    </div>
  );
}

interface MatchesProps {
  found: FoundCustomer[];
  onChoose(customerId: string): void;
}

function Matches({ found, onChoose }: MatchesProps) {
  const { t } = useApp();
  return (
    <ul className="matches">
      {found.map((each) => (
        <li key={each.customer_id}>
          <button type="button" className="how" data-raw onClick={() => onChoose(each.customer_id)}>
            {each.by?.value ?? each.order?.order_id ?? t('people.number', { id: each.customer_id })}
          </button>
          <StageTag stage={each.customer.stage?.stage} />
        </li>
      ))}
    </ul>
  );
}

export function ExplainCard({ name }: { name: string }) {
  const { t } = useApp();
  const may = useMay();
  const [asked, setAsked] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const searches = asked !== '' && may('find_customer');
  const { data, error } = useQuery({ ...findQuery(asked), enabled: searches });
  const found = searches ? (data?.matches ?? []) : [];
  const only = found.length === 1 ? (found[0]?.customer_id ?? null) : null;
  // Who may not search by key has the number.
  const customerId = chosen ?? only ?? (asked !== '' && !may('find_customer') ? asked : null);
  const ask = (text: string) => {
    setChosen(null);
    setAsked(text);
  };
  return (
    <Card title={t('why.title')} note={t('why.note')}>
      <KeySearch label={t('why.find')} onAsk={ask} />
      {error ? <Problem error={error} /> : null}
      {data && found.length === 0 && asked !== '' ? (
        <p className="footnote" role="status">
          {t('people.nobody')}
        </p>
      ) : null}
      {found.length > 1 && !chosen ? <Matches found={found} onChoose={setChosen} /> : null}
      {customerId ? <Explained name={name} customerId={customerId} /> : null}
    </Card>
  );
}
