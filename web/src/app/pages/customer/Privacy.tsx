/** What the customer has a right to: a copy of everything, and being forgotten. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Card } from '../../../components/Card.tsx';
import { downloadArchive, eraseCustomer } from '../../api/consents.ts';
import type { ErasedAnswer } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';

interface Props {
  customerId: string;
  onErased(erased: ErasedAnswer): void;
}

export function Privacy({ customerId, onErased }: Props) {
  const { t } = useApp();
  const client = useQueryClient();
  const archive = useMutation({ mutationFn: () => downloadArchive(customerId) });
  const erase = useMutation({
    mutationFn: () => eraseCustomer(customerId),
    onSuccess: (erased) => {
      onErased(erased);
      // Nothing of the customer stays in the browser either, and every figure may be another.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(customerId) });
      client.removeQueries({ queryKey: ['find'] });
      return client.invalidateQueries();
    },
  });
  return (
    <Card title={t('privacy.title')}>
      <p className="footnote">{t('privacy.text')}</p>
      <p className="buttons privacy">
        <button type="button" className="plain" disabled={archive.isPending} onClick={() => archive.mutate()}>
          {t(archive.isPending ? 'privacy.collecting' : 'privacy.archive')}
        </button>
        <ConfirmButton
          isGrave
          label={t(erase.isPending ? 'privacy.erasing' : 'privacy.erase')}
          question={t('privacy.erase_question')}
          isBusy={erase.isPending}
          onConfirm={() => erase.mutate()}
        />
      </p>
      {archive.isSuccess ? (
        <p className="footnote" role="status">
          {t('privacy.archived', { file: `customer-${customerId}.zip` })}
        </p>
      ) : null}
      {archive.error ? <Problem error={archive.error} /> : null}
      {erase.error ? <Problem error={erase.error} /> : null}
    </Card>
  );
}
