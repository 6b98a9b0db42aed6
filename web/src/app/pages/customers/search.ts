/**
 * What the address of the customer table says: it can be kept, sent and gone back to. Keys of customers
 * never stand in it.
 */

export interface CustomersSearch {
  stage?: string;
  segment?: string;
  /** `column:least:most`, several apart by commas. */
  range?: string;
  /** Names of segments, apart by commas: who is in all of them. */
  in_segment?: string;
  in_list?: string;
  has_tag?: string;
  /** Kind of a finding of Today. */
  finding?: string;
  /** A column, `-` before it for the greatest first. */
  sort?: string;
  page?: number;
}

function words(value: unknown): string | undefined {
  return typeof value === 'string' && /^-?[\w,.]+$/.test(value) ? value : undefined;
}

/** Names of lists and tags are for people: any letters. */
function groupName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 63 ? value : undefined;
}

/** `orders:3:`, in whole numbers or days. */
const RANGE = /^\w+:(-?[\d.]+(-\d\d-\d\d)?)?:(-?[\d.]+(-\d\d-\d\d)?)?$/;

function ranges(value: unknown): string | undefined {
  const known = typeof value === 'string' ? value.split(',').filter((each) => RANGE.test(each)) : [];
  return known.length > 0 ? known.join(',') : undefined;
}

export function readCustomersSearch(search: Record<string, unknown>): CustomersSearch {
  const page = Number(search.page);
  return {
    stage: words(search.stage),
    segment: words(search.segment),
    range: ranges(search.range),
    in_segment: words(search.in_segment),
    in_list: groupName(search.in_list),
    has_tag: groupName(search.has_tag),
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

export interface Range {
  column: string;
  least: string;
  most: string;
}

export function readRanges(range: string | undefined): Range[] {
  return listed(range).map((each) => {
    const [column = '', least = '', most = ''] = each.split(':');
    return { column, least, most };
  });
}

/** The ranges with one more; a column has one. */
export function withRange(range: string | undefined, added: Range): string | undefined {
  const others = readRanges(range).filter((each) => each.column !== added.column);
  const all = added.least || added.most ? [...others, added] : others;
  const text = all.map(({ column, least, most }) => `${column}:${least}:${most}`).join(',');
  return text || undefined;
}
