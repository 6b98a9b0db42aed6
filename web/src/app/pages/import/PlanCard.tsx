/** What was recognised in a file, to be corrected before anything is read. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { fileDescription } from '../../../lib/names.ts';
import { corrected, forgetImport, startImport } from '../../api/imports.ts';
import type { Import, Mapped, Plan, PlannedColumn, PlannedFile } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import { bytesText } from './bytes.ts';
import { Terms } from './Terms.tsx';

interface ColumnProps {
  column: PlannedColumn;
  plan: Plan;
  onMeaning(field: string | null): void;
}

function ColumnRow({ column, plan, onMeaning }: ColumnProps) {
  const { t, lang } = useApp();
  return (
    <tr data-used={Boolean(column.field)}>
      <th scope="row" data-raw>
        {column.name || t('load.column_n', { n: column.place })}
      </th>
      <td>
        <select
          aria-label={t('load.meaning_of', { name: column.name })}
          value={column.field ?? ''}
          onChange={(event) => onMeaning(event.target.value || null)}
        >
          <option value="">{column.property ? t('load.property') : t('load.unused')}</option>
          {plan.fields.map((field) => (
            <option key={field.field} value={field.field}>
              {field.title[lang]}
            </option>
          ))}
        </select>
      </td>
      <td className="samples" data-raw>
        {column.samples.filter(Boolean).slice(0, 3).join(' · ') || '–'}
      </td>
      <td className="wide-only">
        {column.notes.map((note) => note[lang]).join(lang === 'zh' ? '；' : '; ')}
      </td>
    </tr>
  );
}

interface FileProps {
  file: PlannedFile;
  plan: Plan;
  onMeaning(column: PlannedColumn, field: string | null): void;
}

function FileTable({ file, plan, onMeaning }: FileProps) {
  const { t, lang } = useApp();
  const used = file.columns.filter((column) => column.field).length;
  return (
    <section className="planned-file">
      <h4>
        <span data-raw>{file.name}</span> <small>{file.layout[lang]}</small>
      </h4>
      <p className="footnote">
        {fileDescription(t, file.description)} · {t('load.used', { used, of: file.columns.length })}
      </p>
      <div className="scroll">
        <table className="data plan">
          <caption className="hidden">{t('load.columns_of', { name: file.name })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('load.column')}</th>
              <th scope="col">{t('load.meaning')}</th>
              <th scope="col">{t('load.samples')}</th>
              <th scope="col" className="wide-only">
                {t('load.why')}
              </th>
            </tr>
          </thead>
          <tbody>
            {file.columns.map((column) => (
              <ColumnRow
                key={column.place}
                column={column}
                plan={plan}
                onMeaning={(field) => onMeaning(column, field)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Corrections, each of which the server looks at before anything is read. */
function useCorrections(file: Import) {
  const client = useQueryClient();
  const [mapping, setMapping] = useState<Mapped[]>([]);
  const [terms, setTerms] = useState<{ timezone?: string; currency?: string }>({});
  const keep = (answer: Import) => client.setQueryData(['import', file.upload_id], answer);
  const look = useMutation({
    mutationFn: (asked: { mapping: Mapped[] } & typeof terms) =>
      startImport(file.upload_id, { ...asked, dry_run: true }),
    onSuccess: keep,
  });
  const start = useMutation({
    mutationFn: () => startImport(file.upload_id, { mapping, ...terms }),
    onSuccess: keep,
  });
  const correct = (column: PlannedColumn, field: string | null) => {
    const next = corrected(mapping, column, field);
    setMapping(next);
    look.mutate({ mapping: next, ...terms });
  };
  const setTerm = (changes: typeof terms) => {
    const next = { ...terms, ...changes };
    setTerms(next);
    look.mutate({ mapping, ...next });
  };
  return { look, start, correct, setTerm };
}

export function PlanCard({ file }: { file: Import }) {
  const { t, f, lang } = useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { look, start, correct, setTerm } = useCorrections(file);
  const forget = useMutation({
    mutationFn: () => forgetImport(file.upload_id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/import', search: {} });
    },
  });
  const goesOn = file.state === 'interrupted';
  return (
    <Card
      title={t('load.recognised')}
      note={<span data-raw>{`${file.name} · ${bytesText(file.bytes, f)}`}</span>}
    >
      {file.problem ? (
        <p className="problem" role="alert" data-raw>
          {file.problem[lang]}
        </p>
      ) : null}
      {goesOn ? <p className="notice">{t('load.interrupted')}</p> : null}
      {file.plan ? <Terms plan={file.plan} onChange={setTerm} /> : null}
      {file.plan?.files.map((each) => (
        <FileTable key={each.name} file={each} plan={file.plan as Plan} onMeaning={correct} />
      ))}
      {look.error ? <Problem error={look.error} /> : null}
      {start.error ? <Problem error={start.error} /> : null}
      {forget.error ? <Problem error={forget.error} /> : null}
      <p className="buttons plan-buttons">
        {file.plan ? (
          <button
            type="button"
            className="primary"
            disabled={start.isPending || look.isPending}
            onClick={() => start.mutate()}
          >
            {t(goesOn ? 'load.go_on' : 'load.start')}
          </button>
        ) : null}
        <ConfirmButton
          label={t('load.forget')}
          question={t('load.forget_question')}
          isBusy={forget.isPending}
          onConfirm={() => forget.mutate()}
        />
      </p>
    </Card>
  );
}
