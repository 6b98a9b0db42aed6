import { expect, test } from 'vitest';
import { makeWords } from '../../words.ts';
import { asideWords } from './aside-reasons.ts';

const WRONG =
  'properties.stars: is a text and not a whole number, as the schema wants: send one, or mend the schema';

test('a reason is told in the reader’s language, with the property it is about', () => {
  expect(asideWords(WRONG, makeWords('en').t)).toEqual({
    path: 'properties.stars',
    text: 'is text, the schema wants a whole number',
  });
  expect(asideWords(WRONG, makeWords('zh').t)).toEqual({
    path: 'properties.stars',
    text: '是文本，定义要求整数',
  });
  const missing = 'traits.city: is missing: the schema wants it: send it, or mend the schema';
  expect(asideWords(missing, makeWords('zh').t)?.path).toBe('traits.city');
});

test('what is not known stays as the server says it', () => {
  expect(
    asideWords('properties.stars: is a poem and not a number, as the schema wants', makeWords('zh').t),
  ).toBe(null);
  expect(asideWords('something else', makeWords('en').t)).toBe(null);
});
