/** Consent of one customer, and what the customer has a right to. */
import { queryOptions } from '@tanstack/react-query';
import { change, get } from './client.ts';
import type { Consents } from './types.ts';

function path(customerId: string, rest: string): string {
  return `/api/customers/${encodeURIComponent(customerId)}/${rest}`;
}

export function consentsQuery(customerId: string) {
  return queryOptions({
    queryKey: ['consents', customerId],
    queryFn: () => get<Consents>(path(customerId, 'consents')),
    retry: false,
  });
}

/** What somebody at the counter or on the phone was told. */
export interface Said {
  state: 'given' | 'withdrawn';
  purposes: string[];
  channel?: string;
  wording_version?: string;
  evidence?: string;
}

export function recordConsent(customerId: string, said: Said): Promise<Consents> {
  return change('POST', path(customerId, 'consents'), said);
}
