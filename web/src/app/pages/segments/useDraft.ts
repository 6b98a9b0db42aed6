/** A condition being written: its form or its SQL, what the server makes of it, and the way between both. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { type Draft, type Previewed, preview, previewQuery } from '../../api/segments.ts';
import type { ColumnInfo, Metric } from '../../api/types.ts';
import { useSettled } from '../../settled.ts';
import { conditionOf, formOf, type Group, isComplete, partAt } from './condition.ts';

const TYPING_PAUSE_MS = 250;

export type Mode = 'form' | 'sql';

export interface Start {
  mode: Mode;
  form: Group;
  sql: string;
}

/** The figures that a condition names: one that it names no more is not to be computed, nor kept. */
export function namedIn<Named extends { name: string }>(sql: string, metrics: Named[]): Named[] {
  const words = new Set(sql.match(/\w+/g));
  return metrics.filter((metric) => words.has(metric.name));
}

/** What is asked for the form or the SQL as it is now; null while something is missing. */
function asked(mode: Mode, form: Group, sql: string, metrics: Metric[], columns: ColumnInfo[]): Draft | null {
  if (mode === 'sql') return sql.trim() === '' ? null : { where: sql, metrics: namedIn(sql, metrics) };
  return isComplete(form, columns) ? { condition: conditionOf(form, columns) } : null;
}

/** Where in the form the server found fault. */
function faultOf(error: Error | null, form: Group): { id: number; message: string } | null {
  if (!(error instanceof ApiError) || !error.at?.startsWith('condition')) return null;
  return { id: partAt(form, error.at).id, message: error.message };
}

export function useDraft(start: Start, columns: ColumnInfo[]) {
  const [mode, setMode] = useState(start.mode);
  const [form, setForm] = useState(start.form);
  const [sql, setSql] = useState(start.sql);
  // Figures that the form has made and nobody has defined: SQL that names them needs them too.
  const [metrics, setMetrics] = useState<Metric[]>([]);
  const [noForm, setNoForm] = useState(false);
  const [turning, setTurning] = useState<Error | null>(null);
  const now = asked(mode, form, sql, metrics, columns);
  const key = JSON.stringify(now);
  const settledKey = useSettled(key, TYPING_PAUSE_MS);
  const settled = JSON.parse(settledKey) as Draft | null;
  const { data, error, isFetching } = useQuery({ ...previewQuery(settled ?? {}), enabled: settled !== null });
  const isOpen = now === null;
  const isAsking = isFetching || key !== settledKey;
  const previewed = isOpen ? undefined : data;

  const turn = async (draft: Draft, take: (previewed: Previewed) => void) => {
    setTurning(null);
    try {
      take(await preview({ ...draft, count: false }));
    } catch (problem) {
      setTurning(problem instanceof Error ? problem : new Error(String(problem)));
    }
  };
  const toSql = () => {
    if (now === null) {
      setMode('sql');
      return;
    }
    void turn(now, (told) => {
      setSql(told.where);
      setMetrics(told.metrics);
      setMode('sql');
    });
  };
  const toForm = () => {
    setNoForm(false);
    if (sql.trim() === '') {
      setMode('form');
      return;
    }
    void turn({ where: sql, metrics: namedIn(sql, metrics) }, (told) => {
      if (!told.condition) {
        setNoForm(true);
        return;
      }
      setForm(formOf(told.condition, columns));
      setMode('form');
    });
  };
  return {
    mode,
    form,
    sql,
    noForm,
    previewed,
    error: isOpen ? null : (error ?? turning),
    fault: mode === 'form' && !isOpen ? faultOf(error, form) : null,
    isOpen,
    isAsking: isAsking && !isOpen,
    setForm,
    setSql: (text: string) => {
      setNoForm(false);
      setSql(text);
    },
    choose: (wanted: Mode) => {
      if (wanted !== mode) (wanted === 'sql' ? toSql : toForm)();
    },
    /** As it is to be kept: asked anew, so that it is just what is on the page. */
    final: async (): Promise<Previewed | null> => (now ? preview({ ...now, count: false }) : null),
  };
}

export type DraftState = ReturnType<typeof useDraft>;
