/** And this one? Everything about one customer, the timeline beside it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { customerQuery } from '../../api/customers.ts';
import { useMay } from '../../api/session.ts';
import type { Customer, Key } from '../../api/types.ts';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Bones } from '../../components/Skeleton.tsx';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';
import { Consents } from './Consents.tsx';
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

function Parts({ customer, reveal }: { customer: Customer; reveal: Reveal }) {
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
          <ScoresCard customer={customer} />
          <Consents customerId={customer.customer_id} />
          {may('privacy_requests') ? <Privacy customerId={customer.customer_id} /> : null}
        </div>
      </div>
    </>
  );
}

export interface Reveal {
  isRevealed: boolean;
  toggle(): void;
}

export function CustomerPage() {
  const { t } = useApp();
  const { customerId } = useParams({ from: '/shell/customers/$customerId' });
  const [isRevealed, setRevealed] = useState(false);
  const { data: customer, error, refetch } = useQuery(customerQuery(customerId, isRevealed));
  const name = (customer && strongest(customer)?.value) ?? t('people.number', { id: customerId });
  return (
    <>
      <p className="crumbs">
        <Link to="/customers">{t('place.customers')}</Link>
      </p>
      <PageHead title={name} note={customer ? <StageTag stage={customer.stage?.stage} /> : null} isData />
      {customer?.merged_from ? (
        <p className="notice">{t('person.merged', { id: customer.merged_from })}</p>
      ) : null}
      {customer ? (
        <Parts customer={customer} reveal={{ isRevealed, toggle: () => setRevealed(!isRevealed) }} />
      ) : null}
      {error && !customer ? (
        <div className="card">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      ) : null}
      {customer || error ? null : <Bones height={420} />}
    </>
  );
}
