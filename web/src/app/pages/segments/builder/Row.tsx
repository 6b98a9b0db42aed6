/** One condition of the form: what is looked at, and what it is to be. */
import { useApp } from '../../../context.tsx';
import {
  type ColumnPart,
  familyOfColumn,
  type Group,
  isComplete,
  isMember,
  type MemberOf,
  type MemberPart,
  newBehaviour,
  newColumn,
  newId,
  newMember,
  type Part,
} from '../condition.ts';
import { BehaviourFields } from './BehaviourFields.tsx';
import { type Known, useKnown } from './known.ts';
import { Subject } from './Subject.tsx';
import { ComparisonFields, comparisonFor } from './ValueFields.tsx';

export type Leaf = Exclude<Part, Group>;

interface Props<Kind extends Leaf = Leaf> {
  part: Kind;
  onChange(part: Leaf): void;
}

function ColumnFields({ part, onChange }: Props<ColumnPart>) {
  const { columns } = useKnown();
  const column = columns.find((each) => each.name === part.column);
  return (
    <ComparisonFields
      comparison={part.comparison}
      family={familyOfColumn(column)}
      column={column}
      onChange={(comparison) => onChange({ ...part, comparison })}
    />
  );
}

const MEMBERSHIP = ['in', 'not_in', 'not_in_or_unknown'] as const;
type Membership = (typeof MEMBERSHIP)[number];

function membershipOf({ negated, unknownToo }: MemberPart): Membership {
  if (!negated) return 'in';
  return unknownToo ? 'not_in_or_unknown' : 'not_in';
}

function namesOf(kind: MemberOf, known: Known): [name: string, title: string][] {
  if (kind === 'segment') return known.segments;
  return known.groups.filter((each) => each.kind === kind).map(({ name }) => [name, name]);
}

function MemberFields({ part, onChange }: Props<MemberPart>) {
  const { t } = useApp();
  const known = useKnown();
  const names = namesOf(part.kind, known);
  const isKnown = names.some(([name]) => name === part.name);
  // Whether somebody is on a list is never unknown.
  const offered = MEMBERSHIP.filter((each) => part.kind === 'segment' || each !== 'not_in_or_unknown');
  const choose = (how: Membership) =>
    onChange({ ...part, negated: how !== 'in', unknownToo: how === 'not_in_or_unknown' });
  return (
    <>
      <select
        aria-label={t('builder.comparison')}
        value={membershipOf(part)}
        onChange={(event) => choose(event.target.value as Membership)}
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {t(`builder.membership.${part.kind === 'tag' ? 'tag_' : ''}${each}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t(`builder.which_${part.kind}`)}
        value={part.name}
        data-raw
        onChange={(event) => onChange({ ...part, name: event.target.value })}
      >
        <option value="">{t('builder.choose')}</option>
        {part.name !== '' && !isKnown ? <option value={part.name}>{part.name}</option> : null}
        {names.map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </>
  );
}

function Fields({ part, onChange }: Props) {
  const { t } = useApp();
  if (part.kind === 'column') return <ColumnFields part={part} onChange={onChange} />;
  if (part.kind === 'behaviour') return <BehaviourFields part={part} onChange={onChange} />;
  if (isMember(part)) return <MemberFields part={part} onChange={onChange} />;
  return (
    <textarea
      data-raw
      className="code-input wide"
      rows={2}
      aria-label={t('builder.sql_part')}
      placeholder="recency_days > 2 * personal_interval_days"
      spellCheck={false}
      value={part.sql}
      onChange={(event) => onChange({ ...part, sql: event.target.value })}
    />
  );
}

/** What a row looks at, in one word: a column's name, or `#` and a kind. */
export function subjectOf(part: Leaf): string {
  return part.kind === 'column' ? part.column : `#${part.kind}`;
}

/** A row that looks at something else. */
export function withSubject(part: Leaf, subject: string, { columns }: Pick<Known, 'columns'>): Leaf {
  if (subject === '#behaviour') return newBehaviour();
  if (subject === '#sql') return { id: newId(), kind: 'sql', sql: '' };
  if (subject.startsWith('#')) return newMember(subject.slice(1) as MemberOf);
  const next = columns.find((each) => each.name === subject);
  const fresh = newColumn(next);
  if (part.kind !== 'column') return fresh;
  const before = columns.find((each) => each.name === part.column);
  const comparison = comparisonFor(part.comparison, familyOfColumn(before), familyOfColumn(next));
  return { ...fresh, comparison };
}

interface RowProps extends Props {
  /** Where the server found fault with it. */
  fault: string | null;
  onRemove(): void;
}

export function Row({ part, fault, onChange, onRemove }: RowProps) {
  const { t } = useApp();
  const known = useKnown();
  const isWhole = isComplete(part, known.columns);
  return (
    <li className="condition" data-open={!isWhole || undefined} data-fault={fault !== null || undefined}>
      <div className="condition-fields">
        <Subject
          value={subjectOf(part)}
          onChange={(subject) => onChange({ ...withSubject(part, subject, known), id: part.id })}
        />
        <Fields part={part} onChange={onChange} />
      </div>
      <button type="button" className="take-away" aria-label={t('builder.remove')} onClick={onRemove}>
        ×
      </button>
      {fault ? (
        <p className="fault" role="alert" data-raw>
          {fault}
        </p>
      ) : null}
    </li>
  );
}
