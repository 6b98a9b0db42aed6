/** Customers by lifecycle stage, and how they moved. */
import { useMemo } from 'react';
import { flowOption, stayed } from '../../charts/flow.ts';
import { ShareBar } from '../../components/Bar.tsx';
import { Card, Empty } from '../../components/Card.tsx';
import { Chart } from '../../components/Chart.tsx';
import { ChartCard } from '../../components/ChartCard.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { useMedia } from '../../lib/media.ts';
import { stageName, stageRule } from '../../lib/names.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { StageCount, StageFlow } from '../types.ts';

function StageLabel({ stage }: { stage: string }) {
  const { t, palette } = useReport();
  return (
    <span className="stage">
      <i style={{ background: palette.stages[stage] ?? palette.ink3 }} />
      {stageName(t, stage)}
    </span>
  );
}

function RuledStage({ stage }: { stage: StageCount }) {
  const { t } = useReport();
  return (
    <>
      <StageLabel stage={stage.stage} />
      <small className="rule wide-only">{stageRule(t, stage)}</small>
    </>
  );
}

function Stages() {
  const { report, f, t, palette } = useReport();
  const most = Math.max(...report.stages.map((stage) => stage.customers), 1);
  const share = (stage: StageCount) =>
    f.percent(report.customers > 0 ? stage.customers / report.customers : null);
  return (
    <Card
      title={t('stages.title')}
      note={t('stages.note')}
      how={
        <How
          id="stages"
          facts={report.stages.map((stage): [string, string] => [
            stageName(t, stage.stage),
            stageRule(t, stage),
          ])}
        />
      }
    >
      <DataTable
        caption={t('stages.title')}
        rows={report.stages}
        rowKey={(stage) => stage.stage}
        columns={[
          { key: 'stage', head: t('stages.stage'), cell: (stage) => <RuledStage stage={stage} /> },
          {
            key: 'customers',
            head: t('customers'),
            cell: (stage) => (
              <span className="bar-cell">
                <ShareBar
                  share={stage.customers / most}
                  color={palette.stages[stage.stage] ?? palette.ink3}
                />
                <span>{f.int(stage.customers)}</span>
              </span>
            ),
          },
          { key: 'share', head: t('share'), end: true, cell: share },
          {
            key: 'revenue',
            head: t('stages.revenue_365'),
            end: true,
            cell: (stage) => f.moneyCompact(stage.revenue_365d),
          },
          {
            key: 'silence',
            head: t('stages.silence'),
            end: true,
            wideOnly: true,
            cell: (stage) => f.decimal(stage.median_silence_days, 0),
          },
        ]}
      />
    </Card>
  );
}

function FlowTable({ flows }: { flows: StageFlow[] }) {
  const { f, t } = useReport();
  return (
    <DataTable
      caption={t('flow.title')}
      rows={flows.toSorted((a, b) => b.customers - a.customers)}
      rowKey={(flow) => `${flow.from} ${flow.to}`}
      columns={[
        { key: 'from', head: t('flow.from'), cell: (flow) => <StageLabel stage={flow.from} /> },
        { key: 'to', head: t('flow.to'), cell: (flow) => <StageLabel stage={flow.to} /> },
        { key: 'customers', head: t('customers'), end: true, cell: (flow) => f.int(flow.customers) },
      ]}
    />
  );
}

function StageFlows() {
  const context = useReport();
  const { report, f, t } = context;
  const wide = useMedia('(min-width: 560px)');
  const flows = report.stage_flow;
  const option = useMemo(() => flowOption(flows, context, wide), [flows, context, wide]);
  const how = <How id="flow" />;
  const still = stayed(flows);
  if (still.of === 0) {
    return (
      <Card title={t('flow.title')} how={how}>
        <Empty>{t('empty.flow')}</Empty>
      </Card>
    );
  }
  const days = { from: f.asOf(report.stage_flow_from), to: f.asOf(report.as_of) };
  return (
    <ChartCard
      title={t('flow.title')}
      note={t('flow.note', days)}
      how={how}
      chart={<Chart option={option} height={340} label={t('flow.label', days)} />}
      table={<FlowTable flows={flows} />}
    >
      <p className="footnote">
        {t('flow.stayed', { share: f.percent(still.stayed / still.of), n: f.int(still.of) })}
      </p>
    </ChartCard>
  );
}

export function Lifecycle() {
  return (
    <div className="row r11">
      <Stages />
      <StageFlows />
    </div>
  );
}
