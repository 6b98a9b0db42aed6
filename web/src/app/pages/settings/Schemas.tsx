/** What events must look like, as the brand declares it, and what does not. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { schemasQuery } from '../../api/settings.ts';
import type { SchemaAnswer } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { Aside } from './Aside.tsx';
import { SchemaForm } from './SchemaForm.tsx';

function SchemaTable({ schemas, onEdit }: { schemas: SchemaAnswer[]; onEdit(event: string): void }) {
  const { t, f, clock, lang } = useApp();
  const told = ({ properties }: SchemaAnswer) =>
    Object.entries(properties)
      .map(([name, rule]) => `${name}${rule.required ? '*' : ''}`)
      .join(lang === 'zh' ? '、' : ', ');
  return (
    <DataTable
      caption={t('schemas.title')}
      rows={schemas}
      rowKey={({ event }) => event}
      columns={[
        { key: 'event', head: t('schemas.event'), cell: ({ event }) => <span data-raw>{event}</span> },
        {
          key: 'properties',
          head: t('schemas.properties'),
          cell: (schema) => (
            <span className="wrap" data-raw>
              {told(schema) || '–'}
            </span>
          ),
        },
        { key: 'version', head: t('schemas.version'), end: true, cell: ({ version }) => f.int(version) },
        {
          key: 'declared',
          head: t('schemas.declared'),
          end: true,
          wideOnly: true,
          cell: ({ declared_us: at }) => clock.minute(at),
        },
        {
          key: 'edit',
          head: <span className="hidden">{t('settings.actions')}</span>,
          end: true,
          cell: ({ event }) => (
            <button type="button" className="plain" onClick={() => onEdit(event)}>
              {t('schemas.edit')}
            </button>
          ),
        },
      ]}
    />
  );
}

export function Schemas() {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(schemasQuery);
  // The event whose schema is being written; empty for a new one.
  const [editing, setEditing] = useState<string | null>(null);
  const declared = data?.schemas.find(({ event }) => event === editing);
  return (
    <>
      <Aside onMend={setEditing} />
      <Card title={t('schemas.title')} note={t('schemas.note')}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Bones lines={3} />}
        {data && data.schemas.length === 0 ? <Empty>{t('schemas.none')}</Empty> : null}
        {data && data.schemas.length > 0 ? <SchemaTable schemas={data.schemas} onEdit={setEditing} /> : null}
        {data && editing === null ? (
          <button type="button" className="plain more" onClick={() => setEditing('')}>
            {t('schemas.new')}
          </button>
        ) : null}
        {data && editing !== null ? (
          <SchemaForm key={editing} event={editing} declared={declared} onDone={() => setEditing(null)} />
        ) : null}
      </Card>
    </>
  );
}
