/** Names of stages and segments in the reader's language; a name the page does not know stays as written. */
import type { TFunction } from 'i18next';

export const STAGES = ['new', 'active', 'loyal', 'at_risk', 'lapsed', 'lost', 'won_back'];

/** Best first, as the engine lists them. */
export const SEGMENTS = [
  'champions',
  'loyal',
  'potential_loyalist',
  'new',
  'promising',
  'need_attention',
  'about_to_sleep',
  'cant_lose',
  'at_risk',
  'hibernating',
  'lost',
];

export function stageName(t: TFunction, stage: string): string {
  return t(`stage.${stage}`, { defaultValue: stage });
}

/** The engine's rule in the reader's words, with the engine's own numbers in it. */
export function stageRule(t: TFunction, { stage, rule }: { stage: string; rule: string }): string {
  const [a, b] = rule.match(/\d+(\.\d+)?/g) ?? [];
  return t(`stage_rule.${stage}`, { a, b, defaultValue: rule });
}

/** One word of the engine's description of a file: `comma`, `header on line 2`. */
function fileWord(t: TFunction, word: string): string {
  const [, place, line] = word.match(/^header on (line|row) (\d+)$/) ?? [];
  if (place) return t(`file.header_${place}`, { n: line });
  const [, sheet] = word.match(/^sheet (.+)$/) ?? [];
  if (sheet) return t('file.sheet', { name: sheet });
  const [, rows] = word.match(/^(\d+) rows$/) ?? [];
  if (rows) return t('file.rows', { n: rows });
  return t(`file.${word.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`, { defaultValue: word });
}

/** What a file is, in the reader's words. */
export function fileDescription(t: TFunction, description: string): string {
  return description
    .split(', ')
    .map((word) => fileWord(t, word))
    .join(t('file.join'));
}

export function segmentName(t: TFunction, segment: string): string {
  return t(`segment.${segment}`, { defaultValue: segment });
}

/** RFM segment by FM score (row, 1–5) and R score (column, 1–5): the default map of mechanism 1.10. */
const SEGMENT_MAP = [
  ['lost', 'hibernating', 'about_to_sleep', 'promising', 'new'],
  ['lost', 'hibernating', 'about_to_sleep', 'potential_loyalist', 'potential_loyalist'],
  ['at_risk', 'at_risk', 'need_attention', 'potential_loyalist', 'potential_loyalist'],
  ['at_risk', 'at_risk', 'loyal', 'loyal', 'champions'],
  ['cant_lose', 'cant_lose', 'loyal', 'champions', 'champions'],
];

export function segmentOfCell(r: number, fm: number): string {
  return SEGMENT_MAP[fm - 1]?.[r - 1] ?? 'lost';
}
