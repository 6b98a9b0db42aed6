/** How a segment is called, whether it acts, and keeping it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { ApiError } from '../../api/client.ts';
import { saveSegment, segmentsQuery } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import type { SegmentRow, Segments, Text } from '../../api/types.ts';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import { Conflict } from './Conflict.tsx';
import { isName, nameOf } from './condition.ts';
import type { DraftState } from './useDraft.ts';

interface Names {
  titleZh: string;
  titleEn: string;
  /** As typed; null where it follows from the title. */
  name: string | null;
  aboutZh: string;
  aboutEn: string;
  acts: boolean;
  comment: string;
}

function namesOf(edited: SegmentRow | undefined, title: Text | undefined): Names {
  const called = edited?.title ?? title;
  return {
    titleZh: called?.zh ?? '',
    titleEn: called?.en ?? '',
    name: edited?.name ?? null,
    aboutZh: edited?.description?.zh ?? '',
    aboutEn: edited?.description?.en ?? '',
    acts: edited?.acts ?? false,
    comment: '',
  };
}

/** Words in both languages; the one that is there serves both. */
function bothOf(zh: string, en: string): { zh: string; en: string } | undefined {
  const [first, second] = [zh.trim(), en.trim()];
  if (!first && !second) return undefined;
  return { zh: first || second, en: second || first };
}

/** The name that it gets unless another is typed; a title without Latin letters has none to make one of. */
function suggested(names: Names, taken: string[]): string {
  const made = nameOf(names.titleEn) || nameOf(names.titleZh);
  if (made) return made;
  let number = 1;
  while (taken.includes(`segment_${number}`)) number += 1;
  return `segment_${number}`;
}

interface Props {
  all: Segments;
  edited: SegmentRow | undefined;
  title: Text | undefined;
  draft: DraftState;
}

interface FieldsProps {
  names: Names;
  name: string;
  isNew: boolean;
  isTaken: boolean;
  onChange(changes: Partial<Names>): void;
}

function Titles({ names, name, isNew, isTaken, onChange }: FieldsProps) {
  const { t, lang } = useApp();
  const zh = (
    <Field
      key="zh"
      label={t('segments.title_zh')}
      maxLength={100}
      value={names.titleZh}
      onChange={(event) => onChange({ titleZh: event.target.value })}
    />
  );
  const en = (
    <Field
      key="en"
      label={t('segments.title_en')}
      maxLength={100}
      value={names.titleEn}
      onChange={(event) => onChange({ titleEn: event.target.value })}
    />
  );
  const hint = isTaken ? t('segments.name_taken') : t(isNew ? 'segments.name_hint' : 'segments.name_stays');
  return (
    <div className="fields">
      {lang === 'zh' ? [zh, en] : [en, zh]}
      <Field
        label={t('segments.name')}
        hint={hint}
        pattern="[a-z][a-z0-9_]*"
        maxLength={63}
        readOnly={!isNew}
        aria-invalid={isTaken || undefined}
        value={name}
        onChange={(event) => onChange({ name: event.target.value })}
      />
    </div>
  );
}

function About({ names, onChange }: Pick<FieldsProps, 'names' | 'onChange'>) {
  const { t, lang } = useApp();
  const zh = (
    <Field
      key="zh"
      label={t('segments.about_zh')}
      maxLength={500}
      value={names.aboutZh}
      onChange={(event) => onChange({ aboutZh: event.target.value })}
    />
  );
  const en = (
    <Field
      key="en"
      label={t('segments.about_en')}
      maxLength={500}
      value={names.aboutEn}
      onChange={(event) => onChange({ aboutEn: event.target.value })}
    />
  );
  return (
    <>
      <div className="fields">
        {lang === 'zh' ? [zh, en] : [en, zh]}
        <Field
          label={t('segments.comment')}
          hint={t('segments.comment_hint')}
          maxLength={500}
          value={names.comment}
          onChange={(event) => onChange({ comment: event.target.value })}
        />
      </div>
      <label className="switch">
        <input
          type="checkbox"
          checked={names.acts}
          onChange={(event) => onChange({ acts: event.target.checked })}
        />
        <span>
          <b>{t('segments.acts')}</b> {t('segments.acts_text')}
        </span>
      </label>
    </>
  );
}

/** What has become of the definitions while somebody edited them. */
function useSave({ all, draft }: Pick<Props, 'all' | 'draft'>, names: Names, name: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const save = useMutation({
    // In place of what others have done meanwhile only where somebody says so.
    mutationFn: async ({ isOver }: { isOver: boolean }) => {
      const newest = isOver ? await client.fetchQuery({ ...segmentsQuery, staleTime: 0 }) : all;
      const final = await draft.final();
      if (!final) return null;
      return saveSegment(name, {
        expected_version: newest.version,
        title: bothOf(names.titleZh, names.titleEn),
        description: bothOf(names.aboutZh, names.aboutEn),
        where: final.where,
        acts: names.acts,
        metrics: final.metrics,
        comment: names.comment.trim() || undefined,
      });
    },
    onSuccess: async (done) => {
      if (!done) return;
      await client.invalidateQueries({ queryKey: ['segments'] });
      await client.invalidateQueries({ queryKey: ['columns'] });
      await navigate({ to: '/segments/$name', params: { name } });
    },
  });
  const isMoved = save.error instanceof ApiError && save.error.status === 409;
  return { save, isMoved };
}

export function SaveForm({ all, edited, title, draft }: Props) {
  const { t } = useApp();
  const may = useMay();
  const [names, setNames] = useState(() => namesOf(edited, title));
  const taken = all.segments.map((segment) => segment.name);
  const name = names.name ?? suggested(names, taken);
  const isTaken = !edited && taken.includes(name);
  const { save, isMoved } = useSave({ all, draft }, names, name);
  if (!may('define')) return null;
  const isWrong = draft.isOpen || draft.error !== null || Boolean(draft.previewed?.problem);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ isOver: false });
  };
  const change = (changes: Partial<Names>) => setNames({ ...names, ...changes });
  return (
    <Card title={t('segments.keep')}>
      <form className="segment-form" aria-label={t('segments.keep')} onSubmit={submit}>
        <Titles names={names} name={name} isNew={edited === undefined} isTaken={isTaken} onChange={change} />
        <About names={names} onChange={change} />
        {isMoved ? (
          <Conflict
            name={name}
            edited={edited}
            isBusy={save.isPending}
            onOver={() => save.mutate({ isOver: true })}
          />
        ) : null}
        {save.error && !isMoved ? <Problem error={save.error} /> : null}
        <div className="buttons">
          <button
            type="submit"
            className="primary"
            disabled={isWrong || isTaken || !isName(name) || isMoved || save.isPending}
          >
            {t('shell.save')}
          </button>
          {isWrong ? <span className="footnote">{t('segments.not_yet')}</span> : null}
        </div>
      </form>
    </Card>
  );
}
