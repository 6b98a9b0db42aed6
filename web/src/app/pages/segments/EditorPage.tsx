/** A segment is written: in the form or in SQL, with its size beside it, and kept. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { Segmented } from '../../../components/Segmented.tsx';
import { AntFrame } from '../../ant/AntFrame.tsx';
import { columnsQuery } from '../../api/customers.ts';
import { groupsQuery, preview, segmentsQuery } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import type { ColumnInfo, SegmentRow, Segments } from '../../api/types.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { GroupFields } from './builder/GroupFields.tsx';
import { KnownContext } from './builder/known.ts';
import { Count } from './Count.tsx';
import { formOf, newColumn, newGroup } from './condition.ts';
import { type Example, exampleOf } from './examples.ts';
import { SaveForm } from './SaveForm.tsx';
import { ProblemAt, SqlField } from './SqlField.tsx';
import { type DraftState, type Mode, type Start, useDraft } from './useDraft.ts';

function Written({ draft }: { draft: DraftState }) {
  const { t } = useApp();
  const { mode, form, sql, previewed, fault, noForm } = draft;
  const problem = previewed?.problem ?? null;
  const modes: { value: Mode; text: string }[] = [
    { value: 'form', text: t('segments.form') },
    { value: 'sql', text: 'SQL' },
  ];
  const choice = (
    <Segmented label={t('segments.written_in')} options={modes} value={mode} onChange={draft.choose} />
  );
  return (
    <Card title={t('segments.condition')} note={t(`segments.condition_note_${mode}`)} how={choice}>
      {noForm ? (
        <p className="notice" role="alert">
          {t('segments.no_form')}
        </p>
      ) : null}
      {mode === 'sql' ? (
        <SqlField sql={sql} problem={problem} onChange={draft.setSql} />
      ) : (
        <>
          <GroupFields group={form} fault={fault} onChange={draft.setForm} />
          {problem && previewed ? <ProblemAt sql={previewed.where} problem={problem} /> : null}
        </>
      )}
    </Card>
  );
}

function AsSql({ draft }: { draft: DraftState }) {
  const { t } = useApp();
  const { previewed, mode } = draft;
  if (mode === 'sql' || !previewed) return null;
  return (
    <Card title={t('segments.as_sql')} how={<CopyButton text={previewed.where} />}>
      <pre className="wrapped" data-raw>
        {previewed.where}
      </pre>
      {previewed.metrics.length > 0 ? (
        <p className="footnote">{t('segments.new_metrics', { count: previewed.metrics.length })}</p>
      ) : null}
    </Card>
  );
}

interface EditorProps {
  all: Segments;
  columns: ColumnInfo[];
  start: Start;
  /** The one that is edited; a new one without. */
  edited: SegmentRow | undefined;
  example: Example | undefined;
}

function Editor({ all, columns, start, edited, example }: EditorProps) {
  const { lang } = useApp();
  const { data: groups } = useQuery(groupsQuery);
  const draft = useDraft(start, columns);
  const known = useMemo(
    () => ({
      columns,
      groups: groups?.groups ?? [],
      segments: all.segments
        .filter((segment) => segment.name !== edited?.name)
        .map((segment): [string, string] => [segment.name, segment.title[lang]]),
    }),
    [columns, groups, all, edited, lang],
  );
  return (
    <KnownContext value={known}>
      <div className="editor">
        <div>
          <Written draft={draft} />
          <SaveForm all={all} edited={edited} title={example?.title} draft={draft} />
        </div>
        <div className="beside">
          <Count
            previewed={draft.previewed}
            error={draft.fault ? null : draft.error}
            isAsking={draft.isAsking}
            isOpen={draft.isOpen}
          />
          <AsSql draft={draft} />
        </div>
      </div>
    </KnownContext>
  );
}

/** The form of a segment's SQL, which only the server can tell. */
function useStart(edited: SegmentRow | undefined, isReady: boolean) {
  return useQuery({
    queryKey: ['form-of', edited?.where ?? ''],
    queryFn: () => preview({ where: edited?.where ?? '', count: false }),
    enabled: isReady && edited !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

function Loaded({ all, columns, name }: { all: Segments; columns: ColumnInfo[]; name: string | undefined }) {
  const { t } = useApp();
  const { example: exampleId } = useSearch({ from: '/shell/segment-editor' });
  // What was there when the editing began is what it was made from, whatever is asked again meanwhile.
  const [made] = useState(all);
  const edited = made.segments.find((segment) => segment.name === name);
  const example = exampleOf(name ? undefined : exampleId);
  const { data, error, isPending, refetch } = useStart(edited, true);
  if (name !== undefined && !edited) return <p className="empty">{t('segments.gone')}</p>;
  if (edited && error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (edited && isPending) return <Bones height={320} />;
  const condition = edited ? data?.condition : example?.condition;
  const fresh = newGroup('all', [newColumn(columns.find((column) => column.name === 'stage') ?? columns[0])]);
  const start: Start = {
    mode: edited && !condition ? 'sql' : 'form',
    form: condition ? formOf(condition, columns) : fresh,
    sql: edited?.where ?? '',
  };
  return <Editor all={made} columns={columns} start={start} edited={edited} example={example} />;
}

export function EditorPage() {
  const { t, lang } = useApp();
  const may = useMay();
  const navigate = useNavigate();
  const { name } = useSearch({ from: '/shell/segment-editor' });
  const { data: all, error, refetch } = useQuery(segmentsQuery);
  const { data: columns, error: noColumns } = useQuery(columnsQuery);
  const problem = error ?? noColumns;
  const title = all?.segments.find((segment) => segment.name === name)?.title[lang];
  return (
    <AntFrame>
      <p className="crumbs">
        <Link to="/segments">{t('place.segments')}</Link>
      </p>
      <PageHead title={name ? t('segments.edit_one', { title: title ?? name }) : t('segments.new')}>
        <button
          type="button"
          className="plain"
          onClick={() =>
            void (name
              ? navigate({ to: '/segments/$name', params: { name } })
              : navigate({ to: '/segments' }))
          }
        >
          {t('shell.cancel')}
        </button>
      </PageHead>
      {may('define') ? null : <p className="notice">{t('segments.may_not_edit')}</p>}
      {problem ? <Problem error={problem} onRetry={() => void refetch()} /> : null}
      {all && columns ? (
        <Loaded key={name ?? ''} all={all} columns={columns.columns} name={name} />
      ) : problem ? null : (
        <Bones height={420} />
      )}
    </AntFrame>
  );
}
