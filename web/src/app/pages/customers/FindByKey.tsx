/** One customer by a key in full: what a counter or a hotline has in hand. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../../components/Card.tsx';
import { findQuery } from '../../api/customers.ts';
import { useMay } from '../../api/session.ts';
import type { FoundCustomer } from '../../api/types.ts';
import { Problem } from '../../components/Problem.tsx';
import { StageTag } from '../../components/StageTag.tsx';
import { useApp } from '../../context.tsx';
import { StageCard } from '../customer/StageCard.tsx';
import { Entries } from '../customer/TimelineCard.tsx';
import { ValueStrip } from '../customer/ValueStrip.tsx';
import { KeySearch } from './KeySearch.tsx';

/** All about one customer, for who may see only those whose key they have in hand. */
function InFull({ found }: { found: FoundCustomer }) {
  const { t } = useApp();
  return (
    <>
      <ValueStrip customer={found.customer} />
      <div className="row r11">
        <StageCard customer={found.customer} />
        <Card title={t('person.timeline')}>
          <Entries entries={found.timeline.entries} />
        </Card>
      </div>
    </>
  );
}

function Match({ found }: { found: FoundCustomer }) {
  const { t, f } = useApp();
  const { customer } = found;
  return (
    <li>
      <Link to="/customers/$customerId" params={{ customerId: found.customer_id }}>
        <span data-raw>
          {found.by?.value ?? found.order?.order_id ?? t('people.number', { id: found.customer_id })}
        </span>
      </Link>
      <StageTag stage={customer.stage?.stage} />
      {customer.value ? (
        <span>
          {t('n_orders', { count: customer.value.orders, n: f.int(customer.value.orders) })} ·{' '}
          {f.money(customer.value.revenue_minor)}
        </span>
      ) : null}
    </li>
  );
}

export function FindByKey() {
  const { t } = useApp();
  const may = useMay();
  const [asked, setAsked] = useState('');
  const { data, error, isFetching } = useQuery({ ...findQuery(asked), enabled: asked !== '' });
  return (
    <div className="card">
      <KeySearch label={t('people.find')} onAsk={setAsked} />
      {error ? <Problem error={error} /> : null}
      {data && !may('read_customers')
        ? data.matches.map((found) => <InFull key={found.customer_id} found={found} />)
        : null}
      {data && data.matches.length > 0 && may('read_customers') ? (
        <ul className="matches">
          {data.matches.map((found) => (
            <Match key={found.customer_id} found={found} />
          ))}
        </ul>
      ) : null}
      {data && data.matches.length === 0 && !isFetching ? (
        <p className="footnote" role="status">
          {t('people.nobody')}
        </p>
      ) : null}
    </div>
  );
}
