/** Keys of customers as they are pasted: one a line. */
export const KEY_KINDS = [
  'member',
  'phone',
  'email',
  'unionid',
  'openid',
  'external_userid',
  'platform',
  'anonymous',
] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** Each key with the line that it stands in, from 1; empty lines hold none. */
export function linesOf(text: string): { line: number; key: string }[] {
  return text
    .split(/\r?\n/)
    .map((line, place) => ({ line: place + 1, key: line.trim() }))
    .filter(({ key }) => key !== '');
}
