/** The customer table and one customer, as the server gives them. */
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { CustomerPage } from './types.ts';

export interface CustomersAsked {
  search?: string;
  stage?: string;
  segment?: string;
  sort?: string;
  order?: 'asc' | 'desc';
  columns?: string;
  limit: number;
  offset: number;
}

export function customersQuery(asked: CustomersAsked) {
  return queryOptions({
    queryKey: ['customers', asked],
    queryFn: () => get<CustomerPage>('/api/customers', { ...asked }),
    staleTime: 10_000,
  });
}
