/** Who entered and left a segment that acts, the latest first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card, Empty } from '../../../components/Card.tsx';
import { readLatestChanges } from '../../api/segments.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

const SHOWN = 20;
export function Changes({ name }: { name: string }) {
  const { t, clock } = useApp();
  const { data, error, refetch } = useQuery({
    queryKey: ['segments', name, 'changes'],
    queryFn: () => readLatestChanges(name, SHOWN),
    staleTime: 10_000,
  });
  return (
    <Card title={t('changes.title')} note={t('changes.note')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data && data.changes.length === 0 ? <Empty>{t('changes.none')}</Empty> : null}
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
