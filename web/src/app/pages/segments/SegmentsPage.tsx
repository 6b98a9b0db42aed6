/** Whom do I mean? All segments, what they have in common, how customers move, and lists and tags. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from '../../../components/Segmented.tsx';
import { AntFrame } from '../../ant/AntFrame.tsx';
import { segmentsQuery } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { Groups } from './Groups.tsx';
import { Movement } from './Movement.tsx';
import { OverlapTab } from './Overlap.tsx';
import { RfmTab } from './RfmTab.tsx';
import { SegmentList } from './SegmentList.tsx';
import { TABS, type Tab } from './tabs.ts';

function Tabbed({ tab }: { tab: Tab }) {
  const { data, error, refetch } = useQuery(segmentsQuery);
  if (error && !data) {
    return (
      <div className="card">
        <Problem error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Bones height={320} />;
  switch (tab) {
    case 'overlap':
      return <OverlapTab all={data} />;
    case 'rfm':
      return <RfmTab />;
    case 'movement':
      return <Movement all={data} />;
    case 'groups':
      return <Groups />;
    default:
      return <SegmentList all={data} />;
  }
}

export function SegmentsPage() {
  const { t } = useApp();
  const may = useMay();
  const navigate = useNavigate();
  const { tab = 'all' } = useSearch({ from: '/shell/segments' });
  const choose = (wanted: Tab) =>
    void navigate({ to: '/segments', search: { tab: wanted === 'all' ? undefined : wanted } });
  return (
    <AntFrame>
      <PageHead title={t('place.segments')}>
        {may('define') && may('read_customers') ? (
          <Link to="/segment-editor" className="primary">
            {t('segments.new')}
          </Link>
        ) : null}
      </PageHead>
      <div className="tabs">
        <Segmented
          label={t('place.segments')}
          value={tab}
          options={TABS.map((each) => ({ value: each, text: t(`segments.tab.${each}`) }))}
          onChange={choose}
        />
      </div>
      <Tabbed tab={tab} />
    </AntFrame>
  );
}
