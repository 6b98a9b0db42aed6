import { afterEach, expect, test, vi } from 'vitest';
import { downloadNamed, nameOf } from './client.ts';

afterEach(() => vi.unstubAllGlobals());

test('a file has the name that the server gives it, in any language', () => {
  const told = `attachment; filename="customers-2026-03-01.csv"; filename*=UTF-8''%E5%AE%A2%E6%88%B7-2026-03-01.csv`;
  expect(nameOf(told)).toBe('客户-2026-03-01.csv');
  expect(nameOf(null)).toBe('customers');
});

test('a file that is refused or breaks off is an error and no file', async () => {
  const refused = { error: { code: 'unavailable', message: 'four files are being written' } };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(refused), { status: 503 }));
  await expect(downloadNamed('/api/customers/export')).rejects.toMatchObject({
    status: 503,
    message: 'four files are being written',
  });
  const broken = new ReadableStream({ pull: (pieces) => pieces.error(new Error('broke off')) });
  vi.stubGlobal('fetch', async () => new Response(broken));
  await expect(downloadNamed('/api/customers/export')).rejects.toMatchObject({ code: 'offline' });
});
