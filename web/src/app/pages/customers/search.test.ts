import { expect, test } from 'vitest';
import { listed, readCustomersSearch, readRanges, sortOrder, sortWord, withRange } from './search.ts';

test('an address says what it can and nothing else', () => {
  const search = { stage: 'at_risk,lost', sort: '-revenue', page: '3', phone: '13800138000', segment: '<b>' };
  expect(readCustomersSearch(search)).toEqual({
    stage: 'at_risk,lost',
    segment: undefined,
    range: undefined,
    in_segment: undefined,
    in_list: undefined,
    has_tag: undefined,
    finding: undefined,
    sort: '-revenue',
    page: 3,
  });
});

test('segments, a list and a tag stand in the address by their names', () => {
  const search = { in_segment: 'a,b_2', in_list: '双11 大客户', has_tag: "VIP's" };
  expect(readCustomersSearch(search)).toMatchObject(search);
  expect(readCustomersSearch({ in_segment: "a' or", has_tag: '', in_list: 'x'.repeat(64) })).toMatchObject({
    in_segment: undefined,
    in_list: undefined,
    has_tag: undefined,
  });
});

test.each([['0'], ['1'], ['-4'], ['2.5'], ['x'], [undefined]])('page %s is the first', (page) => {
  expect(readCustomersSearch({ page }).page).toBeUndefined();
});

test('a click on a head is written and read back', () => {
  for (const order of ['ascend', 'descend'] as const) {
    expect(sortOrder(sortWord('orders', order), 'orders')).toBe(order);
  }
  expect(sortWord('orders', null)).toBeUndefined();
  expect(sortOrder('-orders', 'revenue')).toBeNull();
  expect(listed('a,,b')).toEqual(['a', 'b']);
});

test('a column has one range, and an empty one goes away', () => {
  const once = withRange(undefined, { column: 'orders', least: '3', most: '' });
  expect(once).toBe('orders:3:');
  const twice = withRange(once, { column: 'last_order_day', least: '2026-01-01', most: '2026-03-31' });
  expect(readCustomersSearch({ range: twice }).range).toBe(twice);
  expect(readRanges(twice)).toHaveLength(2);
  expect(
    withRange(withRange(twice, { column: 'orders', least: '5', most: '9' }), {
      column: 'last_order_day',
      least: '',
      most: '',
    }),
  ).toBe('orders:5:9');
  expect(readCustomersSearch({ range: 'orders:x:,a b:1:' }).range).toBeUndefined();
});
