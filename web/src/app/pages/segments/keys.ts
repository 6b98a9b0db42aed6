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

export interface KeyLine {
  line: number;
  key: string;
}

/** Each key with the line that it stands in, from 1; empty lines hold none. */
export function linesOf(text: string): KeyLine[] {
  return text
    .split(/\r?\n/)
    .map((line, place) => ({ line: place + 1, key: line.trim() }))
    .filter(({ key }) => key !== '');
}

/** The line that an error of the server is about, such as `add_keys[3].value`. */
export function linePlace(at: string | null, lines: KeyLine[]): KeyLine | null {
  const [, place] = at?.match(/^add_keys\[(\d+)\]/) ?? [];
  return place === undefined ? null : (lines[Number(place)] ?? null);
}
