/** What the customer has agreed to, by purpose and channel, with its proof; nothing said means no. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { Card } from '../../../components/Card.tsx';
import { consentsQuery, recordConsent, type Said } from '../../api/consents.ts';
import { useMay } from '../../api/session.ts';
import type { ConsentChange, Consents as ConsentsAnswer, Standing } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { useApp } from '../../context.tsx';
import { ConsentForm } from './ConsentForm.tsx';
import type { Reveal } from './CustomerPage.tsx';

/** Names of a purpose and a channel; the brand's own purposes are its own words. */
export function useConsentWords() {
  const { t } = useApp();
  return {
    purpose: (word: string) => t(`purpose.${word}`, { defaultValue: word }),
    channel: (word: string) => t(`consent_channel.${word}`, { defaultValue: word }),
  };
}

interface RowProps {
  standing: Standing;
  isBusy: boolean;
  onWithdraw(): void;
}

function StandingRow({ standing, isBusy, onWithdraw }: RowProps) {
  const { t, clock } = useApp();
  const may = useMay();
  const word = useConsentWords();
  const isGiven = standing.state === 'given';
  return (
    <li className="consent">
      <i className={`dot ${isGiven ? 'good' : 'plain-dot'}`} aria-hidden="true" />
      <div>
        <b>{word.purpose(standing.purpose)}</b> {word.channel(standing.channel)}
      </div>
      <span>
        {t(`consent.state.${standing.state}`, { defaultValue: standing.state })}
        {standing.since_us ? <small>{clock.isoDay(standing.since_us)}</small> : null}
      </span>
      {isGiven && may('edit_customers') ? (
        <ConfirmButton
          label={t('consent.withdraw')}
          question={t('consent.withdraw_question')}
          isBusy={isBusy}
          onConfirm={onWithdraw}
        />
      ) : null}
    </li>
  );
}

/** What proves a change, each part by its name; the address only where it is asked for in full. */
function proofOf(change: ConsentChange, t: TFunction): [name: string, value: string][] {
  const address = change.ip ?? (change.has_ip ? t('consent.ip_kept') : null);
  const parts: [string, string | null | undefined][] = [
    ['source', t(`heard_from.${change.source}`, { defaultValue: change.source })],
    ['wording', change.wording_version],
    ['ip', address],
    ['evidence', change.evidence],
  ];
  return parts.flatMap(([key, value]) => (value ? [[t(`consent.proof.${key}`), value]] : []));
}

/** One change and what proves it. */
function ChangeRow({ change }: { change: ConsentChange }) {
  const { t, clock } = useApp();
  const word = useConsentWords();
  return (
    <li>
      <p>
        {clock.minute(change.at_us)} · {word.purpose(change.purpose)} · {word.channel(change.channel)} ·{' '}
        <b>{t(`consent.state.${change.state}`, { defaultValue: change.state })}</b>
      </p>
      <dl>
        {proofOf(change, t).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-raw>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

interface ContentProps {
  customerId: string;
  consents: ConsentsAnswer;
}

function Content({ customerId, consents }: ContentProps) {
  const { t } = useApp();
  const may = useMay();
  const client = useQueryClient();
  const record = useMutation({
    mutationFn: (said: Said) => recordConsent(customerId, said),
    onSuccess: () => client.invalidateQueries({ queryKey: ['consents', customerId] }),
  });
  return (
    <>
      <ul>
        {consents.standing.map((standing) => (
          <StandingRow
            key={`${standing.purpose} ${standing.channel}`}
            standing={standing}
            isBusy={record.isPending}
            onWithdraw={() =>
              record.mutate({ state: 'withdrawn', purposes: [standing.purpose], channel: standing.channel })
            }
          />
        ))}
      </ul>
      {record.error ? <Problem error={record.error} /> : null}
      {may('edit_customers') ? (
        <ConsentForm
          purposes={[...new Set(consents.standing.map((each) => each.purpose))]}
          isBusy={record.isPending}
          onSay={record.mutateAsync}
        />
      ) : null}
      {consents.history.length > 0 ? (
        <details className="proofs">
          <summary>{t('consent.proofs', { count: consents.history.length })}</summary>
          <ul>
            {consents.history.map((change) => (
              <ChangeRow key={`${change.recorded_us} ${change.purpose} ${change.channel}`} change={change} />
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

export function Consents({ customerId, reveal }: { customerId: string; reveal: Reveal }) {
  const { t } = useApp();
  const { data, error, refetch } = useQuery({
    ...consentsQuery(customerId, reveal.isRevealed),
    placeholderData: keepPreviousData,
  });
  return (
    <Card title={t('consent.title')} note={t('consent.note')}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Bones lines={3} />}
      {data ? <Content customerId={customerId} consents={data} /> : null}
    </Card>
  );
}
