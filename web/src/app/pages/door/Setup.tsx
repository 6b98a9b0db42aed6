/** The owner's account, made once by the link that the server printed. */
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AccountForm } from './AccountForm.tsx';
import { DoorFrame } from './DoorFrame.tsx';
import { useEnter } from './useEnter.ts';

export function Setup() {
  const { t } = useTranslation();
  const { token } = useSearch({ from: '/setup' });
  const enter = useEnter<object>('/api/setup');
  if (!token) return <DoorFrame title={t('door.no_token')} lead={t('door.no_token_setup')} children={null} />;
  return (
    <DoorFrame title={t('door.setup')} lead={t('door.setup_text')}>
      <AccountForm
        withEmail
        action={t('door.setup_action')}
        isBusy={enter.isPending}
        error={enter.error}
        onSubmit={(account) => enter.mutate({ token, ...account })}
      />
    </DoorFrame>
  );
}
