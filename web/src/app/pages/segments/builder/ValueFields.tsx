/** What something is compared with: numbers, days, words, texts, as its family asks for them. */
import { Select } from 'antd';
import { segmentName, stageName } from '../../../../lib/names.ts';
import type { ColumnInfo } from '../../../api/types.ts';
import { DayField } from '../../../components/DayField.tsx';
import { type AppContext, useApp } from '../../../context.tsx';
import { COMPARISONS, type Comparison, emptyComparison, type Family, type Is, takes } from '../condition.ts';

/** A column's word in the reader's language. */
export function wordName(column: ColumnInfo, word: string, { t }: Pick<AppContext, 't'>): string {
  if (column.name === 'stage') return stageName(t, word);
  if (column.words.includes('champions')) return segmentName(t, word);
  return t(`cause.${word}`, { defaultValue: t(`word.${column.name}.${word}`, { defaultValue: word }) });
}

interface Props {
  comparison: Comparison;
  family: Family;
  /** Where a column is compared: its words, and whether it is money. */
  column?: ColumnInfo;
  onChange(comparison: Comparison): void;
}

interface OneProps {
  label: string;
  family: Family;
  unit?: string;
  value: string;
  onChange(value: string): void;
}

function One({ label, family, unit, value, onChange }: OneProps) {
  if (family === 'day') return <DayField label={label} value={value} onPick={onChange} />;
  return (
    <span className="with-unit">
      <input
        type={family === 'number' ? 'number' : 'text'}
        step="any"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {unit ? <small data-raw>{unit}</small> : null}
    </span>
  );
}

function Several({ comparison, family, column, onChange }: Props) {
  const context = useApp();
  const { t } = context;
  const isWord = family === 'word' && column !== undefined;
  return (
    <Select
      mode={isWord ? 'multiple' : 'tags'}
      virtual={false}
      className="values"
      aria-label={t('builder.values')}
      placeholder={t(isWord ? 'builder.choose' : 'builder.type_values')}
      value={comparison.values}
      onChange={(values) => onChange({ ...comparison, values })}
      options={
        isWord
          ? column.words.map((word) => ({ value: word, label: wordName(column, word, context) }))
          : undefined
      }
      open={isWord ? undefined : false}
      optionFilterProp="label"
      tokenSeparators={isWord ? undefined : [',', '，']}
    />
  );
}

function Taken(props: Props) {
  const { comparison, family, column, onChange } = props;
  const { t, currency } = useApp();
  const unit = column?.type === 'money' && currency !== 'XXX' ? currency : undefined;
  switch (takes(comparison.is)) {
    case 'nothing':
      return null;
    case 'several':
      return <Several {...props} />;
    case 'two':
      return (
        <>
          <One
            label={t('builder.least')}
            family={family}
            unit={unit}
            value={comparison.least}
            onChange={(least) => onChange({ ...comparison, least })}
          />
          <One
            label={t('builder.most')}
            family={family}
            unit={unit}
            value={comparison.most}
            onChange={(most) => onChange({ ...comparison, most })}
          />
        </>
      );
    case 'days':
      return (
        <span className="with-unit">
          <input
            type="number"
            min={1}
            max={36_500}
            aria-label={t('builder.days')}
            value={comparison.value}
            onChange={(event) => onChange({ ...comparison, value: event.target.value })}
          />
          <small>{t('builder.days')}</small>
        </span>
      );
    default:
      return (
        <One
          label={t('builder.value')}
          family={family}
          unit={unit}
          value={comparison.value}
          onChange={(value) => onChange({ ...comparison, value })}
        />
      );
  }
}

export function ComparisonFields(props: Props) {
  const { comparison, family, onChange } = props;
  const { t } = useApp();
  const offered = COMPARISONS[family];
  const all = offered.includes(comparison.is) ? offered : [...offered, comparison.is];
  const choose = (is: Is) => {
    const stays = takes(is) === takes(comparison.is);
    onChange(stays ? { ...comparison, is } : { ...comparison, is, value: takes(is) === 'days' ? '30' : '' });
  };
  // Days are told in other words than numbers: “on or after”, not “at least”.
  const word = (is: Is) => t(`comparison.${family === 'day' || family === 'time' ? 'day' : 'any'}.${is}`);
  return (
    <>
      <select
        aria-label={t('builder.comparison')}
        value={comparison.is}
        onChange={(event) => choose(event.target.value as Is)}
      >
        {all.map((is) => (
          <option key={is} value={is}>
            {word(is)}
          </option>
        ))}
      </select>
      <Taken {...props} />
    </>
  );
}

/** A comparison that still fits where the subject has changed, else a new one. */
export function comparisonFor(comparison: Comparison, from: Family, to: Family): Comparison {
  return from === to && from === 'number' ? comparison : emptyComparison(to);
}
