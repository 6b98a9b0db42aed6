/** A group of conditions: all, any, not all or none of them; groups stand within groups. */
import { useApp } from '../../../context.tsx';
import { type Group, newColumn, newGroup, type Part } from '../condition.ts';
import { useKnown } from './known.ts';
import { Row } from './Row.tsx';

const MANNERS = ['all', 'any', 'not_all', 'none'] as const;
type Manner = (typeof MANNERS)[number];

function mannerOf({ joiner, negated }: Group): Manner {
  if (joiner === 'all') return negated ? 'not_all' : 'all';
  return negated ? 'none' : 'any';
}

function inManner(group: Group, manner: Manner): Group {
  const negated = manner === 'not_all' || manner === 'none';
  const joiner = manner === 'all' || manner === 'not_all' ? 'all' : 'any';
  return { ...group, joiner, negated, unknownToo: negated && group.unknownToo };
}

interface Fault {
  id: number;
  message: string;
}

interface Props {
  group: Group;
  fault: Fault | null;
  onChange(group: Group): void;
  /** The outermost one stays. */
  onRemove?(): void;
}

function Head({ group, onChange, onRemove }: Omit<Props, 'fault'>) {
  const { t } = useApp();
  return (
    <div className="group-head">
      <select
        aria-label={t('builder.manner')}
        value={mannerOf(group)}
        onChange={(event) => onChange(inManner(group, event.target.value as Manner))}
      >
        {MANNERS.map((manner) => (
          <option key={manner} value={manner}>
            {t(`builder.manners.${manner}`)}
          </option>
        ))}
      </select>
      {group.negated ? (
        <label>
          <input
            type="checkbox"
            checked={group.unknownToo}
            onChange={(event) => onChange({ ...group, unknownToo: event.target.checked })}
          />
          {t('builder.unknown_too')}
        </label>
      ) : null}
      {onRemove ? (
        <button type="button" className="take-away" aria-label={t('builder.remove_group')} onClick={onRemove}>
          ×
        </button>
      ) : null}
    </div>
  );
}

export function GroupFields({ group, fault, onChange, onRemove }: Props) {
  const { t } = useApp();
  const { columns } = useKnown();
  const first = columns.find((column) => column.name === 'stage') ?? columns[0];
  const put = (place: number, next: Part | null) =>
    onChange({ ...group, parts: group.parts.flatMap((part, at) => (at === place ? (next ?? []) : part)) });
  const add = (part: Part) => onChange({ ...group, parts: [...group.parts, part] });
  return (
    <fieldset className="group" aria-label={t('builder.group')}>
      <Head group={group} onChange={onChange} onRemove={onRemove} />
      <ul>
        {group.parts.map((part, place) =>
          part.kind === 'group' ? (
            <li key={part.id}>
              <GroupFields
                group={part}
                fault={fault}
                onChange={(next) => put(place, next)}
                onRemove={() => put(place, null)}
              />
            </li>
          ) : (
            <Row
              key={part.id}
              part={part}
              fault={fault?.id === part.id ? fault.message : null}
              onChange={(next) => put(place, next)}
              onRemove={() => put(place, null)}
            />
          ),
        )}
      </ul>
      <div className="buttons">
        <button type="button" className="plain" onClick={() => add(newColumn(first))}>
          {t('builder.add')}
        </button>
        <button type="button" className="plain" onClick={() => add(newGroup('any', [newColumn(first)]))}>
          {t('builder.add_group')}
        </button>
      </div>
    </fieldset>
  );
}
