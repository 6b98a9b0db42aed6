/** How the server is. */
import { useQuery } from '@tanstack/react-query';
import { Card } from '../../../components/Card.tsx';
import { type Fact, Facts } from '../../../components/Facts.tsx';
import { systemQuery } from '../../api/settings.ts';
import type { System } from '../../api/types.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { type AppContext, useApp } from '../../context.tsx';
import { bytesText } from '../import/bytes.ts';
import { spanText } from './span.ts';

/** As their makers write them. */
const STORE_NAMES: Record<string, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

function facts(system: System, { t, f, lang }: AppContext): Fact[] {
  return [
    [t('system.version'), system.version],
    [t('system.store'), STORE_NAMES[system.store] ?? system.store],
    [t('system.uptime_secs'), spanText(system.uptime_secs, lang)],
    [t('system.customers'), f.int(system.customers)],
    [t('system.hot_rows'), f.int(system.hot_rows)],
    [t('system.runs'), f.int(system.runs)],
    [t('system.live_backlog_rows'), f.int(system.live_backlog_rows)],
    [
      t('system.memory_bytes'),
      typeof system.memory_bytes === 'number' ? bytesText(system.memory_bytes, f) : f.int(null),
    ],
  ];
}

export function SystemPage() {
  const context = useApp();
  const { t } = context;
  const { data, error, refetch } = useQuery(systemQuery);
  return (
    <>
      <PageHead title={t('place.system')} />
      <div className="row r11">
        <Card title={t('system.title')} note={t('system.note')}>
          {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
          {data || error ? null : <Bones lines={8} />}
          {data ? <Facts facts={facts(data, context)} /> : null}
        </Card>
      </div>
    </>
  );
}
