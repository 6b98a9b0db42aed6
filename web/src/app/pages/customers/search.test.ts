import { expect, test } from 'vitest';
import { listed, readCustomersSearch, sortOrder, sortWord } from './search.ts';

test('an address says what it can and nothing else', () => {
  const search = { stage: 'at_risk,lost', sort: '-revenue', page: '3', phone: '13800138000', segment: '<b>' };
  expect(readCustomersSearch(search)).toEqual({
    stage: 'at_risk,lost',
    segment: undefined,
    finding: undefined,
    sort: '-revenue',
    page: 3,
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
