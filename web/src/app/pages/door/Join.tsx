/** Joining by an invitation's link. */
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AccountForm } from './AccountForm.tsx';
import { DoorFrame } from './DoorFrame.tsx';
import { useEnter } from './useEnter.ts';

export function Join() {
  const { t } = useTranslation();
  const { token } = useSearch({ from: '/join' });
  const enter = useEnter<object>('/api/join');
  if (!token) return <DoorFrame title={t('door.no_token')} lead={t('door.no_token_join')} children={null} />;
  return (
    <DoorFrame title={t('door.join')} lead={t('door.join_text')}>
      <AccountForm
        action={t('door.join_action')}
        isBusy={enter.isPending}
        error={enter.error}
        onSubmit={(account) => enter.mutate({ token, ...account })}
      />
    </DoorFrame>
  );
}
