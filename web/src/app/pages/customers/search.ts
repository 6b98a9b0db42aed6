/** What the address of the customer table says: it can be kept, sent and gone back to. */

export interface CustomersSearch {
  search?: string;
  stage?: string;
  segment?: string;
  sort?: string;
  order?: 'asc' | 'desc';
  page?: number;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function readCustomersSearch(search: Record<string, unknown>): CustomersSearch {
  const page = Number(search.page);
  const { order } = search;
  return {
    search: word(search.search),
    stage: word(search.stage),
    segment: word(search.segment),
    sort: word(search.sort),
    order: order === 'asc' || order === 'desc' ? order : undefined,
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  };
}
