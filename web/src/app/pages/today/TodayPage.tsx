/** Is the base getting healthier, and what needs me now? */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { brandQuery, todayQuery } from '../../api/queries.ts';
import type { Today } from '../../api/types.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { ActiveLine } from './ActiveLine.tsx';
import { AsOf, OldData } from './AsOf.tsx';
import { Findings } from './Findings.tsx';
import { Flow } from './Flow.tsx';
import { Growth } from './Growth.tsx';
import { Kpis } from './Kpis.tsx';
import { NoData } from './NoData.tsx';
import { Say } from './Say.tsx';
import { Stages } from './Stages.tsx';

function Waiting() {
  return (
    <>
      <Bones height={88} />
      <div className="kpis">
        {[1, 2, 3, 4, 5].map((each) => (
          <Bones key={each} height={128} />
        ))}
      </div>
      <div className="row r32">
        <Bones height={360} />
        <Bones height={360} />
      </div>
    </>
  );
}

function Figures({ today }: { today: Today }) {
  return (
    <>
      <Say today={today} />
      <Kpis today={today} />
      <div className="row r32">
        <Growth months={today.growth} />
        <Findings findings={today.findings} />
      </div>
      <div className="row r11">
        <Flow today={today} />
        <ActiveLine active={today.active_rate} />
      </div>
      <Stages today={today} />
    </>
  );
}

/** What the figures leave out for now, and how to have it back. */
function Damaged({ runs }: { runs: string[] }) {
  const { t } = useApp();
  if (runs.length === 0) return null;
  return <p className="notice">{t('today.damaged', { count: runs.length })}</p>;
}

export function TodayPage() {
  const { t } = useApp();
  const { as_of: asOf } = useSearch({ from: '/shell/' });
  const { data: brand } = useQuery(brandQuery);
  const { data: today, error, refetch } = useQuery(todayQuery(asOf));
  // Figures may be there before the customer table has followed an import.
  const hasNothing = brand?.has_data === false && !today?.customers;
  return (
    <>
      <PageHead title={t('place.today')} note={today ? <AsOf today={today} asked={asOf} /> : null}>
        <Link to="/import" className="primary">
          {t('place.import')}
        </Link>
      </PageHead>
      {hasNothing ? <NoData /> : null}
      {!hasNothing && today ? (
        <>
          <Damaged runs={today.damaged} />
          <OldData today={today} asked={asOf} />
          <Figures today={today} />
        </>
      ) : null}
      {error && !today && !hasNothing ? (
        <div className="card">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      ) : null}
      {hasNothing || today || error ? null : <Waiting />}
    </>
  );
}
