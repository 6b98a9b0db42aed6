/** Folders that the server watches, and what came of the files that were put there. */
import { useQuery } from '@tanstack/react-query';
import { Card } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { watchQuery } from '../../api/settings.ts';
import type { WatchedFolder, WatchResult } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

/** How a folder is given to the server. */
const COMMAND = 'perennial serve --data DIR --watch FOLDER';

function Result({ result }: { result: WatchResult }) {
  const { t, lang } = useApp();
  return (
    <details className="folder-log">
      <summary data-raw>{result.file}</summary>
      <ul>
        {result.lines[lang].map((line) => (
          <li key={line} data-raw>
            {line}
          </li>
        ))}
        <li>
          {t('folders.moved_to')} <code data-raw>{result.moved_to}</code>
        </li>
      </ul>
    </details>
  );
}

function Results({ folder }: { folder: WatchedFolder }) {
  const { t, f, clock } = useApp();
  return (
    <DataTable
      caption={folder.path}
      rows={folder.results}
      rowKey={({ file, at_us: at }) => `${file} ${at}`}
      columns={[
        { key: 'file', head: t('load.file'), cell: (result) => <Result result={result} /> },
        {
          key: 'state',
          head: t('load.state'),
          cell: ({ imported }) => (
            <span className={imported ? 'tag good' : 'tag bad'}>
              {t(imported ? 'folders.imported' : 'folders.failed')}
            </span>
          ),
        },
        { key: 'rows', head: t('load.rows'), end: true, cell: ({ rows }) => f.int(rows) },
        {
          key: 'rejected',
          head: t('folders.rejected'),
          end: true,
          wideOnly: true,
          cell: ({ rejected_rows: rejected }) => f.int(rejected),
        },
        {
          key: 'at',
          head: t('folders.at'),
          end: true,
          wideOnly: true,
          cell: ({ at_us: at }) => clock.minute(at),
        },
      ]}
    />
  );
}

function Folder({ folder }: { folder: WatchedFolder }) {
  const { t, f, clock } = useApp();
  const { path, polled_us: polled, waiting_files: waiting, problem, results } = folder;
  const needsSettings = folder.needs_settings;
  return (
    <section className="folder">
      <h4>
        <code data-raw>{path}</code>
      </h4>
      <p className="footnote">
        {polled ? t('folders.polled', { time: clock.second(polled) }) : t('folders.not_polled')}
        {waiting > 0 ? ` · ${t('folders.waiting', { count: waiting, n: f.int(waiting) })}` : ''}
      </p>
      {needsSettings ? <p className="notice">{t('folders.needs_settings')}</p> : null}
      {problem && !needsSettings ? (
        <p className="notice">
          {t('folders.problem')} <span data-raw>{problem}</span>
        </p>
      ) : null}
      {results.length > 0 ? <Results folder={folder} /> : <p className="footnote">{t('folders.no_files')}</p>}
    </section>
  );
}

export function Folders() {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(watchQuery);
  return (
    <Card title={t('folders.title')} note={t('folders.note')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data && data.folders.length === 0 ? (
        <div className="empty">
          <p>{t('folders.none')}</p>
          <pre translate="no">{COMMAND}</pre>
        </div>
      ) : null}
      {data?.folders.map((folder) => (
        <Folder key={folder.path} folder={folder} />
      ))}
    </Card>
  );
}
