/** Why two customers were joined, in the reader's language; what a person wrote stays as written. */
import type { TFunction } from 'i18next';

const WRITTEN: [RegExp, string][] = [
  [/^suggestion \d+, by (\w+)$/, 'reason.suggestion'],
  [/^anonymous seen with (\w+)$/, 'reason.seen_with'],
];

export function mergeReason(reason: string, t: TFunction): string {
  for (const [form, key] of WRITTEN) {
    const kind = reason.match(form)?.[1];
    if (kind) return t(key, { key: t(`key.${kind}`, { defaultValue: kind }).toLocaleLowerCase() });
  }
  return reason;
}
