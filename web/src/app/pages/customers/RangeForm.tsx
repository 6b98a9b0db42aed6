/** A filter by least and most of a column of numbers, money or days. */
import { type FormEvent, useState } from 'react';
import type { ColumnInfo } from '../../api/types.ts';
import { DayField } from '../../components/DayField.tsx';
import { useApp } from '../../context.tsx';
import type { Range } from './search.ts';

const RANGED = ['int', 'money', 'float', 'day'];

/** What was typed, as the server counts: money in minor units. */
export function typed(text: string, type: string, decimals: number): string {
  if (text === '' || type !== 'money') return text;
  return String(Math.round(Number(text) * 10 ** decimals));
}

interface TextProps {
  range: Range;
  columns: ColumnInfo[];
}

export function RangeText({ range, columns }: TextProps) {
  const { f, lang } = useApp();
  const column = columns.find((each) => each.name === range.column);
  const text = (value: string) => {
    if (value === '') return value;
    if (column?.type === 'day') return f.day(value);
    return column?.type === 'money' ? f.moneyRound(Number(value)) : f.decimal(Number(value), 0);
  };
  return (
    <>
      {column?.title[lang] ?? range.column} {range.least ? `≥ ${text(range.least)}` : ''}
      {range.least && range.most ? ', ' : ' '}
      {range.most ? `≤ ${text(range.most)}` : ''}
    </>
  );
}

interface BoundProps {
  label: string;
  type: string;
  value: string;
  onChange(value: string): void;
}

/** One end of a range: a day from a calendar, or a number. */
function Bound({ label, type, value, onChange }: BoundProps) {
  if (type === 'day') return <DayField label={label} value={value} onPick={onChange} />;
  return (
    <input
      type="number"
      step="any"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface FormProps {
  columns: ColumnInfo[];
  onAdd(range: Range): void;
}

export function RangeForm({ columns, onAdd }: FormProps) {
  const { t, lang, decimals } = useApp();
  const [isOpen, setOpen] = useState(false);
  const ranged = columns.filter((column) => RANGED.includes(column.type));
  const [name, setName] = useState('');
  const [least, setLeast] = useState('');
  const [most, setMost] = useState('');
  const column = ranged.find((each) => each.name === name) ?? ranged[0];
  if (!column) return null;
  if (!isOpen) {
    return (
      <button type="button" className="plain add-range" onClick={() => setOpen(true)}>
        {t('people.add_range')}
      </button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = (text: string) => typed(text, column.type, decimals);
    onAdd({ column: column.name, least: value(least), most: value(most) });
    setOpen(false);
    setLeast('');
    setMost('');
  };
  return (
    <form className="range-form" aria-label={t('people.add_range')} onSubmit={submit}>
      <select
        aria-label={t('people.range_column')}
        value={column.name}
        onChange={(event) => {
          setName(event.target.value);
          setLeast('');
          setMost('');
        }}
      >
        {ranged.map((each) => (
          <option key={each.name} value={each.name}>
            {each.title[lang]}
          </option>
        ))}
      </select>
      <Bound
        key={`${column.name} least`}
        label={t('people.least')}
        type={column.type}
        value={least}
        onChange={setLeast}
      />
      <Bound
        key={`${column.name} most`}
        label={t('people.most')}
        type={column.type}
        value={most}
        onChange={setMost}
      />
      <button type="submit" className="plain">
        {t('people.apply')}
      </button>
      <button type="button" className="plain" onClick={() => setOpen(false)}>
        {t('shell.cancel')}
      </button>
    </form>
  );
}
