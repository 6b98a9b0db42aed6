/** Imports so far; each can be looked at again, and gone on with where it stopped. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { importsQuery } from '../../api/imports.ts';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import { bytesText } from './bytes.ts';

export function Earlier() {
  const { t, f, clock } = useApp();
  const { data, error, refetch } = useQuery(importsQuery);
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data || data.imports.length === 0) return null;
  return (
    <Card title={t('load.earlier')}>
      <DataTable
        caption={t('load.earlier')}
        rows={data.imports}
        rowKey={(file) => file.upload_id}
        columns={[
          {
            key: 'name',
            head: t('load.file'),
            cell: (file) => (
              <Link to="/import" search={{ upload: file.upload_id }} data-raw>
                {file.name}
              </Link>
            ),
          },
          { key: 'state', head: t('load.state'), cell: (file) => t(`load.states.${file.state}`) },
          { key: 'rows', head: t('load.rows'), end: true, cell: (file) => f.int(file.outcome?.rows) },
          {
            key: 'bytes',
            head: t('load.size'),
            end: true,
            wideOnly: true,
            cell: (file) => bytesText(file.bytes, f),
          },
          {
            key: 'time',
            head: t('load.received'),
            end: true,
            cell: (file) => clock.minute(file.received_us),
          },
        ]}
      />
    </Card>
  );
}
