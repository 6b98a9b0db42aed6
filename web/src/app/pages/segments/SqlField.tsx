/** A condition in SQL, with what is wrong at its place. */
import { useId } from 'react';
import type { ConditionProblem } from '../../api/types.ts';
import { useApp } from '../../context.tsx';

/** Line and column, from 1, of a place counted in letters. */
export function lineOf(sql: string, offset: number): { line: number; column: number; text: string } {
  const letters = [...sql];
  const before = letters.slice(0, offset).join('').split('\n');
  const line = before.length;
  const column = [...(before.at(-1) ?? '')].length + 1;
  return { line, column, text: sql.split('\n')[line - 1] ?? '' };
}

export function ProblemAt({ sql, problem }: { sql: string; problem: ConditionProblem }) {
  const { t } = useApp();
  const { line, column, text } = lineOf(sql, problem.offset);
  const letters = [...text];
  const head = letters.slice(0, column - 1).join('');
  return (
    <div className="problem" role="alert">
      <p>{t('segments.problem_at', { line, column })}</p>
      <pre data-raw>
        {head}
        <mark>{letters.slice(column - 1).join('') || ' '}</mark>
      </pre>
      <p data-raw>{problem.message}</p>
      {problem.fix ? (
        <p className="problem-detail" data-raw>
          {problem.fix}
        </p>
      ) : null}
    </div>
  );
}

interface Props {
  sql: string;
  problem: ConditionProblem | null;
  onChange(sql: string): void;
}

export function SqlField({ sql, problem, onChange }: Props) {
  const { t } = useApp();
  const id = useId();
  return (
    <div className="sql-field">
      <label htmlFor={id}>{t('segments.sql_label')}</label>
      <textarea
        data-raw
        id={id}
        className="code-input"
        rows={7}
        spellCheck={false}
        aria-invalid={problem !== null}
        placeholder="stage = 'at_risk' and revenue_365d > 500"
        value={sql}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem ? <ProblemAt sql={sql} problem={problem} /> : null}
      <p className="footnote">
        {t('segments.sql_hint')} <code data-raw>in_segment('…') in_list('…') has_tag('…')</code>
      </p>
    </div>
  );
}
