/** A filter by least and most of a column of numbers, money or days. */
import { type FormEvent, useState } from 'react';
import type { ColumnInfo } from '../../api/types.ts';
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
    if (value === '' || column?.type === 'day') return value;
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
  const type = column.type === 'day' ? 'date' : 'number';
  return (
    <form className="range-form" aria-label={t('people.add_range')} onSubmit={submit}>
      <select
        aria-label={t('people.range_column')}
        value={column.name}
        onChange={(event) => setName(event.target.value)}
      >
        {ranged.map((each) => (
          <option key={each.name} value={each.name}>
            {each.title[lang]}
          </option>
        ))}
      </select>
      <input
        type={type}
        step="any"
        aria-label={t('people.least')}
        placeholder={t('people.least')}
        value={least}
        onChange={(event) => setLeast(event.target.value)}
      />
      <input
        type={type}
        step="any"
        aria-label={t('people.most')}
        placeholder={t('people.most')}
        value={most}
        onChange={(event) => setMost(event.target.value)}
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
