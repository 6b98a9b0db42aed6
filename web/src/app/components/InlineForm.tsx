/** A form in one line: a few fields and what they do. */
import type { FormEvent, ReactNode } from 'react';

interface Props {
  label: string;
  action: string;
  isBusy: boolean;
  onSubmit(): void;
  children: ReactNode;
}

export function InlineForm({ label, action, isBusy, onSubmit, children }: Props) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className="inline-form" aria-label={label} onSubmit={submit}>
      {children}
      <button type="submit" className="primary" disabled={isBusy}>
        {action}
      </button>
    </form>
  );
}
