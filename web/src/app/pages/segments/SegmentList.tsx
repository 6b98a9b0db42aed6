/** All segments with their live sizes; without any, what a segment is and where to begin. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Sparkline } from '../../../components/Bar.tsx';
import { DataTable } from '../../../components/DataTable.tsx';
import { UNKNOWN } from '../../../design/format.ts';
import { useMay } from '../../api/session.ts';
import type { SegmentRow, Segments } from '../../api/types.ts';
import { useApp } from '../../context.tsx';
import { PlaceIcon } from '../../shell/PlaceIcon.tsx';
import { UnknownTold } from './Count.tsx';
import { EXAMPLES } from './examples.ts';

export function ActsBadge() {
  const { t } = useApp();
  return (
    <span className="tag good" title={t('segments.acts_text')}>
      {t('segments.acts_badge')}
    </span>
  );
}

function Teach() {
  const { t, lang } = useApp();
  const may = useMay();
  const mayWrite = may('define') && may('read_customers');
  return (
    <div className="card teach">
      <h2>{t('segments.teach')}</h2>
      <p>{t('segments.teach_text')}</p>
      {mayWrite ? (
        <>
          <p className="teach-on">{t('segments.teach_begin')}</p>
          <div className="ways">
            {EXAMPLES.map((example) => (
              <Link key={example.id} to="/segment-editor" search={{ example: example.id }} className="way">
                <PlaceIcon id="segments" />
                <b>{example.title[lang]}</b>
                <span>{t(`segments.example.${example.id}`)}</span>
              </Link>
            ))}
          </div>
        </>
      ) : (
        <p className="teach-on">{t('segments.teach_ask')}</p>
      )}
    </div>
  );
}

/** Whether what was typed occurs in a name or a title, in either language. */
export function isMeant(segment: SegmentRow, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [segment.name, segment.title.zh, segment.title.en].some((each) =>
    each.toLowerCase().includes(wanted),
  );
}

function Name({ segment }: { segment: SegmentRow }) {
  const { lang } = useApp();
  return (
    <span className="segment-name">
      <Link to="/segments/$name" params={{ name: segment.name }} data-raw>
        {segment.title[lang]}
      </Link>
      {segment.acts ? <ActsBadge /> : null}
      <small data-raw>{segment.description?.[lang] ?? segment.where}</small>
      {segment.problem ? (
        <small className="bad" data-raw>
          {segment.problem.message}
        </small>
      ) : null}
    </span>
  );
}

function Spark({ segment }: { segment: SegmentRow }) {
  const { palette } = useApp();
  const values = segment.sizes.map((point) => point.size);
  if (values.length < 2) return UNKNOWN;
  return (
    <span className="spark-cell">
      <Sparkline values={values} color={palette.accent} />
    </span>
  );
}

function SegmentTable({ all, rows }: { all: Segments; rows: SegmentRow[] }) {
  const { t, f } = useApp();
  const share = ({ size }: SegmentRow) =>
    typeof size === 'number' && all.customers > 0 ? size / all.customers : null;
  return (
    <DataTable
      caption={t('place.segments')}
      rows={rows}
      rowKey={(segment) => segment.name}
      columns={[
        { key: 'name', head: t('segments.one'), cell: (segment) => <Name segment={segment} /> },
        { key: 'size', head: t('segments.size'), end: true, cell: (segment) => f.int(segment.size) },
        { key: 'share', head: t('segments.share'), end: true, cell: (segment) => f.percent(share(segment)) },
        {
          key: 'unknown',
          head: t('segments.unknown'),
          end: true,
          wideOnly: true,
          cell: ({ unknown }) => (unknown ? <UnknownTold unknown={unknown} /> : f.int(unknown)),
        },
        {
          key: 'trend',
          head: t('segments.trend_30'),
          end: true,
          wideOnly: true,
          cell: (segment) => <Spark segment={segment} />,
        },
      ]}
    />
  );
}

export function SegmentList({ all }: { all: Segments }) {
  const { t, f } = useApp();
  const [text, setText] = useState('');
  if (all.segments.length === 0) return <Teach />;
  const rows = all.segments.filter((segment) => isMeant(segment, text));
  return (
    <div className="card table-card">
      <div className="filters">
        <input
          type="search"
          className="text-input"
          aria-label={t('segments.search')}
          placeholder={t('segments.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <p className="footnote" role="status">
        {t('segments.total', { count: rows.length, n: f.int(rows.length), all: f.int(all.customers) })}
      </p>
      {rows.length > 0 ? (
        <SegmentTable all={all} rows={rows} />
      ) : (
        <p className="empty">{t('segments.none_found')}</p>
      )}
    </div>
  );
}
