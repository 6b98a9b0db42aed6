/** Why a message does not fit, in the reader's language; what is not known here stays as the server says it. */
import type { TFunction } from 'i18next';

const MISSING = /^(\S+): is missing: /;
const WRONG = /^(\S+): is (.+) and not (.+), as the schema wants/;

/** As stages/listen names what it found and what it wants. */
const KINDS: Record<string, string> = {
  null: 'null',
  'true or false': 'boolean',
  'a number': 'number',
  'a whole number': 'integer',
  'a text': 'text',
  'a list': 'list',
  'an object': 'object',
  'an instant of ISO 8601': 'time',
};

export interface AsideWords {
  /** Which property. */
  path: string;
  /** What is wrong with it. */
  text: string;
}

export function asideWords(reason: string, t: TFunction): AsideWords | null {
  const missing = reason.match(MISSING)?.[1];
  if (missing) return { path: missing, text: t('aside.missing') };
  const [, path, found = '', wanted = ''] = reason.match(WRONG) ?? [];
  const [is, not] = [KINDS[found], KINDS[wanted]];
  if (!path || !is || !not) return null;
  return { path, text: t('aside.wrong', { found: t(`json_kind.${is}`), wanted: t(`json_kind.${not}`) }) };
}
