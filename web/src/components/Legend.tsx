/** Names of a chart's colours, as text that can be read and searched. */

export interface LegendItem {
  name: string;
  color: string;
  /** A line instead of a square. */
  line?: boolean | 'dashed';
}

function shape(line: LegendItem['line']): string {
  if (line === 'dashed') return 'key dashed';
  return line ? 'key line' : 'key';
}

export function Legend({ items }: { items: LegendItem[] }) {
  return (
    <ul className="legend">
      {items.map((item) => (
        <li key={item.name}>
          <i className={shape(item.line)} style={{ color: item.color }} />
          {item.name}
        </li>
      ))}
    </ul>
  );
}
