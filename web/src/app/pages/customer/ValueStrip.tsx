/** What the customer is worth now, in a row of figures. */
import type { Customer } from '../../api/types.ts';
import { Explain } from '../../components/Explain.tsx';
import { useApp } from '../../context.tsx';

export function ValueStrip({ customer }: { customer: Customer }) {
  const { t, f } = useApp();
  const { value, rhythm } = customer;
  if (!value) return <p className="notice plain-notice">{t('person.no_orders')}</p>;
  const figures: [figure: string, label: string, value: string][] = [
    ['customer.value.revenue_minor', t('person.revenue'), f.money(value.revenue_minor)],
    ['customer.value.revenue_365d_minor', t('person.revenue_365'), f.money(value.revenue_365d_minor)],
    ['customer.value.orders', t('orders'), f.int(value.orders)],
    ['customer.value.aov_minor', t('person.aov'), f.money(value.aov_minor)],
    ['customer.value.at_rhythm_90d_minor', t('person.at_rhythm'), f.moneyRound(value.at_rhythm_90d_minor)],
    [
      'customer.rhythm.personal_interval_days',
      t('person.interval'),
      rhythm ? t('person.days', { n: f.decimal(rhythm.personal_interval_days, 0) }) : f.int(null),
    ],
  ];
  return (
    <ul className="strip card">
      {figures.map(([figure, label, text]) => (
        <li key={figure}>
          <span>
            {label} <Explain figure={figure} name={label} small />
          </span>
          <b>{text}</b>
        </li>
      ))}
    </ul>
  );
}
