/** Numbers, money and days in the reader's language. Unknown is a dash, never zero. */
import { lastDayBefore } from '../lib/days.ts';

export type Lang = 'zh' | 'en';

export interface FormatSettings {
  lang: Lang;
  /** ISO 4217; `XXX` is unknown and shows plain numbers. */
  currency: string;
  decimals: number;
}

export const UNKNOWN = '–';

/** From this many whole units on, the digits after the point only distract. */
const WHOLE_MONEY_FROM = 10_000;

/** Below this a number is as short in full. */
const COMPACT_FROM = 10_000;

type Value = number | null | undefined;

export interface Format {
  lang: Lang;
  int(value: Value): string;
  decimal(value: Value, digits?: number): string;
  /** Short number for an axis: 1.2万, 12K. */
  compact(value: Value): string;
  percent(rate: Value, digits?: number): string;
  /** `31.1–31.7%`. */
  percentRange(low: Value, high: Value): string;
  /** Change of a rate in percentage points with its sign. */
  points(change: Value): string;
  /** Relative change with its sign. */
  change(rate: Value): string;
  /** Minor units as money. */
  money(minor: Value): string;
  /** Money without small digits: an estimate has none. */
  moneyRound(minor: Value): string;
  moneyCompact(minor: Value): string;
  /** `YYYY-MM-DD`. */
  day(day: string | null | undefined): string;
  dayShort(day: string | null | undefined): string;
  /** `YYYY-MM`. */
  month(month: string): string;
  /** Month for an axis: the year only in January or where asked. */
  monthShort(month: string, withYear: boolean): string;
  /** Last day that an exclusive instant includes. */
  asOf(instant: string): string;
}

const NUMBER_LOCALE: Record<Lang, string> = { zh: 'zh-CN', en: 'en-US' };
const DATE_LOCALE: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' };

function known(value: Value): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function numberFormat(lang: Lang, options: Intl.NumberFormatOptions): (value: Value) => string {
  const intl = new Intl.NumberFormat(NUMBER_LOCALE[lang], options);
  return (value) => (known(value) ? intl.format(value).replace('-', '−') : UNKNOWN);
}

function compactFormat(lang: Lang): (value: Value) => string {
  const full = numberFormat(lang, { maximumFractionDigits: 1 });
  const short = numberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 });
  return (value) => (known(value) && Math.abs(value) >= COMPACT_FROM ? short(value) : full(value));
}

function dateFormat(lang: Lang, options: Intl.DateTimeFormatOptions) {
  const intl = new Intl.DateTimeFormat(DATE_LOCALE[lang], { ...options, timeZone: 'UTC' });
  return (day: string | null | undefined): string => {
    const time = Date.parse(`${(day ?? '').slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(time) ? UNKNOWN : intl.format(time);
  };
}

function currencyOptions(currency: string): Intl.NumberFormatOptions {
  if (!/^[A-Z]{3}$/.test(currency) || currency === 'XXX') return {};
  return { style: 'currency', currency, currencyDisplay: 'narrowSymbol' };
}

function moneyFormat({ lang, currency, decimals }: FormatSettings) {
  const unit = 10 ** decimals;
  const style = currencyOptions(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const exact = numberFormat(lang, { ...style, ...digits });
  const whole = numberFormat(lang, { ...style, minimumFractionDigits: 0, maximumFractionDigits: 0 });
  const short = numberFormat(lang, {
    ...style,
    notation: 'compact',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return {
    money: (minor: Value) => {
      if (!known(minor)) return UNKNOWN;
      const value = minor / unit;
      return Math.abs(value) >= WHOLE_MONEY_FROM ? whole(value) : exact(value);
    },
    moneyRound: (minor: Value) => (known(minor) ? whole(minor / unit) : UNKNOWN),
    moneyCompact: (minor: Value) => {
      if (!known(minor)) return UNKNOWN;
      const value = minor / unit;
      return Math.abs(value) >= COMPACT_FROM ? short(value) : whole(value);
    },
  };
}

function rateFormat(lang: Lang) {
  const percent = (rate: Value, digits = 1): string =>
    numberFormat(lang, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })(
      rate,
    );
  const signed = { signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
  const points = numberFormat(lang, signed);
  return {
    percent,
    percentRange: (low: Value, high: Value) =>
      known(low) && known(high) ? `${percent(low).replace('%', '')}–${percent(high)}` : UNKNOWN,
    points: (change: Value) =>
      known(change) ? `${points(change * 100)}${lang === 'zh' ? ' 个百分点' : ' pp'}` : UNKNOWN,
    change: numberFormat(lang, { style: 'percent', ...signed }),
  };
}

function monthFormat(lang: Lang) {
  const full = dateFormat(lang, { year: 'numeric', month: 'short' });
  const short = dateFormat(lang, { month: 'short' });
  return {
    month: (month: string) => full(`${month}-01`),
    monthShort: (month: string, withYear: boolean) => {
      const name = short(`${month}-01`);
      return withYear || month.endsWith('-01') ? `${name}\n${month.slice(0, 4)}` : name;
    },
  };
}

/** Formatters for one language and one currency. */
export function makeFormat(settings: FormatSettings): Format {
  const { lang } = settings;
  const day = dateFormat(lang, { year: 'numeric', month: 'short', day: 'numeric' });
  return {
    lang,
    int: numberFormat(lang, { maximumFractionDigits: 0 }),
    decimal: (value, digits = 1) =>
      numberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits })(value),
    compact: compactFormat(lang),
    ...rateFormat(lang),
    ...moneyFormat(settings),
    day,
    dayShort: dateFormat(lang, { month: 'short', day: 'numeric' }),
    ...monthFormat(lang),
    asOf: (instant) => day(lastDayBefore(instant)),
  };
}
