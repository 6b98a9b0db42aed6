/** Who entered and left a segment that acts, the latest first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card, Empty } from '../../../components/Card.tsx';
import { readChanges } from '../../api/segments.ts';
import type { SegmentChange } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

const SHOWN = 20;
/** Pages that are read to come to the latest; the server gives the earliest first. */
const MOST_PAGES = 50;

/** The latest of all changes. */
async function latest(name: string): Promise<{ changes: SegmentChange[]; isAll: boolean }> {
  let kept: SegmentChange[] = [];
  let after = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { changes, next } = await readChanges(name, after);
    if (changes.length === 0) return { changes: kept.toReversed(), isAll: true };
    kept = [...kept, ...changes].slice(-SHOWN);
    after = next;
  }
  return { changes: kept.toReversed(), isAll: false };
}

export function Changes({ name }: { name: string }) {
  const { t, clock } = useApp();
  const { data, error, refetch } = useQuery({
    queryKey: ['segments', name, 'changes'],
    queryFn: () => latest(name),
    staleTime: 10_000,
  });
  return (
    <Card title={t('changes.title')} note={t('changes.note')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data && data.changes.length === 0 ? <Empty>{t('changes.none')}</Empty> : null}
      {data && !data.isAll ? <p className="footnote">{t('changes.many')}</p> : null}
      <ul className="changes">
        {data?.changes.map((change) => (
          <li key={change.number}>
            <time>{clock.minute(change.at_us)}</time>
            <Link to="/customers/$customerId" params={{ customerId: change.customer_id }} data-raw>
              {t('people.number', { id: change.customer_id })}
            </Link>
            <span className={change.entered ? 'good' : 'flat'}>
              {t(change.entered ? 'changes.entered' : 'changes.left')}
            </span>
            <small>{t(`changes.cause.${change.cause}`, { defaultValue: change.cause })}</small>
          </li>
        ))}
      </ul>
    </Card>
  );
}
