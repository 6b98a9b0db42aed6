/** Name and password of a new account, and the e-mail where it is not known yet. */
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';

/** Shorter ones are guessed; the server says the same. */
const PASSWORD_LETTERS = 10;

export interface Account {
  email?: string;
  name: string;
  password: string;
}

interface Props {
  withEmail?: boolean;
  /** The name so far. */
  name?: string;
  action: string;
  isBusy: boolean;
  error: unknown;
  onSubmit(account: Account): void;
}

export function AccountForm({ withEmail, name = '', action, isBusy, error, onSubmit }: Props) {
  const { t } = useTranslation();
  const [account, setAccount] = useState({ email: '', name, password: '' });
  const field = (key: keyof typeof account) => ({
    name: key,
    required: true,
    value: account[key],
    onChange: (event: { target: { value: string } }) => setAccount({ ...account, [key]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { email, ...others } = account;
    onSubmit(withEmail ? { email: email.trim(), ...others } : others);
  };
  return (
    <form onSubmit={submit}>
      <Field label={t('door.name')} autoComplete="name" {...field('name')} />
      {withEmail ? (
        <Field label={t('door.email')} type="email" autoComplete="username" {...field('email')} />
      ) : null}
      <Field
        label={t('door.password')}
        type="password"
        autoComplete="new-password"
        minLength={PASSWORD_LETTERS}
        hint={t('door.password_hint', { letters: PASSWORD_LETTERS })}
        {...field('password')}
      />
      {error ? <Problem error={error} /> : null}
      <button type="submit" className="primary" disabled={isBusy}>
        {action}
      </button>
    </form>
  );
}
