/** How customers moved between two days: between RFM segments, stages, or in and out of a segment. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { ScrollArea } from '../../../components/ScrollArea.tsx';
import { Segmented } from '../../../components/Segmented.tsx';
import { addDays } from '../../../lib/calendar.ts';
import { segmentName, stageName } from '../../../lib/names.ts';
import { todayQuery } from '../../api/queries.ts';
import { flowsQuery } from '../../api/segments.ts';
import type { Segments, StateFlow } from '../../api/types.ts';
import { DayField } from '../../components/DayField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { type AppContext, useApp } from '../../context.tsx';
import { dayOfData } from '../today/AsOf.tsx';
import { heat } from './Overlap.tsx';

/** The name of a state; the last one is nobody's yet. */
function stateName(of: string, state: string, { t }: Pick<AppContext, 't'>): string {
  if (state === 'none') return t('movement.none');
  if (of === 'stage') return stageName(t, state);
  if (of === 'rfm_segment') return segmentName(t, state);
  return t(`movement.${state}`, { defaultValue: state });
}

/** States that anybody was in or came to: the others would be empty rows. */
export function presentStates(flow: Pick<StateFlow, 'states' | 'flows'>): number[] {
  const sum = (counts: number[]) => counts.reduce((all, each) => all + each, 0);
  return flow.states.flatMap((_, place) => {
    const from = sum(flow.flows[place] ?? []);
    const to = sum(flow.flows.map((row) => row[place] ?? 0));
    return from + to > 0 ? [place] : [];
  });
}

function FlowMatrix({ flow }: { flow: StateFlow }) {
  const context = useApp();
  const { t, f } = context;
  const places = presentStates(flow);
  const name = (place: number) => stateName(flow.of, flow.states[place] ?? '', context);
  const cell = (from: number, to: number) => flow.flows[from]?.[to] ?? 0;
  const total = (from: number) => places.reduce((all, to) => all + cell(from, to), 0);
  const gained = (to: number) => places.reduce((all, from) => all + cell(from, to), 0);
  if (places.length === 0) return <Empty>{t('movement.nobody')}</Empty>;
  return (
    <ScrollArea label={t('movement.title')}>
      <table className="matrix flow">
        <caption className="hidden">
          {t('movement.caption', { from: f.day(flow.from), to: f.day(flow.to) })}
        </caption>
        <thead>
          <tr>
            <td>{t('movement.corner')}</td>
            {places.map((place) => (
              <th key={place} scope="col">
                {name(place)}
              </th>
            ))}
            <th scope="col">{t('movement.total')}</th>
          </tr>
        </thead>
        <tbody>
          {places.map((from) => (
            <tr key={from}>
              <th scope="row">{name(from)}</th>
              {places.map((to) => {
                const n = cell(from, to);
                const share = total(from) > 0 ? n / total(from) : 0;
                return (
                  <td
                    key={to}
                    className={from === to ? 'heat stays' : 'heat'}
                    style={heat(share)}
                    title={t('movement.cell', {
                      from: name(from),
                      to: name(to),
                      n: f.int(n),
                      share: f.percent(share),
                    })}
                  >
                    {n > 0 ? f.int(n) : <span className="nothing">0</span>}
                  </td>
                );
              })}
              <td className="sum">{f.int(total(from))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('movement.total')}</th>
            {places.map((to) => (
              <td key={to} className="sum">
                {f.int(gained(to))}
              </td>
            ))}
            <td className="sum">{f.int(places.reduce((all, from) => all + total(from), 0))}</td>
          </tr>
        </tfoot>
      </table>
    </ScrollArea>
  );
}

const SPAN_DAYS = 90;

/** Seconds since it was put on the page. */
function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}

function Computing() {
  const { t } = useApp();
  const seconds = useSeconds();
  return (
    <div className="computing">
      <div role="progressbar" aria-label={t('movement.computing')}>
        <i />
      </div>
      <p>
        <span role="status">{t('movement.computing')}</span> {t('movement.seconds', { n: seconds })}
      </p>
    </div>
  );
}

interface FlowCardProps extends Days {
  title: string;
  of: string;
  children?: ReactNode;
}

function FlowCard({ title, of, from, to, today, onDays, children }: FlowCardProps) {
  const { t } = useApp();
  const { data, error, isFetching, refetch } = useQuery(flowsQuery(of, from, to));
  return (
    <Card title={title} note={t('movement.note')}>
      {children}
      <div className="flow-days">
        <span>
          {t('movement.from')}{' '}
          <DayField
            label={t('movement.from')}
            value={from}
            max={addDays(to, -1)}
            onPick={(day) => onDays(day, to)}
          />
        </span>
        <span>
          {t('movement.to')}{' '}
          <DayField
            label={t('movement.to')}
            value={to}
            min={addDays(from, 1)}
            max={today}
            onPick={(day) => onDays(from, day)}
          />
        </span>
      </div>
      {isFetching ? <Computing /> : null}
      {error && !isFetching ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data && !isFetching ? <FlowMatrix flow={data} /> : null}
      {data && !isFetching ? <p className="footnote">{t('movement.reading')}</p> : null}
    </Card>
  );
}

interface Days {
  from: string;
  to: string;
  today: string;
  onDays(from: string, to: string): void;
}

/**
 * The days that are compared until others are chosen: the last ninety of the data. Null until it is known
 * how far the data goes.
 */
function useDays(): Days | null {
  const { clock } = useApp();
  const { data, isPending } = useQuery(todayQuery());
  const [chosen, setChosen] = useState<{ from: string; to: string } | null>(null);
  if (isPending) return null;
  const today = clock.isoDay(data?.as_of_us ?? Date.now() * 1000);
  const ended = data ? dayOfData(data) : null;
  const last = ended === null ? today : clock.isoDay(ended);
  const days = chosen ?? { from: addDays(last, -SPAN_DAYS), to: last };
  return { ...days, today, onDays: (from, to) => setChosen({ from, to }) };
}

export function Movement({ all }: { all: Segments }) {
  const { t, lang } = useApp();
  const days = useDays();
  const [kind, setKind] = useState<'rfm_segment' | 'stage' | 'segment'>('rfm_segment');
  const sound = all.segments.filter((segment) => !segment.problem);
  const [name, setName] = useState(sound[0]?.name ?? '');
  const kinds = [
    { value: 'rfm_segment' as const, text: t('movement.rfm') },
    { value: 'stage' as const, text: t('movement.stage') },
    ...(sound.length > 0 ? [{ value: 'segment' as const, text: t('movement.segment') }] : []),
  ];
  if (!days) return <Bones height={280} />;
  const of = kind === 'segment' ? `segment:${name}` : kind;
  return (
    <FlowCard title={t('movement.title')} of={of} {...days}>
      <div className="flow-of">
        <Segmented
          label={t('movement.between')}
          options={kinds}
          value={kind}
          onChange={(each) => setKind(each)}
        />
        {kind === 'segment' ? (
          <select
            aria-label={t('segments.one')}
            value={name}
            data-raw
            onChange={(event) => setName(event.target.value)}
          >
            {sound.map((segment) => (
              <option key={segment.name} value={segment.name}>
                {segment.title[lang]}
              </option>
            ))}
          </select>
        ) : null}
      </div>
    </FlowCard>
  );
}

/** In and out of one segment; computed only when somebody asks. */
export function MovementOfOne({ name }: { name: string }) {
  const { t } = useApp();
  const days = useDays();
  const [isAsked, setAsked] = useState(false);
  const title = t('movement.in_and_out');
  if (isAsked && days) return <FlowCard title={title} of={`segment:${name}`} {...days} />;
  return (
    <Card title={title} note={t('movement.note')}>
      <button type="button" className="plain" onClick={() => setAsked(true)}>
        {t('movement.ask')}
      </button>
    </Card>
  );
}
