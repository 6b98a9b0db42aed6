/** Moves between RFM segments against ninety days before: who rose, who fell. */
import { Card, Empty } from '../../components/Card.tsx';
import { SEGMENTS, segmentName } from '../../lib/names.ts';
import { useReport } from '../context.tsx';
import { How } from '../How.tsx';
import type { Flow } from '../types.ts';

const SHOWN = 6;

export interface Moves {
  up: Flow[];
  down: Flow[];
  /** Customers that stayed, rose, fell. */
  counts: { up: number; down: number; same: number };
}

/** Splits moves by direction, largest first; a segment's place in the list is its worth. */
export function splitMoves(flows: Flow[]): Moves {
  const step = (flow: Flow) => Math.sign(SEGMENTS.indexOf(flow.to) - SEGMENTS.indexOf(flow.from));
  const of = (direction: number) =>
    flows.filter((flow) => step(flow) === direction).sort((a, b) => b.customers - a.customers);
  const count = (list: Flow[]) => list.reduce((sum, flow) => sum + flow.customers, 0);
  const [up, same, down] = [of(-1), of(0), of(1)];
  return { up, down, counts: { up: count(up), same: count(same), down: count(down) } };
}

function MoveList({ title, tone, moves }: { title: string; tone: 'good' | 'bad'; moves: Flow[] }) {
  const { f, t } = useReport();
  return (
    <div>
      <h4 className={tone}>{title}</h4>
      <ol className="moves">
        {moves.slice(0, SHOWN).map((move) => (
          <li key={`${move.from} ${move.to}`}>
            <span>
              {segmentName(t, move.from)} <i aria-hidden="true">→</i> {segmentName(t, move.to)}
            </span>
            <b>{f.int(move.customers)}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}

export function Transitions() {
  const { report, f, t, palette } = useReport();
  const { up, down, counts } = splitMoves(report.rfm.transitions);
  const total = counts.up + counts.same + counts.down;
  const how = <How id="transitions" facts={[['n', f.int(total)]]} />;
  if (total === 0) {
    return (
      <Card title={t('moves.title')} how={how}>
        <Empty>{t('empty.moves')}</Empty>
      </Card>
    );
  }
  const parts = [
    { key: 'up', count: counts.up, color: palette.retained },
    { key: 'same', count: counts.same, color: palette.ink3 },
    { key: 'down', count: counts.down, color: palette.churned },
  ];
  return (
    <Card title={t('moves.title')} note={t('moves.note')} how={how}>
      <div className="stacked" aria-hidden="true">
        {parts.map((part) => (
          <i key={part.key} style={{ flexGrow: part.count, background: part.color }} />
        ))}
      </div>
      <ul className="legend">
        {parts.map((part) => (
          <li key={part.key}>
            <i className="key" style={{ color: part.color }} />
            {t(`moves.${part.key}`)} {f.int(part.count)} · {f.percent(part.count / total)}
          </li>
        ))}
      </ul>
      <div className="split even">
        <MoveList title={t('moves.rose')} tone="good" moves={up} />
        <MoveList title={t('moves.fell')} tone="bad" moves={down} />
      </div>
    </Card>
  );
}
