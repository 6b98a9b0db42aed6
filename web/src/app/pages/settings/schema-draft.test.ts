import { expect, test } from 'vitest';
import { declaredBy, draftOf, withProperty } from './schema-draft.ts';

test('what is declared comes back as it was, unless something is changed', () => {
  const properties = { stars: { type: 'integer', required: true }, text: { type: 'text', required: false } };
  const draft = draftOf('Rated', { event: 'Rated', version: 3, declared_us: 0, properties });
  expect(declaredBy(draft)).toEqual({ event: 'Rated', properties });
});

test('a new schema begins with an empty property, which counts once it has a name', () => {
  const draft = withProperty(draftOf(' Rated ', undefined));
  expect(draft.properties.map(({ id }) => id)).toEqual([0, 1]);
  expect(declaredBy(draft)).toEqual({ event: 'Rated', properties: {} });
  const [first, ...others] = draft.properties;
  const named = { event: 'Rated', properties: [{ ...first, name: ' stars ' } as typeof first, ...others] };
  expect(declaredBy(named as typeof draft).properties).toEqual({ stars: { type: 'text', required: false } });
});
