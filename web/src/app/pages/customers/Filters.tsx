/** Filters of the table by stage, RFM segment and finding, and the choice of columns. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { SEGMENTS, STAGES, segmentName } from '../../../lib/names.ts';
import { segmentsQuery } from '../../api/segments.ts';
import type { ColumnInfo } from '../../api/types.ts';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';
import { RangeForm, RangeText } from './RangeForm.tsx';
import { type CustomersSearch, listed, readRanges, withRange } from './search.ts';

interface Props {
  columns: ColumnInfo[];
  shown: ColumnInfo[];
  onColumns(names: string[]): void;
}

/** A filter that is on, with the way to take it away. */
function Chip({ children, onRemove }: { children: ReactNode; onRemove(): void }) {
  const { t } = useApp();
  return (
    <span className="chip">
      {children}
      <button type="button" aria-label={t('people.remove')} onClick={onRemove}>
        ×
      </button>
    </span>
  );
}

function ColumnChoice({ columns, shown, onColumns }: Props) {
  const { t, lang } = useApp();
  return (
    <Select
      mode="multiple"
      className="column-choice"
      aria-label={t('people.columns')}
      value={shown.map((column) => column.name)}
      onChange={onColumns}
      options={columns.map((column) => ({ value: column.name, label: column.title[lang] }))}
      optionFilterProp="label"
      maxTagCount={0}
      maxTagPlaceholder={() => t('people.columns_n', { n: shown.length })}
      popupMatchSelectWidth={260}
      allowClear={false}
    />
  );
}

interface BelongingProps {
  search: CustomersSearch;
  onChange(changes: Partial<CustomersSearch>): void;
}

/** Segments, a list and a tag that the customers are in. */
function Belonging({ search, onChange }: BelongingProps) {
  const { t, lang } = useApp();
  const names = listed(search.in_segment);
  const { data } = useQuery({ ...segmentsQuery, enabled: names.length > 0 });
  const titleOf = (name: string) => data?.segments.find((segment) => segment.name === name)?.title[lang];
  const without = (name: string) => names.filter((each) => each !== name).join(',') || undefined;
  return (
    <>
      {names.map((name) => (
        <Chip key={name} onRemove={() => onChange({ in_segment: without(name) })}>
          {t('people.in_segment')} <b data-raw>{titleOf(name) ?? name}</b>
        </Chip>
      ))}
      {search.in_list ? (
        <Chip onRemove={() => onChange({ in_list: undefined })}>
          {t('people.in_list')} <b data-raw>{search.in_list}</b>
        </Chip>
      ) : null}
      {search.has_tag ? (
        <Chip onRemove={() => onChange({ has_tag: undefined })}>
          {t('people.has_tag')} <b data-raw>{search.has_tag}</b>
        </Chip>
      ) : null}
    </>
  );
}

export function Filters(props: Props) {
  const { t } = useApp();
  const navigate = useNavigate({ from: '/customers' });
  const search = useSearch({ from: '/shell/customers' });
  const set = (changes: Partial<CustomersSearch>) =>
    void navigate({ search: { ...search, ...changes, page: undefined } });
  const list = (values: string[]) => (values.length > 0 ? values.join(',') : undefined);
  return (
    <div className="filters">
      <Select
        mode="multiple"
        aria-label={t('people.stage')}
        placeholder={t('people.all_stages')}
        value={listed(search.stage)}
        onChange={(values) => set({ stage: list(values) })}
        options={STAGES.map((stage) => ({ value: stage, label: <StageTag stage={stage} /> }))}
        maxTagCount="responsive"
        allowClear
      />
      <Select
        mode="multiple"
        aria-label={t('people.segment')}
        placeholder={t('people.all_segments')}
        value={listed(search.segment)}
        onChange={(values) => set({ segment: list(values) })}
        options={SEGMENTS.map((segment) => ({ value: segment, label: segmentName(t, segment) }))}
        maxTagCount="responsive"
        allowClear
      />
      <RangeForm columns={props.columns} onAdd={(added) => set({ range: withRange(search.range, added) })} />
      {readRanges(search.range).map((range) => (
        <Chip
          key={range.column}
          onRemove={() => set({ range: withRange(search.range, { ...range, least: '', most: '' }) })}
        >
          <RangeText range={range} columns={props.columns} />
        </Chip>
      ))}
      <Belonging search={search} onChange={set} />
      {search.finding ? (
        <Chip onRemove={() => set({ finding: undefined })}>
          {t(`finding.${search.finding}`, { defaultValue: search.finding })}
        </Chip>
      ) : null}
      <ColumnChoice {...props} />
    </div>
  );
}
