/** How much segments have in common: a table of shares, row by column. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { type CSSProperties, useState } from 'react';
import { Card, Empty } from '../../../components/Card.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { ScrollArea } from '../../../components/ScrollArea.tsx';
import { overlapQuery } from '../../api/segments.ts';
import type { Overlap, SegmentRow, Segments } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { CustomersLink } from './CustomersLink.tsx';

/** Segments that the server compares at once. */
const MOST = 12;
const AT_FIRST = 6;

export function heat(share: number): CSSProperties {
  return { '--h': share } as CSSProperties;
}

/** Those that can be counted. */
function sound(all: Segments): SegmentRow[] {
  return all.segments.filter((segment) => !segment.problem);
}

function Matrix({ overlap, titleOf }: { overlap: Overlap; titleOf(name: string): string }) {
  const { t, f } = useApp();
  const shared = (row: number, column: number) => overlap.both[row]?.[column] ?? 0;
  const share = (row: number, column: number) => {
    const size = overlap.sizes[row] ?? 0;
    return size > 0 ? shared(row, column) / size : null;
  };
  return (
    <ScrollArea label={t('overlap.title')}>
      <table className="matrix">
        <caption className="hidden">{t('overlap.title')}</caption>
        <thead>
          <tr>
            <td />
            {overlap.names.map((name) => (
              <th key={name} scope="col" data-raw>
                {titleOf(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {overlap.names.map((name, row) => (
            <tr key={name}>
              <th scope="row">
                <Link to="/segments/$name" params={{ name }} className="quiet" data-raw>
                  {titleOf(name)}
                </Link>
                <small>{f.int(overlap.sizes[row])}</small>
              </th>
              {overlap.names.map((other, column) =>
                row === column ? (
                  <td key={other} className="self">
                    {f.int(overlap.sizes[row])}
                  </td>
                ) : (
                  <td key={other} className="heat" style={heat(share(row, column) ?? 0)}>
                    <CustomersLink
                      search={{ in_segment: `${name},${other}` }}
                      label={t('overlap.cell', {
                        a: titleOf(name),
                        b: titleOf(other),
                        n: f.int(shared(row, column)),
                      })}
                    >
                      <b>{f.percent(share(row, column), 0)}</b>
                      <small>{f.int(shared(row, column))}</small>
                    </CustomersLink>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

export function OverlapTab({ all }: { all: Segments }) {
  const { t, f, lang } = useApp();
  const segments = sound(all);
  const [chosen, setChosen] = useState(() => segments.slice(0, AT_FIRST).map((segment) => segment.name));
  const names = chosen.filter((name) => segments.some((segment) => segment.name === name));
  const { data, error, refetch } = useQuery({ ...overlapQuery(names), enabled: names.length >= 2 });
  const titleOf = (name: string) => segments.find((segment) => segment.name === name)?.title[lang] ?? name;
  if (segments.length < 2) {
    return (
      <Card title={t('overlap.title')}>
        <Empty>{t('overlap.too_few')}</Empty>
      </Card>
    );
  }
  return (
    <Card title={t('overlap.title')} note={t('overlap.note')}>
      <Select
        mode="multiple"
        virtual={false}
        className="overlap-choice"
        aria-label={t('overlap.choose')}
        value={names}
        maxCount={MOST}
        onChange={setChosen}
        optionFilterProp="search"
        options={segments.map((segment) => ({
          value: segment.name,
          search: segment.title[lang],
          label: <span data-raw>{segment.title[lang]}</span>,
        }))}
      />
      {names.length < 2 ? <Empty>{t('overlap.choose_two')}</Empty> : null}
      {error && names.length >= 2 ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data && names.length >= 2 ? <Matrix overlap={data} titleOf={titleOf} /> : null}
      {names.length >= 2 && !data && !error ? <Bones height={160} /> : null}
      {data && names.length >= 2 ? (
        <p className="footnote">{t('overlap.any', { n: f.int(data.any), all: f.int(data.customers) })}</p>
      ) : null}
    </Card>
  );
}

/** What one segment has in common with the others. */
export function OverlapOfOne({ all, name }: { all: Segments; name: string }) {
  const { t, f, lang } = useApp();
  const others = sound(all)
    .filter((segment) => segment.name !== name)
    .slice(0, MOST - 1);
  const names = [name, ...others.map((segment) => segment.name)];
  const { data, error, refetch } = useQuery({ ...overlapQuery(names), enabled: others.length > 0 });
  if (others.length === 0) return null;
  const size = data?.sizes[0] ?? 0;
  const rows = others.map((segment, place) => ({
    segment,
    both: data?.both[0]?.[place + 1] ?? 0,
    size: data?.sizes[place + 1] ?? 0,
  }));
  const share = (both: number, of: number) => f.percent(of > 0 ? both / of : null, 0);
  return (
    <Card title={t('overlap.title')} note={t('overlap.one_note')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <DataTable
          caption={t('overlap.title')}
          rows={rows.toSorted((a, b) => b.both - a.both)}
          rowKey={(row) => row.segment.name}
          columns={[
            {
              key: 'other',
              head: t('segments.one'),
              cell: ({ segment }) => (
                <Link to="/segments/$name" params={{ name: segment.name }} className="quiet" data-raw>
                  {segment.title[lang]}
                </Link>
              ),
            },
            {
              key: 'both',
              head: t('overlap.both'),
              end: true,
              cell: ({ segment, both }) => (
                <CustomersLink search={{ in_segment: `${name},${segment.name}` }}>
                  {f.int(both)}
                </CustomersLink>
              ),
            },
            { key: 'ours', head: t('overlap.of_this'), end: true, cell: ({ both }) => share(both, size) },
            {
              key: 'theirs',
              head: t('overlap.of_other'),
              end: true,
              cell: (row) => share(row.both, row.size),
            },
          ]}
        />
      ) : error ? null : (
        <Bones lines={3} />
      )}
    </Card>
  );
}
