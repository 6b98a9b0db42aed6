/** One segment: how large, since when, who is in it and why, what it has in common with others. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { sizesOption } from '../../../charts/sizes.ts';
import { Card, Empty } from '../../../components/Card.tsx';
import { Chart } from '../../../components/Chart.tsx';
import { ChartCard } from '../../../components/ChartCard.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { AntFrame } from '../../ant/AntFrame.tsx';
import { removeSegment, segmentsQuery, sizesQuery } from '../../api/segments.ts';
import { useMay } from '../../api/session.ts';
import type { SegmentRow, Segments } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { ExportPanel } from '../customers/ExportPanel.tsx';
import { Changes } from './Changes.tsx';
import { UnknownTold } from './Count.tsx';
import { ExplainCard } from './ExplainCard.tsx';
import { MovementOfOne } from './Movement.tsx';
import { OverlapOfOne } from './Overlap.tsx';
import { ActsBadge } from './SegmentList.tsx';
import { ProblemAt } from './SqlField.tsx';

function SizeStrip({ segment, customers }: { segment: SegmentRow; customers: number }) {
  const { t, f } = useApp();
  const { size, unknown } = segment;
  const share = typeof size === 'number' && customers > 0 ? size / customers : null;
  return (
    <ul className="card strip four">
      <li>
        <span>{t('segments.size')}</span>
        <b className="segment-size">{f.int(size)}</b>
      </li>
      <li>
        <span>{t('segments.share')}</span>
        <b>{f.percent(share)}</b>
      </li>
      <li>
        <span>{t('segments.unknown')}</span>
        <b>{f.int(unknown)}</b>
        {unknown ? <UnknownTold unknown={unknown} /> : null}
      </li>
      <li>
        <span>{t('segments.base')}</span>
        <b>{f.int(customers)}</b>
      </li>
    </ul>
  );
}

function Trend({ name }: { name: string }) {
  const context = useApp();
  const { t, f } = context;
  const { data, error, refetch } = useQuery(sizesQuery(name));
  const sizes = useMemo(() => data?.sizes ?? [], [data]);
  const option = useMemo(() => sizesOption(sizes, context), [sizes, context]);
  const title = t('segments.trend');
  if (error) {
    return (
      <Card title={title}>
        <Problem error={error} onRetry={() => void refetch()} />
      </Card>
    );
  }
  if (!data) return <Bones height={200} />;
  if (sizes.length < 2) {
    return (
      <Card title={title}>
        <Empty>{t('segments.trend_young')}</Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={title}
      note={t('segments.trend_note')}
      chart={<Chart option={option} height={190} label={t('segments.trend_label', { n: sizes.length })} />}
      table={
        <DataTable
          caption={title}
          rows={sizes.toReversed()}
          rowKey={(point) => point.day}
          columns={[
            { key: 'day', head: t('segments.day'), cell: (point) => f.day(point.day) },
            { key: 'size', head: t('segments.size'), end: true, cell: (point) => f.int(point.size) },
            { key: 'unknown', head: t('segments.unknown'), end: true, cell: (point) => f.int(point.unknown) },
          ]}
        />
      }
    />
  );
}

function Named({ names, all }: { names: string[]; all: Segments }) {
  const { lang } = useApp();
  return names.map((name, place) => (
    <span key={name}>
      {place > 0 ? ' · ' : ' '}
      <Link to="/segments/$name" params={{ name }} data-raw>
        {all.segments.find((segment) => segment.name === name)?.title[lang] ?? name}
      </Link>
    </span>
  ));
}

function Definition({ segment, all }: { segment: SegmentRow; all: Segments }) {
  const { t } = useApp();
  return (
    <Card title={t('segments.condition')} how={<CopyButton text={segment.where} />}>
      <pre className="wrapped" data-raw>
        {segment.where}
      </pre>
      {segment.problem ? <ProblemAt sql={segment.where} problem={segment.problem} /> : null}
      {segment.names.length > 0 ? (
        <p className="footnote">
          {t('segments.names')}
          <Named names={segment.names} all={all} />
        </p>
      ) : null}
      {segment.named_by.length > 0 ? (
        <p className="footnote">
          {t('segments.named_by')}
          <Named names={segment.named_by} all={all} />
        </p>
      ) : null}
    </Card>
  );
}

function Remove({ segment, all }: { segment: SegmentRow; all: Segments }) {
  const { t } = useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => removeSegment(segment.name, all.version),
    onSuccess: async () => {
      await navigate({ to: '/segments' });
      await client.invalidateQueries({ queryKey: ['segments'], exact: true });
    },
  });
  return (
    <Card title={t('segments.remove_title')}>
      {segment.named_by.length > 0 ? (
        <p>
          {t('segments.remove_named')}
          <Named names={segment.named_by} all={all} />
        </p>
      ) : (
        <>
          <p className="footnote">{t('segments.remove_text')}</p>
          <ConfirmButton
            isGrave
            label={t('segments.remove')}
            question={t('segments.remove_question')}
            isBusy={remove.isPending}
            onConfirm={() => remove.mutate()}
          />
        </>
      )}
      {remove.error ? <Problem error={remove.error} /> : null}
    </Card>
  );
}

function Whole({ segment, all }: { segment: SegmentRow; all: Segments }) {
  const may = useMay();
  const { name } = segment;
  const isSound = !segment.problem;
  return (
    <>
      <SizeStrip segment={segment} customers={all.customers} />
      {isSound ? <ExportPanel asked={{ in_segment: name }} customers={segment.size ?? 0} /> : null}
      <div className="customer-grid">
        <div>
          <Trend name={name} />
          {isSound && may('read_customers') ? <ExplainCard name={name} /> : null}
          {isSound ? <MovementOfOne name={name} /> : null}
        </div>
        <div>
          <Definition segment={segment} all={all} />
          {isSound ? <OverlapOfOne all={all} name={name} /> : null}
          {segment.acts && may('read_customers') ? <Changes name={name} /> : null}
          {may('define') ? <Remove segment={segment} all={all} /> : null}
        </div>
      </div>
    </>
  );
}

function Page({ name }: { name: string }) {
  const { t, lang } = useApp();
  const may = useMay();
  const { data: all, error, refetch } = useQuery(segmentsQuery);
  const segment = all?.segments.find((each) => each.name === name);
  const about = segment?.description?.[lang];
  return (
    <AntFrame>
      <p className="crumbs">
        <Link to="/segments">{t('place.segments')}</Link>
      </p>
      <PageHead
        title={segment?.title[lang] ?? name}
        note={
          <>
            <code data-raw>{name}</code>
            {segment?.acts ? <ActsBadge /> : null}
          </>
        }
        isData
      >
        {segment && !segment.problem && may('read_customers') ? (
          <Link to="/customers" search={{ in_segment: name }} className="plain as-link">
            {t('segments.customers_in')}
          </Link>
        ) : null}
        {segment && may('define') && may('read_customers') ? (
          <Link to="/segment-editor" search={{ name }} className="primary">
            {t('segments.edit')}
          </Link>
        ) : null}
      </PageHead>
      {about ? (
        <p className="segment-about" data-raw>
          {about}
        </p>
      ) : null}
      {error && !all ? (
        <div className="card">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      ) : null}
      {all || error ? null : <Bones height={360} />}
      {all && !segment ? <p className="card empty">{t('segments.gone')}</p> : null}
      {all && segment ? <Whole segment={segment} all={all} /> : null}
    </AntFrame>
  );
}

export function SegmentPage() {
  const { name } = useParams({ from: '/shell/segments/$name' });
  return <Page key={name} name={name} />;
}
