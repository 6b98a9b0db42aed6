/** What the customer has a right to: a copy of everything, and being forgotten. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Card } from '../../../components/Card.tsx';
import { change, download } from '../../api/client.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';

export function Privacy({ customerId }: { customerId: string }) {
  const { t } = useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = `/api/customers/${encodeURIComponent(customerId)}`;
  const archive = useMutation({
    mutationFn: () => download(`${path}/archive`, `customer-${customerId}.zip`),
  });
  const erase = useMutation({
    mutationFn: () => change('POST', `${path}/erase`, { confirm: 'erase' }),
    onSuccess: async () => {
      await navigate({ to: '/customers' });
      client.removeQueries({ queryKey: ['customer', customerId] });
      await client.invalidateQueries();
    },
  });
  return (
    <Card title={t('privacy.title')}>
      <p className="footnote">{t('privacy.text')}</p>
      <p className="buttons">
        <button type="button" className="plain" disabled={archive.isPending} onClick={() => archive.mutate()}>
          {t('privacy.archive')}
        </button>
        <ConfirmButton
          isGrave
          label={t('privacy.erase')}
          question={t('privacy.erase_question')}
          isBusy={erase.isPending}
          onConfirm={() => erase.mutate()}
        />
      </p>
      {archive.error ? <Problem error={archive.error} /> : null}
      {erase.error ? <Problem error={erase.error} /> : null}
    </Card>
  );
}
