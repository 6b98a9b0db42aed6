/** Joining by an invitation's link, or setting a new password by one. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { invitationQuery } from '../../api/queries.ts';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useLanguage } from '../../language.ts';
import { AccountForm } from './AccountForm.tsx';
import { DoorFrame } from './DoorFrame.tsx';
import { useEnter } from './useEnter.ts';

export function Join() {
  const { t } = useTranslation();
  const { lang } = useLanguage();
  const { token } = useSearch({ from: '/join' });
  const { data: invitation, error } = useQuery({ ...invitationQuery(token ?? ''), enabled: !!token });
  const enter = useEnter<object>('/api/join');
  const isSpent = !token || (error instanceof ApiError && error.code === 'link_spent');
  if (isSpent) return <DoorFrame title={t('door.no_token')} lead={t('door.no_token_join')} />;
  if (!invitation) {
    return (
      <DoorFrame title={t('door.join')}>{error ? <Problem error={error} /> : <Bones lines={6} />}</DoorFrame>
    );
  }
  const words = invitation.joined ? 'reset' : 'join';
  return (
    <DoorFrame title={t(`door.${words}`)} lead={t(`door.${words}_text`, { email: invitation.email })}>
      <AccountForm
        name={invitation.name}
        action={t(`door.${words}_action`)}
        isBusy={enter.isPending}
        error={enter.error}
        onSubmit={(account) => enter.mutate({ token, language: lang, ...account })}
      />
    </DoorFrame>
  );
}
