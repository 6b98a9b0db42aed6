/** Sets the active rate that the brand wants. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { change } from '../../api/client.ts';
import { Problem } from '../../components/Problem.tsx';

export function TargetForm({ target }: { target: number | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [percent, setPercent] = useState(target === null ? '' : String(Math.round(target * 1000) / 10));
  const { mutate, error, isPending } = useMutation({
    mutationFn: (rate: number | null) => change('PATCH', '/api/today/target', { active_rate: rate }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['today'] });
      setOpen(false);
    },
  });
  if (!isOpen) {
    return (
      <button type="button" className="how" onClick={() => setOpen(true)}>
        {t(target === null ? 'today.set_target' : 'today.change_target')}
      </button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate(percent === '' ? null : Number(percent) / 100);
  };
  return (
    <form className="target-form" onSubmit={submit}>
      <label>
        {t('active.target')}{' '}
        <input
          // biome-ignore lint/a11y/noAutofocus: it was asked for to type in it
          autoFocus
          type="number"
          min="0"
          max="100"
          step="0.1"
          value={percent}
          onChange={(event) => setPercent(event.target.value)}
        />{' '}
        %
      </label>
      <button type="submit" className="plain" disabled={isPending}>
        {t('shell.save')}
      </button>
      {error ? <Problem error={error} /> : null}
    </form>
  );
}
