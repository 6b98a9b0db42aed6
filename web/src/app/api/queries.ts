/** What pages ask of the server, with how long an answer serves. */
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { Brand, Explanation, Today } from './types.ts';

const MINUTE = 60_000;

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => get<{ needs_owner: boolean }>('/api/setup'),
});

export const brandQuery = queryOptions({
  queryKey: ['brand'],
  queryFn: () => get<Brand>('/api/brand'),
  staleTime: MINUTE / 2,
});

export const todayQuery = queryOptions({
  queryKey: ['today'],
  queryFn: () => get<Today>('/api/today'),
  staleTime: MINUTE / 2,
  refetchInterval: MINUTE,
});

export function explainQuery(figure: string) {
  return queryOptions({
    queryKey: ['explain', figure],
    queryFn: () => get<Explanation>(`/api/explain/${encodeURIComponent(figure)}`),
    staleTime: MINUTE,
  });
}
