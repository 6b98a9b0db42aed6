/** Who one is: language, light or dark, the door. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Segmented } from '../../components/Segmented.tsx';
import { useScheme } from '../../design/scheme.tsx';
import { change, rememberCsrf } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { LanguageChoice } from '../components/LanguageChoice.tsx';

/** Leaves the session here and on the server; what was read is forgotten with it. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { mutate } = useMutation({
    mutationFn: () => change('POST', '/api/sign-out', {}),
    onSettled: async () => {
      rememberCsrf('');
      await navigate({ to: '/sign-in' });
      client.clear();
    },
  });
  return () => mutate();
}

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '·';
}

export function MemberMenu({ member }: { member: Session['member'] }) {
  const { t } = useTranslation();
  const { scheme, toggle } = useScheme();
  const signOut = useSignOut();
  const id = useId();
  const name = member.name || member.email;
  return (
    <div className="member">
      <button type="button" popoverTarget={id} className="member-button">
        <i className="avatar" aria-hidden="true" data-raw>
          {initial(name)}
        </i>
        <span>
          <b data-raw>{name}</b>
          <small>{t(`role.${member.role}.name`)}</small>
        </span>
      </button>
      <div id={id} popover="auto" className="member-menu">
        <p data-raw>{member.email}</p>
        <LanguageChoice signedIn />
        <Segmented
          label={t('shell.scheme')}
          value={scheme}
          onChange={(wanted) => wanted !== scheme && toggle()}
          options={[
            { value: 'light', text: t('controls.light') },
            { value: 'dark', text: t('controls.dark') },
          ]}
        />
        <Link to="/account">{t('account.title')}</Link>
        <button type="button" className="plain" onClick={signOut}>
          {t('shell.sign_out')}
        </button>
      </div>
    </div>
  );
}
