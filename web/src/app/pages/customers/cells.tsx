/** A value of the customer table as its column's type says. */

import { UNKNOWN } from '../../../design/format.ts';
import { segmentName } from '../../../lib/names.ts';
import type { ColumnInfo, Key } from '../../api/types.ts';
import { StageTag } from '../../components/StageTag.tsx';
import type { AppContext } from '../../context.tsx';

/** Numbers stand at the end of their cells. */
export function standsAtEnd(column: ColumnInfo): boolean {
  return ['int', 'money', 'float', 'day', 'time'].includes(column.type);
}

function wordCell(column: ColumnInfo, word: string, { t }: AppContext) {
  if (column.name === 'stage') return <StageTag stage={word} />;
  if (column.words.includes('champions')) return segmentName(t, word);
  return t(`word.${column.name}.${word}`, { defaultValue: word });
}

/** What stands in a cell; a dash where nothing is known. */
export function cell(column: ColumnInfo, value: unknown, context: AppContext) {
  const { f, clock, t } = context;
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === 'boolean') return t(value ? 'people.yes' : 'people.no');
  if (typeof value === 'string') {
    return column.type === 'day' ? f.day(value) : wordCell(column, value, context);
  }
  if (typeof value !== 'number') return String(value);
  switch (column.type) {
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

/** What a customer is called: the strongest key, else the number. */
export function labelOf(keys: Key[], customerId: string, context: Pick<AppContext, 't'>): string {
  return keys[0]?.value ?? context.t('people.number', { id: customerId });
}
