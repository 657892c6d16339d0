import { expect, test } from 'vitest';
import { aCase } from '../testing/cases.ts';
import { isUnsigned, neighbour, queueOf } from './queue-order.ts';

const numbers = (views: { caseNo: string }[]) => views.map((v) => v.caseNo);

test('unsigned calls come first, then what is in hand, then what is closed', () => {
  const queue = queueOf([
    aCase({ caseNo: 'closed', state: 'closed', due: undefined, closedAt: 5 }),
    aCase({ caseNo: 'handling', state: 'handling', due: { step: 'close', at: 1 } }),
    aCase({ caseNo: 'new' }),
  ]);
  expect(numbers(queue.unsigned)).toEqual(['new']);
  expect(numbers(queue.inHand)).toEqual(['handling']);
  expect(numbers(queue.closed)).toEqual(['closed']);
});

test('within a group the step that is due first stands first', () => {
  const queue = queueOf([
    aCase({ caseNo: 'b', due: { step: 'sign', at: 200 } }),
    aCase({ caseNo: 'a', due: { step: 'sign', at: 100 } }),
    aCase({ caseNo: 'd', state: 'signed', due: { step: 'handle', at: 90 } }),
    aCase({ caseNo: 'c', state: 'handling', due: { step: 'close', at: 80 } }),
  ]);
  expect(numbers(queue.unsigned)).toEqual(['a', 'b']);
  expect(numbers(queue.inHand)).toEqual(['c', 'd']);
});

test('a withdrawn call is no longer unsigned, but stays in hand until a person closes it', () => {
  const withdrawn = aCase({ withdrawnAt: 11_000 });
  expect(isUnsigned(withdrawn)).toBe(false);
  expect(queueOf([withdrawn]).inHand).toHaveLength(1);
});

test('a case that calls again stands behind the unsigned ones and before what is in hand', () => {
  const queue = queueOf([
    aCase({ caseNo: 'in-hand', state: 'handling', due: { step: 'close', at: 1 } }),
    aCase({ caseNo: 'again', state: 'handling', alertedAt: 5, due: { step: 'close', at: 9000 } }),
    aCase({ caseNo: 'new' }),
  ]);
  expect(numbers(queue.unsigned)).toEqual(['new']);
  expect(numbers(queue.alerted)).toEqual(['again']);
  expect(numbers(queue.inHand)).toEqual(['in-hand']);
});

test('the last closed case is the first of the closed ones', () => {
  const queue = queueOf([
    aCase({ caseNo: 'early', state: 'closed', due: undefined, closedAt: 1 }),
    aCase({ caseNo: 'late', state: 'closed', due: undefined, closedAt: 2 }),
  ]);
  expect(numbers(queue.closed)).toEqual(['late', 'early']);
});

test('equal due times keep one order: first come, first served, then by number', () => {
  const at = { due: { step: 'sign', at: 100 } as const };
  const queue = queueOf([
    aCase({ caseNo: '3', receivedAt: 2, ...at }),
    aCase({ caseNo: '2', receivedAt: 1, ...at }),
    aCase({ caseNo: '1', receivedAt: 1, ...at }),
  ]);
  expect(numbers(queue.unsigned)).toEqual(['1', '2', '3']);
});

test('moving stops at both ends, and begins at the top when nothing is chosen', () => {
  const rows = [aCase({ caseNo: 'a' }), aCase({ caseNo: 'b' })];
  expect(neighbour(rows, undefined, 1)).toBe('a');
  expect(neighbour(rows, 'a', -1)).toBe('a');
  expect(neighbour(rows, 'a', 1)).toBe('b');
  expect(neighbour(rows, 'b', 1)).toBe('b');
  expect(neighbour([], 'b', 1)).toBeUndefined();
});
