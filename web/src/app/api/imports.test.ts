import { expect, test } from 'vitest';
import { corrected } from './imports.ts';

test('a column that gets a meaning takes it from the column that had it', () => {
  expect(corrected([], { name: '备注' }, 'item')).toEqual([{ field: 'item', column: '备注' }]);
});

test('the meaning that a column loses belongs to no column', () => {
  expect(corrected([], { name: 'buyer', field: 'phone' }, 'email')).toEqual([
    { field: 'phone', column: '-' },
    { field: 'email', column: 'buyer' },
  ]);
  expect(corrected([], { name: 'buyer', field: 'phone' }, null)).toEqual([{ field: 'phone', column: '-' }]);
});

test('the last word about a meaning counts', () => {
  const first = corrected([], { name: 'a', field: 'phone' }, null);
  expect(corrected(first, { name: 'b' }, 'phone')).toEqual([{ field: 'phone', column: 'b' }]);
});
