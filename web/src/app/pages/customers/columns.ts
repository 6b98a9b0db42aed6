/** Which columns the table shows: the reader's choice, kept in this browser, else the server's. */
import type { ColumnInfo } from '../../api/types.ts';
import { keep, kept } from '../../language.ts';

const KEY = 'perennial.columns';

/** The columns wanted, of those that there are, in the table's order. */
export function chosenColumns(all: ColumnInfo[], wanted: string[] | null): ColumnInfo[] {
  const chosen = wanted ? all.filter((column) => wanted.includes(column.name)) : [];
  return chosen.length > 0 ? chosen : all.filter((column) => column.shown);
}

export function keptColumns(): string[] | null {
  return kept(KEY)?.split(',').filter(Boolean) ?? null;
}

export function keepColumns(names: string[]): void {
  keep(KEY, names.join(','));
}
