/** Consent of one customer, and what the customer has a right to. */
import { queryOptions } from '@tanstack/react-query';
import { change, download, get } from './client.ts';
import type { Consents, ErasedAnswer } from './types.ts';

function path(customerId: string, rest: string): string {
  return `/api/customers/${encodeURIComponent(customerId)}/${rest}`;
}

export function consentsQuery(customerId: string, reveal: boolean) {
  return queryOptions({
    queryKey: ['consents', customerId, reveal],
    queryFn: () => get<Consents>(path(customerId, 'consents'), reveal ? { reveal } : {}),
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

/** Hands the browser a ZIP file with everything that is kept about the customer. */
export function downloadArchive(customerId: string): Promise<void> {
  return download(path(customerId, 'archive'), `customer-${customerId}.zip`);
}

export function eraseCustomer(customerId: string): Promise<ErasedAnswer> {
  return change('POST', path(customerId, 'erase'), { confirm: 'erase' });
}
