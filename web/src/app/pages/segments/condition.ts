/**
 * The condition of a segment: as the server has it, and as the form holds it while somebody edits. In the
 * form every part has an identity, and what was typed stays text until it is sent.
 */
import type { Behaviour, ColumnInfo } from '../../api/types.ts';

type Value = string | number | boolean;

export interface Compared {
  is: Is;
  value?: Value;
  values?: Value[];
  least?: Value;
  most?: Value;
}

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition; unknown_too?: boolean }
  | ({ column: string } & Compared)
  | ({ behaviour: Behaviour } & Compared)
  | { segment: string }
  | { list: string }
  | { tag: string }
  | { sql: string };

export type Is =
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'at_most'
  | 'more'
  | 'at_least'
  | 'one_of'
  | 'none_of'
  | 'between'
  | 'contains'
  | 'begins_with'
  | 'known'
  | 'unknown'
  | 'yes'
  | 'no'
  | 'within_days'
  | 'before_days';

/** How values of a column are asked for. */
export type Family = 'number' | 'day' | 'time' | 'word' | 'bool' | 'text';

/** The ways to compare that each family offers, the usual one first. */
export const COMPARISONS: Record<Family, Is[]> = {
  number: ['at_least', 'at_most', 'more', 'less', 'equal', 'not_equal', 'between', 'known', 'unknown'],
  day: ['within_days', 'before_days', 'at_least', 'at_most', 'between', 'equal', 'known', 'unknown'],
  time: ['within_days', 'before_days', 'known', 'unknown'],
  word: ['one_of', 'none_of', 'known', 'unknown'],
  bool: ['yes', 'no', 'known', 'unknown'],
  text: ['one_of', 'none_of', 'contains', 'begins_with', 'known', 'unknown'],
};

export type Taken = 'nothing' | 'days' | 'several' | 'two' | 'one';

/** How much a way to compare wants to be told. */
export function takes(is: Is): Taken {
  switch (is) {
    case 'known':
    case 'unknown':
    case 'yes':
    case 'no':
      return 'nothing';
    case 'within_days':
    case 'before_days':
      return 'days';
    case 'one_of':
    case 'none_of':
      return 'several';
    case 'between':
      return 'two';
    default:
      return 'one';
  }
}

export interface Comparison {
  is: Is;
  value: string;
  values: string[];
  least: string;
  most: string;
}

export type MemberOf = 'segment' | 'list' | 'tag';

export interface Group {
  id: number;
  kind: 'group';
  joiner: 'all' | 'any';
  negated: boolean;
  /** Those to whom it is unknown are taken too; of a negated group only. */
  unknownToo: boolean;
  parts: Part[];
}

export interface ColumnPart {
  id: number;
  kind: 'column';
  column: string;
  comparison: Comparison;
}

export interface BehaviourPart {
  id: number;
  kind: 'behaviour';
  behaviour: Behaviour;
  comparison: Comparison;
}

export interface MemberPart {
  id: number;
  kind: MemberOf;
  name: string;
  negated: boolean;
  unknownToo: boolean;
}

export interface SqlPart {
  id: number;
  kind: 'sql';
  sql: string;
}

export type Part = Group | ColumnPart | BehaviourPart | MemberPart | SqlPart;

let lastId = 0;

export function newId(): number {
  lastId += 1;
  return lastId;
}

const FAMILY: Record<string, Family> = {
  int: 'number',
  float: 'number',
  money: 'number',
  day: 'day',
  time: 'time',
  word: 'word',
  bool: 'bool',
};

export function familyOfColumn(column: ColumnInfo | undefined): Family {
  return FAMILY[column?.type ?? ''] ?? 'text';
}

const OF_TIME = ['time', 'received'];
const OF_TEXT = ['name', 'kind', 'channel', 'source', 'campaign', 'item', 'store', 'staff', 'category'];

/** What a figure of events comes to. */
export function familyOfBehaviour({ function: figure, of }: Behaviour): Family {
  if (!['min', 'max', 'first', 'last'].includes(figure)) return 'number';
  if (of === 'day') return 'day';
  if (OF_TIME.includes(of ?? '')) return 'time';
  return OF_TEXT.includes(of ?? '') ? 'text' : 'number';
}

export function emptyComparison(family: Family): Comparison {
  const is = COMPARISONS[family][0] ?? 'known';
  return { is, value: takes(is) === 'days' ? '30' : '', values: [], least: '', most: '' };
}

export function newGroup(joiner: 'all' | 'any', parts: Part[] = []): Group {
  return { id: newId(), kind: 'group', joiner, negated: false, unknownToo: false, parts };
}

export function newColumn(column: ColumnInfo | undefined): ColumnPart {
  const comparison = emptyComparison(familyOfColumn(column));
  return { id: newId(), kind: 'column', column: column?.name ?? '', comparison };
}

export function newBehaviour(): BehaviourPart {
  return {
    id: newId(),
    kind: 'behaviour',
    behaviour: { function: 'count', events: [], window: '90d' },
    comparison: { ...emptyComparison('number'), value: '1' },
  };
}

export function newMember(kind: MemberOf): MemberPart {
  return { id: newId(), kind, name: '', negated: false, unknownToo: false };
}

const text = (value: Value | undefined): string => (value === undefined ? '' : String(value));

/** A word that it is, is one of one: the form has one way to say so. */
function comparisonOf(compared: Compared, family: Family): Comparison {
  const { is, value, values, least, most } = compared;
  const isWord = family === 'word' || family === 'text';
  const listed: Is | null = is === 'equal' ? 'one_of' : is === 'not_equal' ? 'none_of' : null;
  if (isWord && listed) return { ...emptyComparison(family), is: listed, values: [text(value)] };
  return { is, value: text(value), values: (values ?? []).map(text), least: text(least), most: text(most) };
}

type Columns = ColumnInfo[];

function partOf(condition: Condition, columns: Columns): Part {
  if ('all' in condition) return newGroup('all', partsOf(condition.all, columns));
  if ('any' in condition) return newGroup('any', partsOf(condition.any, columns));
  if ('not' in condition) return negated(partOf(condition.not, columns), condition.unknown_too ?? false);
  if ('column' in condition) {
    const column = columns.find((each) => each.name === condition.column);
    const comparison = comparisonOf(condition, familyOfColumn(column));
    return { id: newId(), kind: 'column', column: condition.column, comparison };
  }
  if ('behaviour' in condition) {
    const { behaviour } = condition;
    const comparison = comparisonOf(condition, familyOfBehaviour(behaviour));
    return { id: newId(), kind: 'behaviour', behaviour, comparison };
  }
  return leafOf(condition);
}

function leafOf(
  condition: Extract<Condition, { segment: string } | { list: string } | { tag: string } | { sql: string }>,
): Part {
  if ('segment' in condition) return { ...newMember('segment'), name: condition.segment };
  if ('list' in condition) return { ...newMember('list'), name: condition.list };
  if ('tag' in condition) return { ...newMember('tag'), name: condition.tag };
  return { id: newId(), kind: 'sql', sql: condition.sql };
}

function partsOf(conditions: Condition[], columns: Columns): Part[] {
  return conditions.map((each) => partOf(each, columns));
}

/** The opposite: said by a group or a membership itself, by a group around anything else. */
function negated(part: Part, unknownToo: boolean): Part {
  const says = part.kind === 'group' || isMember(part);
  if (says && !part.negated) return { ...part, negated: true, unknownToo };
  return { ...newGroup('all', [part]), negated: true, unknownToo };
}

export function isMember(part: Part): part is MemberPart {
  return part.kind === 'segment' || part.kind === 'list' || part.kind === 'tag';
}

/** The whole as the form shows it: a group, whatever it is. */
export function formOf(condition: Condition, columns: Columns): Group {
  const part = partOf(condition, columns);
  return part.kind === 'group' ? part : newGroup('all', [part]);
}

function typedValue(value: string, family: Family): Value {
  return family === 'number' ? Number(value) : value;
}

function comparedBy(comparison: Comparison, family: Family): Compared {
  const { is, value, values, least, most } = comparison;
  switch (takes(is)) {
    case 'nothing':
      return { is };
    case 'days':
      return { is, value: Number(value) };
    case 'several':
      return { is, values: values.map((each) => typedValue(each, family)) };
    case 'two':
      return { is, least: typedValue(least, family), most: typedValue(most, family) };
    default:
      return { is, value: typedValue(value, family) };
  }
}

/** As the server takes it. */
export function conditionOf(part: Part, columns: Columns): Condition {
  if (part.kind === 'group') {
    const parts = part.parts.map((each) => conditionOf(each, columns));
    return opposite(part.joiner === 'all' ? { all: parts } : { any: parts }, part);
  }
  if (part.kind === 'column') {
    const column = columns.find((each) => each.name === part.column);
    return { column: part.column, ...comparedBy(part.comparison, familyOfColumn(column)) };
  }
  if (part.kind === 'behaviour') {
    const { behaviour, comparison } = part;
    return { behaviour, ...comparedBy(comparison, familyOfBehaviour(behaviour)) };
  }
  if (part.kind === 'sql') return { sql: part.sql };
  const { kind, name } = part;
  const member = kind === 'segment' ? { segment: name } : kind === 'list' ? { list: name } : { tag: name };
  return opposite(member, part);
}

interface MaybeNegated {
  negated: boolean;
  unknownToo: boolean;
}

function opposite(condition: Condition, part: MaybeNegated): Condition {
  if (!part.negated) return condition;
  return part.unknownToo ? { not: condition, unknown_too: true } : { not: condition };
}

const isNumber = (value: string) => value.trim() !== '' && Number.isFinite(Number(value));

function says(comparison: Comparison, family: Family): boolean {
  const { is, value, values, least, most } = comparison;
  const good = (each: string) => (family === 'number' ? isNumber(each) : each.trim() !== '');
  switch (takes(is)) {
    case 'nothing':
      return true;
    case 'days':
      return /^[1-9]\d{0,4}$/.test(value);
    case 'several':
      return values.length > 0 && values.every(good);
    case 'two':
      return good(least) && good(most);
    default:
      return good(value);
  }
}

/** Whether all is said that it takes; the server is asked only then. */
export function isComplete(part: Part, columns: Columns): boolean {
  switch (part.kind) {
    case 'group':
      return part.parts.length > 0 && part.parts.every((each) => isComplete(each, columns));
    case 'column': {
      const column = columns.find((each) => each.name === part.column);
      return part.column !== '' && says(part.comparison, familyOfColumn(column));
    }
    case 'behaviour': {
      const { behaviour, comparison } = part;
      const needsOf = !['count', 'days_since', 'streak', 'sequence'].includes(behaviour.function);
      return (!needsOf || Boolean(behaviour.of)) && says(comparison, familyOfBehaviour(behaviour));
    }
    case 'sql':
      return part.sql.trim() !== '';
    default:
      return part.name !== '';
  }
}

/** The part that a path of the server names, such as `all[0].any[1].value`; the deepest that there is. */
export function partAt(root: Group, path: string): Part {
  let part: Part = root;
  for (const [, place] of path.matchAll(/\b(?:all|any)\[(\d+)\]/g)) {
    const inner: Part | undefined = part.kind === 'group' ? part.parts[Number(place)] : undefined;
    if (!inner) break;
    part = inner;
  }
  return part;
}

/** A name for programs made of a title for people: `Key accounts, at risk` becomes `key_accounts_at_risk`. */
export function nameOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return plain.slice(0, 63).replace(/_+$/, '');
}

export function isName(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,62}$/.test(name);
}
