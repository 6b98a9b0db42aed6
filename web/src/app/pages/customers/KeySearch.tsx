/** Where a key in full, an order or a customer number is asked for. */
import { type FormEvent, useState } from 'react';
import { useApp } from '../../context.tsx';

interface Props {
  /** What the box is called. */
  label: string;
  onAsk(text: string): void;
}

export function KeySearch({ label, onAsk }: Props) {
  const { t } = useApp();
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk(text.trim());
  };
  return (
    <search className="find">
      <form onSubmit={submit}>
        <input
          type="search"
          value={text}
          aria-label={label}
          placeholder={t('people.find_hint')}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="plain">
          {t('people.find')}
        </button>
      </form>
    </search>
  );
}
