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

/** ISO 4217 for none. */
const NONE = 'XXX';

interface Props {
  plan: Plan;
  onChange(changes: { timezone?: string; currency?: string }): void;
}

export function Terms({ plan, onChange }: Props) {
  const { t, lang } = useApp();
  if (plan.settled) {
    const currency = plan.currency === NONE ? t('load.without_currency') : plan.currency;
    return <p className="footnote">{t('load.settled', { zone: plan.timezone, currency })}</p>;
  }
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
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
      {here === plan.timezone ? null : (
        <button type="button" className="plain" onClick={() => onChange({ timezone: here })}>
          {t('load.zone_here', { zone: here })}
        </button>
      )}
      <label>
        <span>{t('load.currency')}</span>
        <select
          data-raw
          value={plan.currency}
          onChange={(event) => onChange({ currency: event.target.value })}
        >
          {currencies.map((currency) => (
            <option key={currency} value={currency}>
              {currency === NONE ? t('load.no_currency') : currency}
            </option>
          ))}
        </select>
        <small>{plan.currency_why[lang]}</small>
      </label>
      <p className={plan.currency === NONE ? 'notice' : 'footnote'}>
        {t(plan.currency === NONE ? 'load.terms_missing' : 'load.terms_once')}
      </p>
    </div>
  );
}
