/** Small drawings inside text and tables: a share as a bar, a series as a line, three values as columns. */

/** A bar of `share` (0 to 1) of the cell's width. */
export function ShareBar({ share, color }: { share: number; color: string }) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <span className="share-bar" aria-hidden="true">
      <i style={{ width, background: color }} />
    </span>
  );
}

const LINE_WIDTH = 160;
const LINE_HEIGHT = 34;
const PAD = 3;

/** Points of a line through `values` in the sparkline's box. */
export function sparkPoints(values: number[]): [number, number][] {
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const step = LINE_WIDTH / Math.max(1, values.length - 1);
  const height = LINE_HEIGHT - 2 * PAD;
  return values.map((value, index) => [index * step, PAD + height * (1 - (value - low) / range)]);
}

/** The shape of a series; the numbers are told elsewhere. */
export function Sparkline({ values, color }: { values: number[]; color: string }) {
  if (values.length < 2) return null;
  const line = sparkPoints(values).map((point) => point.map((each) => each.toFixed(1)).join(' '));
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${LINE_WIDTH} ${LINE_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path
        d={`M${line.join('L')}L${LINE_WIDTH} ${LINE_HEIGHT}L0 ${LINE_HEIGHT}Z`}
        fill={color}
        opacity=".09"
      />
      <path
        d={`M${line.join('L')}`}
        fill="none"
        stroke={color}
        strokeWidth="1.6"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

export interface MiniBar {
  name: string;
  value: number | null;
  text: string;
  strong?: boolean;
}

/** A few values of one figure as labelled bars from zero. */
export function MiniBars({ bars, color }: { bars: MiniBar[]; color: string }) {
  const most = Math.max(...bars.map((bar) => bar.value ?? 0), 0) || 1;
  return (
    <dl className="mini-bars">
      {bars.map((bar) => (
        <div key={bar.name} data-strong={bar.strong ?? false}>
          <dt>{bar.name}</dt>
          <dd>
            <ShareBar share={(bar.value ?? 0) / most} color={color} />
            <span>{bar.text}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
