/** Sources, members, tokens, audit and the system's state. */
import { queryOptions } from '@tanstack/react-query';
import { change, get } from './client.ts';
import type {
  Aside,
  AuditPage,
  DeclareSchema,
  LiveMessages,
  Members,
  Replayed,
  Roles,
  Schemas,
  Sources,
  System,
  Tokens,
  Watched,
} from './types.ts';

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: () => get<Sources>('/api/sources'),
  refetchInterval: 5_000,
});

/** Messages after the last one seen; the server answers when there are some. */
export function readLive(after: number, signal: AbortSignal): Promise<LiveMessages> {
  return get<LiveMessages>('/api/sources/live', { after }, signal);
}

/** All that is kept aside is counted to answer: not at every message. */
export const asideQuery = queryOptions({
  queryKey: ['aside'],
  queryFn: () => get<Aside>('/api/aside'),
  refetchInterval: 30_000,
});

export function replayAside(): Promise<Replayed> {
  return change('POST', '/api/aside/replay', {});
}

export const schemasQuery = queryOptions({
  queryKey: ['schemas'],
  queryFn: () => get<Schemas>('/api/schemas'),
});

export function declareSchema(schema: DeclareSchema): Promise<Schemas> {
  return change('POST', '/api/schemas', schema);
}

export const watchQuery = queryOptions({
  queryKey: ['watch'],
  queryFn: () => get<Watched>('/api/watch'),
  refetchInterval: 5_000,
});

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: () => get<Members>('/api/members'),
});

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => get<Roles>('/api/roles'),
  staleTime: Number.POSITIVE_INFINITY,
});

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => get<Tokens>('/api/tokens') });

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: () => get<System>('/api/system'),
  refetchInterval: 5_000,
});

export const AUDIT_ROWS = 100;

export function readAudit(before: number | null): Promise<AuditPage> {
  return get<AuditPage>('/api/audit', { before, limit: AUDIT_ROWS });
}
