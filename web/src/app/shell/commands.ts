/** What the palette offers for what has been typed. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useScheme } from '../../design/scheme.tsx';
import { stageName } from '../../lib/names.ts';
import { findQuery } from '../api/customers.ts';
import { segmentsQuery } from '../api/segments.ts';
import { useMay } from '../api/session.ts';
import { useLanguage } from '../language.ts';
import { useSettled } from '../settled.ts';
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

/** Shorter texts are no key of anybody. */
const SHORTEST_KEY = 2;

const TYPING_PAUSE_MS = 220;

/** Whether each word typed occurs in the name, in any order and case. */
export function matches(name: string, query: string): boolean {
  const lower = name.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
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

/** Shorter texts would find them all. */
const MOST_SEGMENTS = 8;

function useSegments(query: string): Command[] {
  const { t } = useTranslation();
  const { lang } = useLanguage();
  const may = useMay();
  const navigate = useNavigate();
  const { data } = useQuery({ ...segmentsQuery, enabled: query !== '' && may('read_figures') });
  if (query === '') return [];
  return (data?.segments ?? [])
    .filter(({ name, title }) => matches(`${name} ${title.zh} ${title.en}`, query))
    .slice(0, MOST_SEGMENTS)
    .map(({ name, title }) => ({
      key: `segment-${name}`,
      name: title[lang],
      note: t('segments.one'),
      icon: 'segments',
      isData: true,
      run: () => void navigate({ to: '/segments/$name', params: { name } }),
    }));
}

export function useCommands(query: string): { commands: Command[]; isSearching: boolean } {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const actions = useActions();
  const segments = useSegments(query.trim());
  const asked = useSettled(query.trim(), TYPING_PAUSE_MS);
  const searches = asked.length >= SHORTEST_KEY && may('find_customer') && may('read_customers');
  const { data, isFetching } = useQuery({ ...findQuery(asked), enabled: searches });
  const places = placesFor(may).map((place): Command => {
    const name = t(`place.${place.id}`);
    const note = place.group === 'settings' ? t('shell.settings') : undefined;
    return { key: place.id, name, note, icon: place.id, run: () => void navigate({ to: place.to }) };
  });
  const people = (searches ? (data?.matches ?? []) : []).map(
    ({ customer_id: customerId, by, order, customer }): Command => ({
      key: `customer-${customerId}`,
      name: by?.value ?? order?.order_id ?? t('people.number', { id: customerId }),
      note: stageName(t, customer.stage?.stage ?? 'none'),
      icon: 'members',
      isData: true,
      run: () => void navigate({ to: '/customers/$customerId', params: { customerId } }),
    }),
  );
  const words = [...places, ...actions].filter((command) => matches(command.name, query.trim()));
  return { commands: [...words, ...segments, ...people], isSearching: searches && isFetching };
}
