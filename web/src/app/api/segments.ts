/** Segments, lists and tags, and how customers move between them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Condition } from '../pages/segments/condition.ts';
import { change, get } from './client.ts';
import type {
  CustomerGroups,
  Edited,
  Explained,
  GroupChanged,
  GroupRow,
  Groups,
  MembersRequest,
  Metric,
  Overlap,
  Preview,
  RfmGrid,
  SegmentChanges,
  SegmentRequest,
  Segments,
  Sizes,
  StateFlow,
} from './types.ts';

const MINUTE = 60_000;

export type GroupKind = 'list' | 'tag';

function segmentPath(name: string, rest = ''): string {
  return `/api/segments/${encodeURIComponent(name)}${rest}`;
}

function groupPath(kind: GroupKind, name: string, rest = ''): string {
  return `/api/groups/${kind}/${encodeURIComponent(name)}${rest}`;
}

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: () => get<Segments>('/api/segments'),
  staleTime: MINUTE / 4,
  // Sizes are live.
  refetchInterval: MINUTE / 2,
});

/** Customers and revenue by recency, and by frequency with money, now. */
export const rfmQuery = queryOptions({
  queryKey: ['rfm'],
  queryFn: () => get<RfmGrid>('/api/rfm'),
  staleTime: MINUTE / 4,
});

/** What is asked while a condition is being written; the builder's form and SQL exclude each other. */
export interface Draft {
  where?: string;
  condition?: Condition;
  metrics?: Metric[];
  count?: boolean;
}

/** What it comes to, with the condition in the builder's own shape. */
export type Previewed = Omit<Preview, 'condition'> & { condition?: Condition | null };

export function preview(draft: Draft, signal?: AbortSignal): Promise<Previewed> {
  return change<Previewed>('POST', '/api/segments/preview', draft, signal);
}

/** A question that is no longer asked is given up, so that the newest is answered first. */
export function previewQuery(draft: Draft) {
  return queryOptions({
    queryKey: ['preview', draft],
    queryFn: ({ signal }) => preview(draft, signal),
    staleTime: MINUTE / 4,
    gcTime: MINUTE,
    retry: false,
    placeholderData: keepPreviousData,
  });
}

export function saveSegment(name: string, request: SegmentRequest): Promise<Edited> {
  return change('PUT', segmentPath(name), request);
}

export function removeSegment(name: string, version: number): Promise<Edited> {
  return change('DELETE', segmentPath(name, `?expected_version=${version}`));
}

export function sizesQuery(name: string) {
  return queryOptions({
    queryKey: ['segments', name, 'sizes'],
    queryFn: () => get<Sizes>(segmentPath(name, '/sizes')),
    staleTime: MINUTE,
  });
}

export function explainedQuery(name: string, customerId: string) {
  return queryOptions({
    queryKey: ['segments', name, 'explain', customerId],
    queryFn: () => get<Explained>(segmentPath(name, '/explain'), { customer: customerId }),
    staleTime: MINUTE / 6,
    retry: false,
  });
}

/** The latest first. */
export function readLatestChanges(name: string, limit: number): Promise<SegmentChanges> {
  return get<SegmentChanges>(segmentPath(name, '/changes'), { newest: true, limit });
}

export function overlapQuery(names: string[]) {
  return queryOptions({
    queryKey: ['segments', 'overlap', names],
    queryFn: () => get<Overlap>('/api/segments/overlap', { names: names.join(',') }),
    staleTime: MINUTE / 2,
    placeholderData: keepPreviousData,
  });
}

/** Both days are computed from all events: it takes seconds. */
export function flowsQuery(of: string, from: string, to: string) {
  return queryOptions({
    queryKey: ['flows', of, from, to],
    queryFn: ({ signal }) => get<StateFlow>('/api/flows', { of, from, to }, signal),
    staleTime: 10 * MINUTE,
    retry: false,
  });
}

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: () => get<Groups>('/api/groups'),
  staleTime: MINUTE / 4,
});

export function customerGroupsQuery(customerId: string) {
  return queryOptions({
    queryKey: ['customer-groups', customerId],
    queryFn: () => get<CustomerGroups>(`/api/customers/${encodeURIComponent(customerId)}/groups`),
    staleTime: MINUTE / 6,
  });
}

export function saveGroup(kind: GroupKind, name: string, description: string | null): Promise<GroupRow> {
  return change('PUT', groupPath(kind, name), { description });
}

export function removeGroup(kind: GroupKind, name: string): Promise<GroupChanged> {
  return change('DELETE', groupPath(kind, name));
}

export function changeGroup(kind: GroupKind, name: string, request: MembersRequest): Promise<GroupChanged> {
  return change('POST', groupPath(kind, name, '/members'), request);
}
