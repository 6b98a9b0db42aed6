/** The customer table and one customer, as the server gives them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { change, get } from './client.ts';
import type { Columns, Customer, CustomerPage, CustomersQuery, Found, Merged, Timeline } from './types.ts';

export function customersQuery(asked: Partial<CustomersQuery>) {
  return queryOptions({
    queryKey: ['customers', asked],
    queryFn: () => get<CustomerPage>('/api/customers', { ...asked }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** Whom a key in full leads to. */
export function findQuery(text: string) {
  return queryOptions({
    queryKey: ['find', text],
    queryFn: () => change<Found>('POST', '/api/customers/find', { text }),
    staleTime: 30_000,
    retry: false,
  });
}

/** Makes one customer part of another; the journal keeps why. */
export function mergeCustomers(fromId: string, intoId: string, reason: string): Promise<Merged> {
  return change('POST', '/api/identity/merges', { from_id: fromId, into_id: intoId, reason });
}

export const columnsQuery = queryOptions({
  queryKey: ['columns'],
  queryFn: () => get<Columns>('/api/columns'),
  staleTime: Number.POSITIVE_INFINITY,
});

export function customerQuery(customerId: string, reveal: boolean) {
  return queryOptions({
    queryKey: ['customer', customerId, reveal],
    queryFn: () =>
      get<Customer>(`/api/customers/${encodeURIComponent(customerId)}`, reveal ? { reveal } : {}),
    staleTime: 10_000,
  });
}

export function readTimeline(customerId: string, beforeUs: number | null): Promise<Timeline> {
  const path = `/api/customers/${encodeURIComponent(customerId)}/timeline`;
  return get<Timeline>(path, { before_us: beforeUs, limit: 50 });
}
