import { CodedError } from '@shouwang/protocol';
import { expect, test } from 'vitest';
import { activationError, codeGroups, codeState, reportedText } from './activation.ts';

const given = { boxId: 'box-0001', code: '04819926', expiresAt: 100_000, before: 5000 };
const seen = (more: object) => ({ boxId: 'box-0001', ...more });

test.each([
  ['nothing was heard yet', undefined, 50_000, 'open'],
  ['it is still open', seen({ openUntil: 100_000, activatedAt: 5000 }), 50_000, 'open'],
  ['it was used', seen({ activatedAt: 60_000 }), 61_000, 'used'],
  ['it was used, and its time is over', seen({ activatedAt: 60_000 }), 200_000, 'used'],
  ['its time is over', seen({ activatedAt: 5000 }), 100_000, 'over'],
  ['nothing was heard, and its time is over', undefined, 100_000, 'over'],
  ['another one was given out', seen({ openUntil: 130_000, activatedAt: 5000 }), 50_000, 'void'],
  ['it was voided by wrong ones', seen({ activatedAt: 5000 }), 50_000, 'void'],
])('%s', (_what, said, now, state) => {
  expect(codeState(given, said, now)).toBe(state);
});

test('the code of a box that was never activated is used at the first activation', () => {
  expect(codeState({ ...given, before: undefined }, seen({ activatedAt: 60_000 }), 61_000)).toBe('used');
});

test('it is read out in two groups, and what the page said stands in a line', () => {
  expect(codeGroups('04819926')).toBe('0481 9926');
  expect(reportedText({ middleware: 'ipanel', card: '8531', mac: '00:1A' })).toBe('型号 ipanel · 卡号 8531 · MAC 00:1A');
});

test('what is refused says what to do at the centre', () => {
  expect(activationError(new CodedError('BOX_UNKNOWN'))).toContain('请先登记');
  expect(activationError(new CodedError('BOX_REVOKED'))).toContain('请先恢复');
  expect(activationError(new CodedError('STORE_UNAVAILABLE'))).toContain('STORE_UNAVAILABLE');
});
