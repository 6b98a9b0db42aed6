import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiTypes, typeOf } from './api-types.ts';

const DESCRIPTION = '../schemas/openapi.json';

test.each([
  [{ type: 'string' }, 'string'],
  [{ type: ['integer', 'null'] }, 'number | null'],
  [{ anyOf: [{ $ref: '#/components/schemas/Text' }, { type: 'null' }] }, 'Text | null'],
  [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
  [{ type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 }, '[string, string]'],
  [
    { oneOf: [{ const: 'waiting' }, { type: 'string', enum: ['queued', 'running'] }] },
    '"waiting" | "queued" | "running"',
  ],
  [
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      oneOf: [{ const: 'x' }, { const: 'y' }],
    },
    '{ a: string; } & ("x" | "y")',
  ],
  [{ type: 'object', additionalProperties: { type: 'number' } }, 'Record<string, number>'],
  [{ type: 'object', additionalProperties: true }, 'Record<string, unknown>'],
  [{}, 'unknown'],
])('%j is %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type);
});

test('what may be left out is optional', () => {
  const schemas = {
    Row: { properties: { id: { type: 'string' }, at: { type: 'integer' } }, required: ['id'] },
  };
  expect(apiTypes({ components: { schemas } })).toContain('{ id: string; at?: number; }');
});

test.runIf(existsSync(DESCRIPTION))('the types in the source are those of the description', async () => {
  const types = apiTypes(JSON.parse(readFileSync(DESCRIPTION, 'utf8')));
  await expect(types).toMatchFileSnapshot('../src/app/api/schema.ts');
});
