/** What the customer has agreed to, by purpose and channel; nothing said means no. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Card, Empty } from '../../../components/Card.tsx';
import { consentsQuery, setConsent } from '../../api/consents.ts';
import { useMay } from '../../api/session.ts';
import type { ConsentState } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';

function ConsentRow({ customerId, consent }: { customerId: string; consent: ConsentState }) {
  const { t, clock } = useApp();
  const may = useMay();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (given: boolean) =>
      setConsent(customerId, { purpose: consent.purpose, channel: consent.channel, given }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['consents', customerId] }),
  });
  const proof = [clock.minute(consent.at_us), consent.source, consent.wording_version].filter(Boolean);
  return (
    <li className="consent">
      <i className={`dot ${consent.given ? 'good' : 'plain-dot'}`} aria-hidden="true" />
      <div>
        <b>{t(`purpose.${consent.purpose}`, { defaultValue: consent.purpose })}</b>{' '}
        {t(`consent_channel.${consent.channel}`, { defaultValue: consent.channel })}
        <small data-raw>{consent.at_us === null ? t('consent.never') : proof.join(' · ')}</small>
      </div>
      <span>{t(consent.given ? 'consent.yes' : 'consent.no')}</span>
      {consent.given && may('edit_customers') ? (
        <ConfirmButton
          label={t('consent.withdraw')}
          question={t('consent.withdraw_question')}
          isBusy={isPending}
          onConfirm={() => mutate(false)}
        />
      ) : null}
      {error ? <Problem error={error} /> : null}
    </li>
  );
}

export function Consents({ customerId }: { customerId: string }) {
  const { t } = useApp();
  const { data, error, refetch } = useQuery(consentsQuery(customerId));
  return (
    <Card title={t('consent.title')} note={t('consent.note')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data && data.consents.length === 0 ? <Empty>{t('consent.none')}</Empty> : null}
      <ul>
        {data?.consents.map((consent) => (
          <ConsentRow
            key={`${consent.purpose} ${consent.channel}`}
            customerId={customerId}
            consent={consent}
          />
        ))}
      </ul>
    </Card>
  );
}
