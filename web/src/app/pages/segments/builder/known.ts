/** What conditions can name: columns, segments, lists and tags. */
import { createContext, useContext } from 'react';
import type { ColumnInfo, GroupRow } from '../../../api/types.ts';

export interface Known {
  columns: ColumnInfo[];
  /** Name and title; not the segment that is being edited. */
  segments: [name: string, title: string][];
  groups: GroupRow[];
}

export const KnownContext = createContext<Known>({ columns: [], segments: [], groups: [] });

export function useKnown(): Known {
  return useContext(KnownContext);
}
