/** A change with its direction; changes too small to matter are none. */

/** Changes smaller than half a percent, or half a tenth of a point, are none. */
const FLAT = 0.005;
export const FLAT_POINTS = 0.0005;

export function toneOf(value: number, flat: number = FLAT): 'up' | 'down' | 'flat' {
  if (Math.abs(value) < flat) return 'flat';
  return value > 0 ? 'up' : 'down';
}

interface Props {
  value: number | null;
  text: string;
  /** Against what; a table says so in its head. */
  name?: string;
  flat?: number;
}

export function Delta({ value, text, name, flat = FLAT }: Props) {
  if (value === null) return null;
  const tone = toneOf(value, flat);
  const arrow = { up: '▲', down: '▼', flat: '■' }[tone];
  return (
    <span className="delta">
      <b className={tone}>
        <i aria-hidden="true">{arrow}</i> {text}
      </b>
      {name ? ` ${name}` : ''}
    </span>
  );
}
