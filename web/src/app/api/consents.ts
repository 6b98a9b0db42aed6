/** Consent of one customer, and what the customer has a right to. */
import { queryOptions } from '@tanstack/react-query';
import { change, get } from './client.ts';
import type { ConsentAnswer } from './types.ts';

function path(customerId: string, rest: string): string {
  return `/api/customers/${encodeURIComponent(customerId)}/${rest}`;
}

export function consentsQuery(customerId: string) {
  return queryOptions({
    queryKey: ['consents', customerId],
    queryFn: () => get<ConsentAnswer>(path(customerId, 'consents')),
    retry: false,
  });
}

export function setConsent(
  customerId: string,
  consent: { purpose: string; channel: string; given: boolean },
): Promise<unknown> {
  return change('POST', path(customerId, 'consents'), consent);
}
