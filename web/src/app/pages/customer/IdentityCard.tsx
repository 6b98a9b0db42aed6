/** Keys, masked until asked for; what was merged, with its undo; who else this may be. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../../../components/Card.tsx';
import { change } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import type { Customer, JournalItem, Key, Suggested } from '../../api/types.ts';
import { ConfirmButton } from '../../components/ConfirmButton.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import type { Reveal } from './CustomerPage.tsx';
import { MergeForm } from './MergeForm.tsx';
import { mergeReason } from './reasons.ts';

/** After a merge or its undo everything about customers may be another. */
function useIdentityChange<Input>(run: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: run, onSuccess: () => client.invalidateQueries() });
}

function KeyRow({ item }: { item: Key }) {
  const { t } = useApp();
  return (
    <li>
      <span>{t(`key.${item.kind}`, { defaultValue: item.kind })}</span>
      <b data-raw>{item.value}</b>
    </li>
  );
}

function Merge({ item }: { item: JournalItem }) {
  const { t, clock } = useApp();
  const may = useMay();
  const undo = useIdentityChange((id: number) => change('POST', `/api/identity/merges/${id}/undo`, {}));
  const isUndone = typeof item.undone_at_us === 'number';
  return (
    <li className="merge">
      <p>
        {t('person.joined', { id: item.from_id })}{' '}
        <small data-raw>
          {clock.minute(item.at_us)} · {mergeReason(item.reason, t)}
        </small>
      </p>
      {isUndone ? <small>{t('person.undone', { time: clock.minute(item.undone_at_us) })}</small> : null}
      {!isUndone && may('manage_identities') ? (
        <ConfirmButton
          label={t('person.undo')}
          question={t('person.undo_question')}
          isBusy={undo.isPending}
          onConfirm={() => undo.mutate(item.entry_id)}
        />
      ) : null}
      {undo.error ? <Problem error={undo.error} /> : null}
    </li>
  );
}

function Suggestion({ item }: { item: Suggested }) {
  const { t, lang } = useApp();
  const may = useMay();
  const decide = useIdentityChange((decision: 'merge' | 'reject') =>
    change('POST', `/api/identity/suggestions/${item.suggestion_id}`, { decision }),
  );
  return (
    <li className="merge">
      <p>
        {item.text[lang]}{' '}
        <Link to="/customers/$customerId" params={{ customerId: item.customer_id }}>
          {t('people.number', { id: item.customer_id })}
        </Link>
      </p>
      {may('manage_identities') ? (
        <span className="buttons">
          <ConfirmButton
            label={t('person.same')}
            question={t('person.same_question')}
            isBusy={decide.isPending}
            onConfirm={() => decide.mutate('merge')}
          />
          <button type="button" className="plain" onClick={() => decide.mutate('reject')}>
            {t('person.other')}
          </button>
        </span>
      ) : null}
      {decide.error ? <Problem error={decide.error} /> : null}
    </li>
  );
}

export function IdentityCard({ customer, reveal }: { customer: Customer; reveal: Reveal }) {
  const { t } = useApp();
  const may = useMay();
  const { profiles, journal, suggestions } = customer.identity;
  const how = may('reveal_keys') ? (
    <button type="button" className="how" aria-pressed={reveal.isRevealed} onClick={reveal.toggle}>
      {t(reveal.isRevealed ? 'person.mask' : 'person.reveal')}
    </button>
  ) : null;
  return (
    <Card title={t('person.identity')} note={t('people.number', { id: customer.customer_id })} how={how}>
      {profiles.map((profile) => (
        <ul key={profile.profile_id} className="keys">
          {profile.keys.map((item) => (
            <KeyRow key={`${item.kind} ${item.value}`} item={item} />
          ))}
        </ul>
      ))}
      {suggestions.length > 0 ? <h4>{t('person.suggestions')}</h4> : null}
      <ul>
        {suggestions.map((item) => (
          <Suggestion key={item.suggestion_id} item={item} />
        ))}
      </ul>
      {journal.length > 0 ? <h4>{t('person.journal')}</h4> : null}
      <ul>
        {journal.map((item) => (
          <Merge key={item.entry_id} item={item} />
        ))}
      </ul>
      {may('manage_identities') && may('find_customer') ? <MergeForm customer={customer} /> : null}
    </Card>
  );
}
