/** How customers moved between stages from one day to another; a click leads to those customers. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { flowOption, stayed } from '../../../charts/flow.ts';
import { Card, Empty } from '../../../components/Card.tsx';
import { Chart } from '../../../components/Chart.tsx';
import { ChartCard } from '../../../components/ChartCard.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { useMedia } from '../../../lib/media.ts';
import { flowQuery } from '../../api/queries.ts';
import type { StageFlow, Today } from '../../api/types.ts';
import { DayField } from '../../components/DayField.tsx';
import { Explain } from '../../components/Explain.tsx';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';

/** Stage of the right side that was clicked, whether its block or a band that ends there. */
export function pickedStage(item: { dataType?: string; name?: string; data?: unknown }): string | null {
  const { target } = (item.data ?? {}) as { target?: string };
  const node = item.dataType === 'edge' ? target : item.name;
  return node?.startsWith('to:') ? node.slice('to:'.length) : null;
}

function FlowTable({ flow }: { flow: StageFlow }) {
  const { f, t } = useApp();
  return (
    <DataTable
      caption={t('flow.title')}
      rows={flow.flows.toSorted((a, b) => b.customers - a.customers)}
      rowKey={(each) => `${each.from} ${each.to}`}
      columns={[
        { key: 'from', head: t('flow.from'), cell: (each) => <StageTag stage={each.from} /> },
        { key: 'to', head: t('flow.to'), cell: (each) => <StageTag stage={each.to} /> },
        { key: 'customers', head: t('customers'), end: true, cell: (each) => f.int(each.customers) },
      ]}
    />
  );
}

interface DaysProps {
  flow: StageFlow;
  from: string;
  onFrom(day: string): void;
}

function Days({ flow, from, onFrom }: DaysProps) {
  const { t, f } = useApp();
  return (
    <div className="flow-days">
      <span>
        {t('today.flow_from')}{' '}
        <DayField label={t('today.flow_from')} value={from} max={flow.to_day} onPick={onFrom} />
      </span>
      <span>
        {t('today.flow_to')} {f.day(flow.to_day)}
      </span>
    </div>
  );
}

export function Flow({ today }: { today: Today }) {
  const context = useApp();
  const { f, t } = context;
  const navigate = useNavigate();
  const wide = useMedia('(min-width: 560px)');
  const given = today.stage_flow;
  const [from, setFrom] = useState(given.from_day);
  const { data } = useQuery({
    ...flowQuery(from, given.to_day),
    enabled: from !== given.from_day,
    placeholderData: keepPreviousData,
  });
  const flow = from === given.from_day ? given : (data ?? given);
  const option = useMemo(() => flowOption(flow.flows, context, wide), [flow, context, wide]);
  const pick = useCallback(
    (item: { dataType?: string; name?: string; data?: unknown }) => {
      const stage = pickedStage(item);
      if (stage) void navigate({ to: '/customers', search: { stage } });
    },
    [navigate],
  );
  const how = <Explain figure="today.stage_flow.flows.customers" name={t('flow.title')} />;
  const still = stayed(flow.flows);
  if (still.of === 0) {
    return (
      <Card title={t('flow.title')} how={how}>
        <Empty>{t('empty.flow')}</Empty>
      </Card>
    );
  }
  const days = { from: f.day(flow.from_day), to: f.day(flow.to_day) };
  return (
    <ChartCard
      title={t('flow.title')}
      how={how}
      legend={<Days flow={flow} from={from} onFrom={setFrom} />}
      chart={<Chart option={option} height={286} label={t('flow.label', days)} onPick={pick} />}
      table={<FlowTable flow={flow} />}
    >
      <p className="footnote">
        {t('flow.stayed', { share: f.percent(still.stayed / still.of), n: f.int(still.of) })}
      </p>
    </ChartCard>
  );
}
