/** Two customers side by side, before they are made one. */
import type { ReactNode } from 'react';
import { UNKNOWN } from '../../../design/format.ts';
import type { Customer } from '../../api/types.ts';
import { StageTag } from '../../components/StageTag.tsx';
import { type AppContext, useApp } from '../../context.tsx';

function keys(customer: Customer) {
  const all = customer.identity.profiles.flatMap((profile) => profile.keys);
  if (all.length === 0) return UNKNOWN;
  return (
    <ul>
      {all.map(({ kind, value }) => (
        <li key={`${kind} ${value}`} data-raw>
          {value}
        </li>
      ))}
    </ul>
  );
}

/** What there is to compare, row by row. */
function rows({ t, f }: AppContext): [name: string, of: (customer: Customer) => ReactNode][] {
  const lastDay = ({ values }: Customer) => values.last_order_day;
  return [
    [t('merging.number'), ({ customer_id: id }) => id],
    [t('merging.keys'), keys],
    [t('merging.stage'), ({ stage }) => <StageTag stage={stage?.stage} />],
    [t('orders'), ({ value }) => f.int(value?.orders ?? 0)],
    [t('person.revenue'), ({ value }) => f.money(value?.revenue_minor ?? 0)],
    [
      t('merging.last_order'),
      (customer) => {
        const day = lastDay(customer);
        return typeof day === 'string' ? f.day(day) : UNKNOWN;
      },
    ],
  ];
}

export function MergePair({ own, other }: { own: Customer; other: Customer }) {
  const context = useApp();
  const { t } = context;
  return (
    <table className="pair" aria-label={t('merging.pair')}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('merging.own')}</th>
          <th scope="col">{t('merging.other')}</th>
        </tr>
      </thead>
      <tbody>
        {rows(context).map(([name, of]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{of(own)}</td>
            <td>{of(other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
