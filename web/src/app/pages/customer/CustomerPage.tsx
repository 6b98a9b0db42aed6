/** And this one? Everything about one customer, the timeline beside it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { customerQuery } from '../../api/customers.ts';
import { useMay } from '../../api/session.ts';
import type { Customer, ErasedAnswer, Key } from '../../api/types.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';
import { Consents } from './Consents.tsx';
import { Erased } from './Erased.tsx';
import { GroupsCard } from './GroupsCard.tsx';
import { IdentityCard } from './IdentityCard.tsx';
import { Privacy } from './Privacy.tsx';
import { ScoresCard } from './ScoresCard.tsx';
import { StageCard } from './StageCard.tsx';
import { TimelineCard } from './TimelineCard.tsx';
import { ValueStrip } from './ValueStrip.tsx';

/** The strongest key of all profiles, which is what the customer is called. */
function strongest(customer: Customer): Key | undefined {
  return customer.identity.profiles.flatMap((profile) => profile.keys)[0];
}

interface PartsProps {
  customer: Customer;
  reveal: Reveal;
  onErased(erased: ErasedAnswer): void;
}

function Parts({ customer, reveal, onErased }: PartsProps) {
  const may = useMay();
  return (
    <>
      <ValueStrip customer={customer} />
      <div className="customer-grid">
        <div>
          <StageCard customer={customer} />
          <TimelineCard customerId={customer.customer_id} />
        </div>
        <div>
          <IdentityCard customer={customer} reveal={reveal} />
          {may('read_customers') ? <GroupsCard customerId={customer.customer_id} /> : null}
          <ScoresCard customer={customer} />
          <Consents customerId={customer.customer_id} reveal={reveal} />
          {may('privacy_requests') ? <Privacy customerId={customer.customer_id} onErased={onErased} /> : null}
        </div>
      </div>
    </>
  );
}

export interface Reveal {
  isRevealed: boolean;
  toggle(): void;
}

function Page({ customerId }: { customerId: string }) {
  const { t } = useApp();
  const [isRevealed, setRevealed] = useState(false);
  const [erased, setErased] = useState<ErasedAnswer | null>(null);
  const { data, error, refetch } = useQuery({
    ...customerQuery(customerId, isRevealed),
    enabled: erased === null,
    // What is masked stays until its full form has come.
    placeholderData: keepPreviousData,
  });
  if (erased) return <Erased customerId={customerId} erased={erased} />;
  const name = (data && strongest(data)?.value) ?? t('people.number', { id: customerId });
  return (
    <>
      <p className="crumbs">
        <Link to="/customers">{t('place.customers')}</Link>
      </p>
      <PageHead title={name} note={data ? <StageTag stage={data.stage?.stage} /> : null} isData />
      {data?.merged_from ? <p className="notice">{t('person.merged', { id: data.merged_from })}</p> : null}
      {data ? (
        <Parts
          customer={data}
          reveal={{ isRevealed, toggle: () => setRevealed(!isRevealed) }}
          onErased={setErased}
        />
      ) : null}
      {error && !data ? (
        <div className="card">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      ) : null}
      {data || error ? null : <Bones height={420} />}
    </>
  );
}

/** Another customer is another page: nothing revealed or erased of one is carried to the next. */
export function CustomerPage() {
  const { customerId } = useParams({ from: '/shell/customers/$customerId' });
  return <Page key={customerId} customerId={customerId} />;
}
