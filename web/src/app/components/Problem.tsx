/** What went wrong and what to do about it. */
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '../../components/BrandMark.tsx';
import { ApiError } from '../api/client.ts';

/** Codes that have words of their own in both languages. */
const TOLD = [
  'offline',
  'unauthorized',
  'forbidden',
  'not_found',
  'too_many_requests',
  'too_large',
  'conflict',
  'not_ready',
];

const BY_STATUS: Record<number, string> = {
  0: 'offline',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  429: 'too_many_requests',
  503: 'not_ready',
};

/** Which words tell an error; `other` where only the server's message does. */
export function problemKey(error: unknown): string {
  if (!(error instanceof ApiError)) return 'page';
  if (TOLD.includes(error.code)) return error.code;
  return BY_STATUS[error.status] ?? (error.status >= 500 ? 'server' : 'other');
}

/** The server's own sentence, where it says more than the words here. */
function detail(error: unknown): string | null {
  if (error instanceof ApiError) return error.message || null;
  return error instanceof Error ? error.message : null;
}

interface Props {
  error: unknown;
  onRetry?(): void;
}

export function Problem({ error, onRetry }: Props) {
  const { t } = useTranslation();
  const told = detail(error);
  return (
    <div className="problem" role="alert">
      <p>{t(`problem.${problemKey(error)}`)}</p>
      {told ? (
        <p className="problem-detail" data-raw>
          {told}
        </p>
      ) : null}
      {onRetry ? (
        <button type="button" className="plain" onClick={onRetry}>
          {t('problem.retry')}
        </button>
      ) : null}
    </div>
  );
}

/** An error that left no page to stand in. */
export function FullProblem(props: Props) {
  return (
    <main className="door">
      <div className="door-card">
        <BrandMark />
        <Problem {...props} />
      </div>
    </main>
  );
}

/** An error of a page, as the router hands it over. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  return (
    <div className="card">
      <Problem error={error} onRetry={reset} />
    </div>
  );
}
