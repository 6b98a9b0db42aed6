/** How the server is. */
import { useQuery } from '@tanstack/react-query';
import { Card } from '../../../components/Card.tsx';
import { type Fact, Facts } from '../../../components/Facts.tsx';
import { systemQuery } from '../../api/settings.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { type AppContext, useApp } from '../../context.tsx';
import { bytesText } from '../import/bytes.ts';

/** A value as its field's name says: instants end in `_us`, sizes in `_bytes`. */
export function factText(name: string, value: unknown, { f, clock, t }: AppContext): string {
  if (value === null || value === undefined) return f.int(null);
  if (typeof value === 'boolean') return t(value ? 'people.yes' : 'people.no');
  if (typeof value !== 'number') return String(value);
  if (name.endsWith('_us')) return clock.second(value);
  if (name.endsWith('bytes')) return bytesText(value, f);
  if (/_seconds|_s$|_ms$/.test(name)) return f.decimal(value);
  return f.int(value);
}

function facts(state: Record<string, unknown>, context: AppContext): Fact[] {
  return Object.entries(state)
    .filter(([, value]) => typeof value !== 'object' || value === null)
    .map(([name, value]): Fact => {
      const words = name.replace(/_us$/, '').replaceAll('_', ' ');
      return [context.t(`system.${name}`, { defaultValue: words }), factText(name, value, context)];
    });
}

export function SystemPage() {
  const context = useApp();
  const { t } = context;
  const { data, error, refetch } = useQuery(systemQuery);
  const groups = Object.entries(data ?? {}).filter(
    (entry): entry is [string, Record<string, unknown>] =>
      typeof entry[1] === 'object' && entry[1] !== null && !Array.isArray(entry[1]),
  );
  return (
    <>
      <PageHead title={t('place.system')} />
      <div className="row r11">
        <Card title={t('system.title')} note={t('system.note')}>
          {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
          {data || error ? null : <Bones lines={8} />}
          {data ? <Facts facts={facts(data, context)} /> : null}
        </Card>
        {groups.map(([name, state]) => (
          <Card key={name} title={t(`system.${name}`, { defaultValue: name.replaceAll('_', ' ') })}>
            <Facts facts={facts(state, context)} />
          </Card>
        ))}
      </div>
    </>
  );
}
