/** Zone and currency of a file: recognised with a reason, to be chosen only for the first file of a brand. */
import type { Plan } from '../../api/types.ts';
import { useApp } from '../../context.tsx';

const CURRENCIES = [
  'CNY',
  'HKD',
  'TWD',
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'KRW',
  'SGD',
  'MYR',
  'THB',
  'AUD',
  'CAD',
];

/** The zones that the browser knows, the recognised one among them. */
function zones(known: string): string[] {
  return [...new Set([known, ...Intl.supportedValuesOf('timeZone')])];
}

interface Props {
  plan: Plan;
  onChange(changes: { timezone?: string; currency?: string }): void;
}

export function Terms({ plan, onChange }: Props) {
  const { t, lang } = useApp();
  if (plan.settled) {
    return <p className="footnote">{t('load.settled', { zone: plan.timezone, currency: plan.currency })}</p>;
  }
  const currencies = [...new Set([plan.currency, ...CURRENCIES])];
  return (
    <div className="terms">
      <label>
        <span>{t('load.timezone')}</span>
        <select
          data-raw
          value={plan.timezone}
          onChange={(event) => onChange({ timezone: event.target.value })}
        >
          {zones(plan.timezone).map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
        <small>{plan.timezone_why[lang]}</small>
      </label>
      <label>
        <span>{t('load.currency')}</span>
        <select
          data-raw
          value={plan.currency}
          onChange={(event) => onChange({ currency: event.target.value })}
        >
          {currencies.map((currency) => (
            <option key={currency}>{currency}</option>
          ))}
        </select>
        <small>{plan.currency_why[lang]}</small>
      </label>
      <p className="footnote">{t('load.terms_once')}</p>
    </div>
  );
}
