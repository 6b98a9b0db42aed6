import { expect, test } from 'vitest';
import { makeWords } from '../../words.ts';
import { mergeReason } from './reasons.ts';

test('why customers were joined is told in words, and what a person wrote as it was written', () => {
  const en = makeWords('en').t;
  const zh = makeWords('zh').t;
  expect(mergeReason('suggestion 12, by phone', en)).toBe('decided by a person: the same phone');
  expect(mergeReason('suggestion 12, by phone', zh)).toBe('由人确认（手机号相同）');
  expect(mergeReason('anonymous seen with email', zh)).toBe('匿名访客登录后识别（邮箱）');
  expect(mergeReason('she called, by phone', zh)).toBe('she called, by phone');
});
