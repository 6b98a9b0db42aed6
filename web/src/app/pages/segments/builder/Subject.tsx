/** What a condition looks at: a column, what was done, or where somebody belongs. */
import type { ColumnInfo } from '../../../api/types.ts';
import { useApp } from '../../../context.tsx';
import { type Family, familyOfColumn } from '../condition.ts';
import { useKnown } from './known.ts';

const ORDER: Family[] = ['word', 'number', 'day', 'time', 'bool', 'text'];

/** Columns by how they are compared, in the order of the list. */
export function columnsByFamily(columns: ColumnInfo[]): [Family, ColumnInfo[]][] {
  const of = (family: Family) => columns.filter((column) => familyOfColumn(column) === family);
  return ORDER.map((family): [Family, ColumnInfo[]] => [family, of(family)]).filter(
    ([, found]) => found.length > 0,
  );
}

interface Props {
  value: string;
  onChange(subject: string): void;
}

export function Subject({ value, onChange }: Props) {
  const { t, lang } = useApp();
  const { columns } = useKnown();
  const isGone = value !== '' && !value.startsWith('#') && !columns.some((column) => column.name === value);
  return (
    <select
      className="subject"
      aria-label={t('builder.subject')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {isGone ? (
        <option value={value} data-raw>
          {value}
        </option>
      ) : null}
      <optgroup label={t('builder.family.other')}>
        {['behaviour', 'segment', 'list', 'tag', 'sql'].map((kind) => (
          <option key={kind} value={`#${kind}`}>
            {t(`builder.kind.${kind}`)}
          </option>
        ))}
      </optgroup>
      {columnsByFamily(columns).map(([family, found]) => (
        <optgroup key={family} label={t(`builder.family.${family}`)}>
          {found.map((column) => (
            <option key={column.name} value={column.name}>
              {column.title[lang]}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
