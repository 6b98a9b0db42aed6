/** Who is signed in, and what they may. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError, get, rememberCsrf } from './client.ts';
import type { Permission, Session } from './types.ts';

/** The session, or null where nobody is signed in. */
async function readSession(): Promise<Session | null> {
  try {
    const session = await get<Session>('/api/session');
    rememberCsrf(session.csrf_token ?? '');
    return session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: readSession,
  staleTime: 5 * 60_000,
});

/** Whether the member may; false until it is known. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useQuery(sessionQuery);
  return (permission) => data?.permissions.includes(permission) ?? false;
}
