/** One's own name and password. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { change } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';
import { Field } from '../../components/Field.tsx';
import { InlineForm } from '../../components/InlineForm.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';

interface Changes {
  name?: string;
  password?: { old: string; new: string };
}

function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: Changes) => change('PATCH', '/api/session', changes),
    onSuccess: () => client.invalidateQueries({ queryKey: ['session'] }),
  });
}

function Name({ name: before }: { name: string }) {
  const { t } = useApp();
  const [name, setName] = useState(before);
  const { mutate, isPending, isSuccess, error } = useChange();
  return (
    <Card title={t('settings.name')}>
      <InlineForm
        label={t('settings.name')}
        action={t('shell.save')}
        isBusy={isPending}
        onSubmit={() => mutate({ name: name.trim() })}
      >
        <Field
          label={t('door.name')}
          autoComplete="name"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </InlineForm>
      {isSuccess ? (
        <p className="footnote" role="status">
          {t('account.saved')}
        </p>
      ) : null}
      {error ? <Problem error={error} /> : null}
    </Card>
  );
}

function Password() {
  const { t } = useApp();
  const [asked, setAsked] = useState({ old: '', new: '' });
  const { mutate, isPending, isSuccess, error } = useChange();
  const submit = () => mutate({ password: asked }, { onSuccess: () => setAsked({ old: '', new: '' }) });
  return (
    <Card title={t('door.password')} note={t('account.password_note')}>
      <InlineForm
        label={t('door.password')}
        action={t('account.change_password')}
        isBusy={isPending}
        onSubmit={submit}
      >
        <Field
          label={t('account.old')}
          type="password"
          autoComplete="current-password"
          required
          value={asked.old}
          onChange={(event) => setAsked({ ...asked, old: event.target.value })}
        />
        <Field
          label={t('account.new')}
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          value={asked.new}
          onChange={(event) => setAsked({ ...asked, new: event.target.value })}
        />
      </InlineForm>
      {isSuccess ? (
        <p className="footnote" role="status">
          {t('account.saved')}
        </p>
      ) : null}
      {error ? <Problem error={error} /> : null}
    </Card>
  );
}

export function AccountPage() {
  const { t } = useApp();
  const { data: session } = useQuery(sessionQuery);
  return (
    <>
      <PageHead title={t('account.title')} note={<span data-raw>{session?.member.email}</span>} />
      {session ? <Name name={session.member.name} /> : null}
      <Password />
    </>
  );
}
