/** What pages ask of the server, with how long an answer serves. */
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { Brand, Explanation, Invitation, Setup, StageFlow, Today } from './types.ts';

const MINUTE = 60_000;

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => get<Setup>('/api/setup'),
});

/** Whether a link of the server still makes an owner. */
export function ownerLinkQuery(token: string) {
  return queryOptions({ queryKey: ['setup', token], queryFn: () => get<Setup>('/api/setup', { token }) });
}

/** Whom an invitation is for. */
export function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ['join', token],
    queryFn: () => get<Invitation>('/api/join', { token }),
    retry: false,
  });
}

export const brandQuery = queryOptions({
  queryKey: ['brand'],
  queryFn: () => get<Brand>('/api/brand'),
  staleTime: MINUTE / 2,
  // The first customers arrive while somebody looks.
  refetchInterval: ({ state }) => (state.data?.has_data === false ? 3_000 : false),
});

/** The base as a whole, as of the beginning of a day or of now. */
export function todayQuery(asOf?: string) {
  return queryOptions({
    queryKey: ['today', asOf ?? 'now'],
    queryFn: () => get<Today>('/api/today', { as_of: asOf }),
    staleTime: MINUTE / 2,
    // Newer data is counted in the background: ask again soon.
    refetchInterval: ({ state }) => (asOf ? false : state.data?.stale ? 3_000 : MINUTE),
  });
}

export function flowQuery(from: string, to: string | undefined) {
  return queryOptions({
    queryKey: ['flow', from, to ?? 'now'],
    queryFn: () => get<StageFlow>('/api/today/flow', { from, to }),
    staleTime: MINUTE,
  });
}

export function explainQuery(figure: string) {
  return queryOptions({
    queryKey: ['explain', figure],
    queryFn: () => get<Explanation>(`/api/explain/${encodeURIComponent(figure)}`),
    staleTime: MINUTE,
  });
}
