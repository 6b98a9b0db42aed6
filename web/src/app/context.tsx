/** What every part of a page needs: words, formats in the brand's currency and zone, colours. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrawContext } from '../charts/context.ts';
import { type Lang, makeFormat } from '../design/format.ts';
import { useScheme } from '../design/scheme.tsx';
import { brandQuery } from './api/queries.ts';
import { type Clock, makeClock } from './clock.ts';

export interface AppContext extends DrawContext {
  lang: Lang;
  /** Instants in the brand's zone. */
  clock: Clock;
  currency: string;
  /** Digits of the currency after the point. */
  decimals: number;
}

/** Minor units of a currency as its own standard says. */
function decimalsOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency) || currency === 'XXX') return 2;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

export function useApp(): AppContext {
  const { t, i18n } = useTranslation();
  const { palette } = useScheme();
  const { data: brand } = useQuery(brandQuery);
  const lang = i18n.language as Lang;
  const currency = brand?.currency ?? 'XXX';
  const zone = brand?.timezone ?? 'UTC';
  const decimals = decimalsOf(currency);
  const f = useMemo(() => makeFormat({ lang, currency, decimals }), [lang, currency, decimals]);
  const clock = useMemo(() => makeClock(lang, zone), [lang, zone]);
  return useMemo(
    () => ({ lang, f, t, palette, clock, currency, decimals }),
    [lang, f, t, palette, clock, currency, decimals],
  );
}
