/** From a dropped file to findings: what was recognised, how far it is, what came of it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { importQuery } from '../../api/imports.ts';
import type { Import } from '../../api/types.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { Done } from './Done.tsx';
import { Drop } from './Drop.tsx';
import { Earlier } from './Earlier.tsx';
import { PlanCard } from './PlanCard.tsx';
import { Running } from './Running.tsx';

function Stage({ file }: { file: Import }) {
  switch (file.state) {
    case 'finished':
      return <Done file={file} />;
    case 'queued':
    case 'running':
      return <Running file={file} />;
    default:
      return <PlanCard file={file} />;
  }
}

function One({ uploadId }: { uploadId: string }) {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(importQuery(uploadId));
  if (!data && !error) return <Bones height={360} />;
  return (
    <>
      <p className="crumbs">
        <Link to="/import">{t('load.another')}</Link>
      </p>
      {data ? (
        <Stage file={data} />
      ) : (
        <div className="card">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      )}
    </>
  );
}

export function ImportPage() {
  const { t } = useApp();
  const { upload } = useSearch({ from: '/shell/import' });
  return (
    <>
      <PageHead title={t('place.import')} />
      {upload ? (
        <One key={upload} uploadId={upload} />
      ) : (
        <>
          <Drop />
          <Earlier />
        </>
      )}
    </>
  );
}
