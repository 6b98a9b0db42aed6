import { describe, expect, test } from 'vitest';
import type { ColumnInfo } from '../../api/types.ts';
import {
  type Condition,
  conditionOf,
  formOf,
  isComplete,
  isName,
  nameOf,
  newColumn,
  newGroup,
  partAt,
} from './condition.ts';
import { linePlace, linesOf } from './keys.ts';
import { lineOf } from './SqlField.tsx';
import { namedIn } from './useDraft.ts';

const column = (name: string, type: string, words: string[] = []) => ({ name, type, words }) as ColumnInfo;
const COLUMNS = [
  column('orders', 'int'),
  column('revenue', 'money'),
  column('last_order_day', 'day'),
  column('stage', 'word', ['new', 'lost']),
];

describe('a condition through the form', () => {
  test.each<[string, Condition]>([
    ['numbers stay numbers', { all: [{ column: 'revenue', is: 'at_least', value: 12.5 }] }],
    ['two ends', { any: [{ column: 'orders', is: 'between', least: 1, most: 4 }] }],
    ['days', { all: [{ column: 'last_order_day', is: 'within_days', value: 30 }] }],
    ['a day', { all: [{ column: 'last_order_day', is: 'at_least', value: '2026-03-01' }] }],
    ['words', { all: [{ column: 'stage', is: 'one_of', values: ['new', 'lost'] }] }],
    ['nothing to tell', { all: [{ column: 'orders', is: 'unknown' }] }],
    ['groups in groups', { all: [{ any: [{ segment: 'a' }, { list: 'b' }] }, { tag: '大客户' }] }],
    ['none of these', { not: { any: [{ segment: 'a' }, { sql: 'orders > 2' }] } }],
    ['not in, or unknown', { all: [{ not: { segment: 'a' }, unknown_too: true }] }],
    [
      'behaviour',
      {
        all: [
          {
            behaviour: {
              function: 'count',
              events: ['Product Viewed'],
              where: "p_tea = 'oolong'",
              window: '90d',
            },
            is: 'at_least',
            value: 3,
          },
        ],
      },
    ],
  ])('comes out as it went in: %s', (_, condition) => {
    expect(conditionOf(formOf(condition, COLUMNS), COLUMNS)).toEqual(condition);
  });

  test('a single one stands in a group, and what cannot say not of itself stands in one that does', () => {
    const one: Condition = { not: { column: 'orders', is: 'more', value: 2 } };
    const form = formOf(one, COLUMNS);
    expect(form.negated).toBe(true);
    expect(conditionOf(form, COLUMNS)).toEqual({
      not: { all: [{ column: 'orders', is: 'more', value: 2 }] },
    });
    const twice = formOf({ not: { not: { all: [] } } }, COLUMNS);
    expect(conditionOf(twice, COLUMNS)).toEqual({ not: { all: [{ not: { all: [] } }] } });
  });

  test('a word that it is, is one of one', () => {
    const form = formOf({ column: 'stage', is: 'equal', value: 'lost' }, COLUMNS);
    expect(conditionOf(form, COLUMNS)).toEqual({
      all: [{ column: 'stage', is: 'one_of', values: ['lost'] }],
    });
  });
});

test('a figure that the SQL names no more is left out', () => {
  const metrics = [{ name: 'order_count_90d' }, { name: 'order_count_9' }];
  expect(namedIn('order_count_90d > 3 and orders > 1', metrics)).toEqual([{ name: 'order_count_90d' }]);
  expect(namedIn('orders > 1', metrics)).toEqual([]);
});

test('what is not said in full is not asked', () => {
  const form = (condition: Condition) => formOf(condition, COLUMNS);
  expect(isComplete(newGroup('all'), COLUMNS)).toBe(false);
  expect(isComplete(newGroup('all', [newColumn(COLUMNS[0])]), COLUMNS)).toBe(false);
  expect(isComplete(newGroup('all', [newColumn(COLUMNS[2])]), COLUMNS)).toBe(true);
  expect(isComplete(form({ column: 'stage', is: 'one_of', values: [] }), COLUMNS)).toBe(false);
  expect(isComplete(form({ column: 'orders', is: 'between', least: 1, most: '' }), COLUMNS)).toBe(false);
  expect(isComplete(form({ column: 'last_order_day', is: 'within_days', value: 0 }), COLUMNS)).toBe(false);
  expect(isComplete(form({ any: [{ tag: '' }] }), COLUMNS)).toBe(false);
});

test('the server’s path of a fault leads to the part that has it', () => {
  const form = formOf({ all: [{ tag: 'a' }, { not: { any: [{ tag: 'b' }, { tag: 'c' }] } }] }, COLUMNS);
  expect(partAt(form, 'condition.all[1].not.any[1].tag')).toMatchObject({ kind: 'tag', name: 'c' });
  expect(partAt(form, 'condition.all[0].tag')).toMatchObject({ name: 'a' });
  expect(partAt(form, 'condition.all[9]')).toBe(form);
});

test.each([
  ['Key accounts, at risk', 'key_accounts_at_risk'],
  ['  2nd order missing ', 'nd_order_missing'],
  ['Café — été', 'cafe_ete'],
  ['大客户', ''],
])('%s is called %s by programs', (title, name) => {
  expect(nameOf(title)).toBe(name);
  expect(isName(name)).toBe(name !== '');
});

test('a fault stands in its line, in letters, not in bytes', () => {
  const sql = "has_tag('大客户')\nand nobody > 3";
  expect(lineOf(sql, 19)).toEqual({ line: 2, column: 5, text: 'and nobody > 3' });
  expect(lineOf('', 0)).toEqual({ line: 1, column: 1, text: '' });
});

test('pasted keys keep their lines, and the server’s place leads to one', () => {
  const lines = linesOf('a\r\n\n b \n');
  expect(lines).toEqual([
    { line: 1, key: 'a' },
    { line: 3, key: 'b' },
  ]);
  expect(linePlace('add_keys[1].value', lines)).toEqual({ line: 3, key: 'b' });
  expect(linePlace('name', lines)).toBeNull();
});
