/**
 * What the address of the customer table says: it can be kept, sent and gone back to. Keys of customers
 * never stand in it.
 */

export interface CustomersSearch {
  stage?: string;
  segment?: string;
  /** Kind of a finding of Today. */
  finding?: string;
  /** A column, `-` before it for the greatest first. */
  sort?: string;
  page?: number;
}

function words(value: unknown): string | undefined {
  return typeof value === 'string' && /^-?[\w,.]+$/.test(value) ? value : undefined;
}

export function readCustomersSearch(search: Record<string, unknown>): CustomersSearch {
  const page = Number(search.page);
  return {
    stage: words(search.stage),
    segment: words(search.segment),
    finding: words(search.finding),
    sort: words(search.sort),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  };
}

/** The words of a list in the address. */
export function listed(value: string | undefined): string[] {
  return value?.split(',').filter(Boolean) ?? [];
}

/** How a click on a column's head is written: `-revenue`, `revenue`, or the order unless told otherwise. */
export function sortWord(column: string, order: 'ascend' | 'descend' | null | undefined): string | undefined {
  if (!order) return undefined;
  return order === 'descend' ? `-${column}` : column;
}

export function sortOrder(sort: string | undefined, column: string): 'ascend' | 'descend' | null {
  if (sort === column) return 'ascend';
  return sort === `-${column}` ? 'descend' : null;
}
