import { describe, expect, test } from 'vitest';
import { ApiError, address, errorOf } from './api/client.ts';
import type { ActivePoint, ColumnInfo } from './api/types.ts';
import type { Permission } from './api/words.ts';
import { problemKey } from './components/Problem.tsx';
import { chosenColumns } from './pages/customers/columns.ts';
import { wantedPage } from './pages/door/useEnter.ts';
import { LANGUAGES, snippet } from './pages/settings/snippets.ts';
import { dayOfData } from './pages/today/AsOf.tsx';
import { changeSince } from './pages/today/changes.ts';
import { pickedStage } from './pages/today/Flow.tsx';
import { matches } from './shell/commands.ts';
import { placesFor } from './shell/places.ts';

describe('calls', () => {
  test('what is not set is not asked', () => {
    expect(address('/api/x', { a: 1, b: undefined, c: null, d: '', e: 'é&' })).toBe('/api/x?a=1&e=%C3%A9%26');
    expect(address('/api/x')).toBe('/api/x');
  });

  test('an error keeps its code and place, and one without a body is no surprise', () => {
    const told = errorOf(400, '{"error":{"code":"wrong_name","message":"too long","at":"name"}}');
    expect([told.status, told.code, told.message, told.at]).toEqual([400, 'wrong_name', 'too long', 'name']);
    expect(errorOf(502, '<html>').code).toBe('http_502');
  });

  test('every error has words', () => {
    expect(problemKey(new ApiError(0, 'offline', ''))).toBe('offline');
    expect(problemKey(new ApiError(403, 'forbidden', ''))).toBe('forbidden');
    expect(problemKey(new ApiError(429, 'too_many_attempts', ''))).toBe('too_many_requests');
    expect(problemKey(new ApiError(500, 'internal', ''))).toBe('server');
    expect(problemKey(new ApiError(422, 'odd', ''))).toBe('other');
    expect(problemKey(new TypeError('x is undefined'))).toBe('page');
  });
});

test.each([
  ['/customers?stage=lost', '/customers?stage=lost'],
  [undefined, '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
])('after signing in, %s leads to %s', (to, page) => {
  expect(wantedPage(to)).toBe(page);
});

test('a role sees its places alone', () => {
  const as = (...permissions: Permission[]) =>
    placesFor((permission) => permissions.includes(permission)).map((place) => place.id);
  expect(as('read_figures')).toEqual(['today', 'segments']);
  expect(as('find_customer', 'edit_customers')).toEqual(['customers']);
  expect(as()).toEqual([]);
});

test('the palette finds words in any order and case', () => {
  expect(matches('API tokens', 'TOK api')).toBe(true);
  expect(matches('审计', '审')).toBe(true);
  expect(matches('Audit', 'audits')).toBe(false);
  expect(matches('Audit', '')).toBe(true);
});

test('a click on the flow leads to the stage that it ends in', () => {
  expect(pickedStage({ dataType: 'edge', data: { source: 'from:new', target: 'to:lost' } })).toBe('lost');
  expect(pickedStage({ dataType: 'node', name: 'to:active' })).toBe('active');
  expect(pickedStage({ dataType: 'node', name: 'from:active' })).toBeNull();
});

test('columns are those that there are, in the table’s order, else the server’s', () => {
  const column = (name: string, shown: boolean) => ({ name, shown }) as ColumnInfo;
  const all = [column('a', true), column('b', false), column('c', true)];
  const names = (wanted: string[] | null) => chosenColumns(all, wanted).map((each) => each.name);
  expect(names(null)).toEqual(['a', 'c']);
  expect(names(['c', 'gone', 'b'])).toEqual(['b', 'c']);
  expect(names(['gone'])).toEqual(['a', 'c']);
});

describe('the active rate’s change', () => {
  const point = (day: string, rate: number | null): ActivePoint => ({ day, rate, active: 1, base: 10 });

  test('is against the point nearest to then', () => {
    const points = [point('2025-11-30', 0.2), point('2026-10-31', 0.3), point('2026-11-20', 0.33)];
    expect(changeSince(points, 30)).toBeCloseTo(0.03);
    expect(changeSince(points, 365)).toBeCloseTo(0.13);
  });

  test('is unknown where nothing is near, or nothing is known', () => {
    expect(changeSince([point('2026-11-20', 0.33)], 30)).toBeNull();
    expect(changeSince([point('2026-10-20', null), point('2026-11-20', 0.33)], 30)).toBeNull();
    expect(changeSince([], 30)).toBeNull();
  });
});

test('old data is looked at as of the day after it', () => {
  const day = 86_400_000_000;
  expect(dayOfData({ as_of_us: 100 * day, latest_event_us: 10 * day })).toBe(11 * day);
  expect(dayOfData({ as_of_us: 100 * day, latest_event_us: 99 * day })).toBeNull();
  expect(dayOfData({ as_of_us: 100 * day, latest_event_us: null })).toBeNull();
});

test.each(LANGUAGES)('the lines for %s name the server and the key', (language) => {
  const lines = snippet(language, 'https://data.example', 'wk_secret');
  expect(lines).toContain('data.example');
  expect(lines).toContain('wk_secret');
  expect(snippet(language, 'https://data.example', null)).toContain('WRITE_KEY');
});
