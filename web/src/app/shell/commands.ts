/** What the palette offers for what has been typed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { useScheme } from '../../design/scheme.tsx';
import { stageName } from '../../lib/names.ts';
import { customersQuery } from '../api/customers.ts';
import { useMay } from '../api/session.ts';
import type { CustomerRow } from '../api/types.ts';
import { useLanguage } from '../language.ts';
import { useSignOut } from './MemberMenu.tsx';
import { placesFor } from './places.ts';

export interface Command {
  key: string;
  name: string;
  note?: string;
  icon: string;
  /** The name is data of the brand, not a word of the interface. */
  isData?: boolean;
  run(): void;
}

const CUSTOMERS_SHOWN = 6;

/** Whether each word typed occurs in the name, in any order and case. */
export function matches(name: string, query: string): boolean {
  const lower = name.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** A customer in one line: what they are called, else the number. */
export function customerName(row: CustomerRow, t: TFunction): string {
  const name = row.name ?? row.display_name;
  return typeof name === 'string' && name !== '' ? name : t('people.number', { id: row.customer_id });
}

function useActions(): Command[] {
  const { t } = useTranslation();
  const { scheme, toggle } = useScheme();
  const { lang, choose } = useLanguage();
  const signOut = useSignOut();
  const other = lang === 'zh' ? 'en' : 'zh';
  return [
    {
      key: 'scheme',
      name: t(scheme === 'dark' ? 'palette.light' : 'palette.dark'),
      icon: 'action',
      run: toggle,
    },
    {
      key: 'language',
      name: t('palette.other_language'),
      icon: 'action',
      run: () => choose(other, true),
    },
    { key: 'sign-out', name: t('shell.sign_out'), icon: 'action', run: signOut },
  ];
}

export function useCommands(query: string): { commands: Command[]; isSearching: boolean } {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const actions = useActions();
  const asked = useDeferredValue(query.trim());
  const searches = asked !== '' && (may('read_customers') || may('find_customer'));
  const { data, isFetching } = useQuery({
    ...customersQuery({ search: asked, limit: CUSTOMERS_SHOWN, offset: 0 }),
    enabled: searches,
    placeholderData: keepPreviousData,
  });
  const places = placesFor(may).map((place): Command => {
    const name = t(`place.${place.id}`);
    const note = place.group === 'settings' ? t('shell.settings') : undefined;
    return { key: place.id, name, note, icon: place.id, run: () => void navigate({ to: place.to }) };
  });
  const people = (searches ? (data?.rows ?? []) : []).map(
    (row): Command => ({
      key: `customer-${row.customer_id}`,
      name: customerName(row, t),
      note: typeof row.stage === 'string' ? stageName(t, row.stage) : undefined,
      icon: 'members',
      isData: true,
      run: () => void navigate({ to: '/customers/$customerId', params: { customerId: row.customer_id } }),
    }),
  );
  const words = [...places, ...actions].filter((command) => matches(command.name, query.trim()));
  return { commands: [...words, ...people], isSearching: searches && isFetching };
}
