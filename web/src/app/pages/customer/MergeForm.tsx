/** Makes another customer part of this one: found by a key, looked at beside this one, joined with a reason. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { findQuery, mergeCustomers } from '../../api/customers.ts';
import type { Customer, FoundCustomer } from '../../api/types.ts';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useApp } from '../../context.tsx';
import { KeySearch } from '../customers/KeySearch.tsx';
import { MergePair } from './MergePair.tsx';

/** Whoever is found but this customer; nobody else is told as such. */
function useOthers(customerId: string, asked: string) {
  const { data, error, isFetching } = useQuery({ ...findQuery(asked), enabled: asked !== '' });
  const matches = data && !isFetching ? data.matches : [];
  const others = matches.filter((found) => found.customer_id !== customerId);
  const isNobody = data !== undefined && !isFetching && others.length === 0;
  return { others, error, isNobody, isSelf: isNobody && matches.length > 0 };
}

/** Several customers may have what was asked for: an order number of one, a member number of another. */
function Others({ others, onPick }: { others: FoundCustomer[]; onPick(found: FoundCustomer): void }) {
  const { t } = useApp();
  return (
    <ul className="matches" aria-label={t('merging.several')}>
      {others.map((found) => (
        <li key={found.customer_id}>
          <span data-raw>{found.by?.value ?? found.order?.order_id}</span>
          <button type="button" className="plain" onClick={() => onPick(found)}>
            {t('people.number', { id: found.customer_id })}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ConfirmProps {
  isBusy: boolean;
  error: unknown;
  onMerge(reason: string): void;
  onCancel(): void;
}

function Confirm({ isBusy, error, onMerge, onCancel }: ConfirmProps) {
  const { t } = useApp();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMerge(reason.trim());
  };
  return (
    <form className="inline-form" aria-label={t('merging.confirm')} onSubmit={submit}>
      <Field
        label={t('merging.reason')}
        hint={t('merging.reason_hint')}
        required
        pattern=".*\S.*"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <span className="buttons">
        <button type="submit" className="primary" disabled={isBusy}>
          {t('merging.confirm')}
        </button>
        <button type="button" className="plain" onClick={onCancel}>
          {t('shell.cancel')}
        </button>
      </span>
      {error ? <Problem error={error} /> : null}
    </form>
  );
}

function Merging({ customer, onDone }: { customer: Customer; onDone(): void }) {
  const { t } = useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState('');
  const [picked, setPicked] = useState<FoundCustomer | null>(null);
  const { others, error, isNobody, isSelf } = useOthers(customer.customer_id, asked);
  const other = picked ?? (others.length === 1 ? others[0] : undefined);
  const merge = useMutation({
    mutationFn: (reason: string) => mergeCustomers(other?.customer_id ?? '', customer.customer_id, reason),
    onSuccess: async ({ customer_id: customerId }) => {
      await client.invalidateQueries();
      onDone();
      await navigate({ to: '/customers/$customerId', params: { customerId } });
    },
  });
  const ask = (text: string) => {
    setPicked(null);
    setAsked(text);
    merge.reset();
  };
  return (
    <section className="merging" aria-label={t('merging.title')}>
      <h4>{t('merging.title')}</h4>
      <KeySearch label={t('merging.find')} onAsk={ask} />
      {error ? <Problem error={error} /> : null}
      {isNobody ? (
        <p className="footnote" role="status">
          {t(isSelf ? 'merging.self' : 'people.nobody')}
        </p>
      ) : null}
      {others.length > 1 && !picked ? <Others others={others} onPick={setPicked} /> : null}
      {other ? (
        <>
          <MergePair own={customer} other={other.customer} />
          <p className="footnote">{t('merging.what')}</p>
          <Confirm isBusy={merge.isPending} error={merge.error} onMerge={merge.mutate} onCancel={onDone} />
        </>
      ) : (
        <button type="button" className="plain more" onClick={onDone}>
          {t('shell.cancel')}
        </button>
      )}
    </section>
  );
}

export function MergeForm({ customer }: { customer: Customer }) {
  const { t } = useApp();
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <Merging customer={customer} onDone={() => setOpen(false)} />;
  return (
    <button type="button" className="plain more" onClick={() => setOpen(true)}>
      {t('merging.open')}
    </button>
  );
}
