/** A plain table with a caption, a head and right-aligned numbers. */
import type { ReactNode } from 'react';
import { ScrollArea } from './ScrollArea.tsx';

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell(row: Row): ReactNode;
  /** Numbers stand at the end. */
  end?: boolean;
  /** Left out on a phone. */
  wideOnly?: boolean;
}

interface Props<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey(row: Row): string;
}

function cellClass<Row>(column: Column<Row>): string | undefined {
  return [column.end && 'end', column.wideOnly && 'wide-only'].filter(Boolean).join(' ') || undefined;
}

export function DataTable<Row>({ caption, columns, rows, rowKey }: Props<Row>) {
  const [first, ...others] = columns;
  return (
    <ScrollArea label={caption}>
      <table className="data">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cellClass(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              <th scope="row">{first?.cell(row)}</th>
              {others.map((column) => (
                <td key={column.key} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
