/** Coming in: the session that an answer of the door opens, then the page that was wanted. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { change } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';

/** Where to go after signing in: a page of this server only. */
export function wantedPage(to: string | undefined): string {
  return to?.startsWith('/') && !/^\/[/\\]/.test(to) ? to : '/';
}

export function useEnter<Body>(path: string, to?: string) {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: (body: Body) => change<unknown>('POST', path, body),
    onSuccess: async () => {
      client.removeQueries({ queryKey: ['setup'] });
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      router.history.replace(wantedPage(to));
    },
  });
}
