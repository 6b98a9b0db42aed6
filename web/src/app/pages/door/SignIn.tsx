/** Signing in with e-mail and password. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { setupQuery } from '../../api/queries.ts';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { DoorFrame } from './DoorFrame.tsx';
import { OwnerLink } from './OwnerLink.tsx';
import { useEnter } from './useEnter.ts';

/** Nobody can sign in to a server that has no owner yet. */
function NoOwner() {
  const { t } = useTranslation();
  return (
    <DoorFrame title={t('door.no_owner')} lead={t('door.no_owner_text')}>
      <p className="door-hint">{t('door.no_owner_hint')}</p>
      <OwnerLink />
    </DoorFrame>
  );
}

export function SignIn() {
  const { t } = useTranslation();
  const { to } = useSearch({ from: '/sign-in' });
  const { data: setup } = useQuery(setupQuery);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useEnter<{ email: string; password: string }>('/api/sign-in', to);
  if (setup && !setup.has_owner) return <NoOwner />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ email: email.trim(), password });
  };
  const { error } = enter;
  const isWrong = error instanceof ApiError && error.status === 401;
  return (
    <DoorFrame title={t('door.sign_in')} lead={t('door.sign_in_text')}>
      <form onSubmit={submit}>
        <Field
          label={t('door.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label={t('door.password')}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {isWrong ? (
          <p className="problem" role="alert">
            {t('door.wrong')}
          </p>
        ) : null}
        {error && !isWrong ? <Problem error={error} /> : null}
        <button type="submit" className="primary" disabled={enter.isPending}>
          {t(enter.isPending ? 'door.signing_in' : 'door.sign_in')}
        </button>
      </form>
    </DoorFrame>
  );
}
