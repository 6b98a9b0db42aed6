/** Files that are dropped into the browser. */
import { queryOptions } from '@tanstack/react-query';
import { address, change, get, upload } from './client.ts';
import type { Import, ImportState, Imports, Mapped, StartRequest } from './types.ts';

const POLL_MS = 700;

/** Whether something is still going on. */
export function isUnderWay(state: ImportState | undefined): boolean {
  return state === 'queued' || state === 'running';
}

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: () => get<Imports>('/api/imports'),
});

export function importQuery(uploadId: string) {
  return queryOptions({
    queryKey: ['import', uploadId],
    queryFn: () => get<Import>(`/api/imports/${encodeURIComponent(uploadId)}`),
    refetchInterval: ({ state }) => (isUnderWay(state.data?.state) ? POLL_MS : false),
  });
}

export function uploadFile(file: File, onShare: (share: number) => void): Promise<Import> {
  return upload<Import>(address('/api/imports', { name: file.name }), file, onShare);
}

export function startImport(uploadId: string, asked: Partial<StartRequest>): Promise<Import> {
  return change<Import>('POST', `/api/imports/${encodeURIComponent(uploadId)}/start`, asked);
}

export function forgetImport(uploadId: string): Promise<Imports> {
  return change<Imports>('DELETE', `/api/imports/${encodeURIComponent(uploadId)}`);
}

/** Columns of one meaning each: what giving a column another meaning changes. */
export function corrected(
  mapping: Mapped[],
  column: { name: string; field?: string | null },
  field: string | null,
): Mapped[] {
  const others = mapping.filter((each) => each.field !== field && each.field !== column.field);
  const freed = column.field && column.field !== field ? [{ field: column.field, column: '-' }] : [];
  return [...others, ...freed, ...(field ? [{ field, column: column.name }] : [])];
}
