/** How many customers a condition finds, while it is being written. */
import type { ReactNode } from 'react';
import { Card } from '../../../components/Card.tsx';
import { Facts } from '../../../components/Facts.tsx';
import { Popover } from '../../../components/Popover.tsx';
import type { Previewed } from '../../api/segments.ts';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';

/** What “unknown” means, wherever a size is told. */
export function UnknownTold({ unknown }: { unknown: number }) {
  const { t, f } = useApp();
  const label = t('segments.unknown_n', { count: unknown, n: f.int(unknown) });
  return (
    <Popover button={label} label={t('segments.unknown_label')}>
      <strong>{t('segments.unknown_title')}</strong>
      <p>{t('segments.unknown_text')}</p>
      <p>{t('segments.unknown_do')}</p>
    </Popover>
  );
}

function took(us: number): string {
  return us < 1000 ? '< 1 ms' : `${Math.round(us / 1000)} ms`;
}

interface Props {
  previewed: Previewed | undefined;
  error: Error | null;
  isAsking: boolean;
  /** Something is still missing: nothing was asked. */
  isOpen: boolean;
}

function Figure({ previewed, isAsking, isOpen }: Omit<Props, 'error'>) {
  const { t, f } = useApp();
  if (isOpen) return <p className="footnote">{t('segments.count_open')}</p>;
  if (!previewed) return <p className="footnote">{t('segments.counting')}</p>;
  const { count, unknown, customers, computed, took_us: tookUs } = previewed;
  if (typeof count !== 'number') return <p className="footnote">{t('segments.count_none')}</p>;
  return (
    <>
      <p className="count" data-busy={isAsking || undefined}>
        <b>{f.int(count)}</b> <span>{t('segments.of_all', { all: f.int(customers) })}</span>
      </p>
      <Facts
        facts={[
          [t('segments.share'), f.percent(customers > 0 ? count / customers : null)],
          [t('segments.computed'), t(`segments.computed_${computed}`)],
          [t('segments.took'), took(tookUs)],
        ]}
      />
      {unknown ? <UnknownTold unknown={unknown} /> : null}
    </>
  );
}

export function Count({ previewed, error, isAsking, isOpen, children }: Props & { children?: ReactNode }) {
  const { t } = useApp();
  return (
    <Card title={t('segments.count')} note={isAsking && !isOpen ? t('segments.counting') : null}>
      <div aria-live="polite">
        {error && !isOpen ? (
          <Problem error={error} />
        ) : (
          <Figure previewed={previewed} isAsking={isAsking} isOpen={isOpen} />
        )}
      </div>
      {children}
    </Card>
  );
}
