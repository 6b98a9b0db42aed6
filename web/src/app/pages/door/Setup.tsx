/** The owner's account, made once by the link that the server printed. */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ownerLinkQuery } from '../../api/queries.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useLanguage } from '../../language.ts';
import { AccountForm } from './AccountForm.tsx';
import { DoorFrame } from './DoorFrame.tsx';
import { OwnerLink } from './OwnerLink.tsx';
import { useEnter } from './useEnter.ts';

export function Setup() {
  const { t } = useTranslation();
  const { lang } = useLanguage();
  const { token } = useSearch({ from: '/setup' });
  const { data: setup, error, isPending } = useQuery({ ...ownerLinkQuery(token ?? ''), enabled: !!token });
  const enter = useEnter<object>('/api/setup');
  if (token && isPending)
    return (
      <DoorFrame title={t('door.setup')}>
        <Bones lines={6} />
      </DoorFrame>
    );
  if (error)
    return (
      <DoorFrame title={t('door.setup')}>
        <Problem error={error} />
      </DoorFrame>
    );
  if (setup?.has_owner) {
    return (
      <DoorFrame title={t('door.has_owner')} lead={t('door.has_owner_text')}>
        <Link to="/sign-in" className="primary">
          {t('door.sign_in')}
        </Link>
      </DoorFrame>
    );
  }
  if (!setup?.link_good)
    return (
      <DoorFrame title={t('door.no_token')} lead={t('door.no_token_setup')}>
        <OwnerLink />
      </DoorFrame>
    );
  return (
    <DoorFrame title={t('door.setup')} lead={t('door.setup_text')}>
      <AccountForm
        withEmail
        action={t('door.setup_action')}
        isBusy={enter.isPending}
        error={enter.error}
        onSubmit={(account) => enter.mutate({ token, language: lang, ...account })}
      />
    </DoorFrame>
  );
}
