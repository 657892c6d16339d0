import { expect, test } from 'vitest';
import { aCase, announced } from '../testing/cases.ts';
import { attentionCount, type Board, type BoardAction, emptyBoard, reduceBoard, selectedCase } from './board.ts';

const after = (...actions: BoardAction[]): Board => actions.reduce(reduceBoard, emptyBoard);
const first = aCase({ caseNo: 'first' });
const second = aCase({ caseNo: 'second', due: { step: 'sign', at: 50_000 } });

test('the list fills the board and the most urgent case comes to the desk', () => {
  const board = after({ type: 'snapshot', cases: [second, first], seq: 7 });
  expect(board.seq).toBe(7);
  expect(selectedCase(board)?.caseNo).toBe('first');
  expect(attentionCount(board)).toBe(2);
});

test('an announcement that comes twice changes nothing the second time', () => {
  const signed = announced(8, 'signed', { ...first, state: 'signed', revision: 2 });
  const board = after({ type: 'snapshot', cases: [first], seq: 7 }, { type: 'live', items: [signed] });
  expect(board.cases.get('first')?.state).toBe('signed');
  expect(reduceBoard(board, { type: 'live', items: [signed] })).toBe(board);
});

test('an older revision never overwrites a newer one, whichever way it comes', () => {
  const answer: BoardAction = { type: 'view', view: { ...first, state: 'handling', revision: 3 } };
  const late = announced(8, 'signed', { ...first, state: 'signed', revision: 2 });
  const board = after({ type: 'snapshot', cases: [first], seq: 7 }, answer, { type: 'live', items: [late] });
  expect(board.cases.get('first')?.state).toBe('handling');
  expect(board.seq).toBe(8);
});

test('the list after a reconnect keeps what is newer than it, and drops what is no longer listed', () => {
  const board = after(
    { type: 'snapshot', cases: [first, second], seq: 7 },
    { type: 'view', view: { ...first, state: 'signed', revision: 2 } },
    { type: 'snapshot', cases: [first], seq: 9 },
  );
  expect(board.cases.get('first')?.state).toBe('signed');
  expect(board.cases.has('second')).toBe(false);
});

test('a list from an earlier time is another database and replaces everything', () => {
  const board = after({ type: 'snapshot', cases: [{ ...first, revision: 5 }], seq: 7 }, { type: 'snapshot', cases: [first], seq: 2 });
  expect(board.cases.get('first')?.revision).toBe(1);
  expect(board.seq).toBe(2);
});

test('a new alarm does not take an open case out of the operator’s hands', () => {
  const busy = aCase({ caseNo: 'busy', state: 'handling', due: { step: 'close', at: 1 } });
  const board = after({ type: 'snapshot', cases: [busy], seq: 1 }, { type: 'live', items: [announced(2, 'opened', first)] });
  expect(board.selected).toBe('busy');
});

test('a new alarm comes to the desk by itself when nothing, or something closed, lies there', () => {
  const closed = aCase({ caseNo: 'closed', state: 'closed', due: undefined, closedAt: 1 });
  const opened: BoardAction = { type: 'live', items: [announced(2, 'opened', first)] };
  expect(after({ type: 'snapshot', cases: [], seq: 1 }, opened).selected).toBe('first');
  expect(after({ type: 'snapshot', cases: [closed], seq: 1 }, opened).selected).toBe('first');
});

test('a case that calls again is counted, and comes to the desk where a closed one lies', () => {
  const closed = aCase({ caseNo: 'closed', state: 'closed', due: undefined, closedAt: 1 });
  const reopened = aCase({ caseNo: 'closed', state: 'handling', revision: 3, reopened: 1, alertedAt: 60_000 });
  const signed = aCase({ caseNo: 'signed', state: 'signed' });
  const list: BoardAction = { type: 'snapshot', cases: [closed, signed], seq: 1 };
  expect(attentionCount(after(list))).toBe(0);
  const board = after(list, { type: 'select', caseNo: 'closed' }, { type: 'live', items: [announced(2, 'reopened', reopened)] });
  expect(attentionCount(board)).toBe(1);
  const again = { ...signed, revision: 2, presses: 2, alertedAt: 60_000 };
  expect(after(list, { type: 'select', caseNo: 'closed' }, { type: 'live', items: [announced(2, 'strengthened', again)] }).selected).toBe(
    'signed',
  );
});

test('an open form holds the desk still', () => {
  const closed = aCase({ caseNo: 'closed', state: 'closed', due: undefined, closedAt: 1 });
  const board = after(
    { type: 'snapshot', cases: [closed], seq: 1 },
    { type: 'hold', held: true },
    { type: 'live', items: [announced(2, 'opened', first)] },
  );
  expect(board.selected).toBe('closed');
});

test('closing a case does not move the desk on by itself', () => {
  const board = after(
    { type: 'snapshot', cases: [first, second], seq: 1 },
    { type: 'live', items: [announced(2, 'closed', { ...first, state: 'closed', revision: 2 })] },
  );
  expect(board.selected).toBe('first');
});

test('the centre’s clock is known by its difference from this machine’s', () => {
  expect(after({ type: 'centre', status: { now: 5000, boxesOnline: 1, operators: 1 }, localNow: 2000 }).clockOffset).toBe(3000);
});

test('an answer to a command is not newer than the mark of the household', () => {
  const before = reduceBoard(emptyBoard, { type: 'snapshot', cases: [aCase()], seq: 7 });
  const marked = reduceBoard(before, { type: 'households', marks: [{ boxId: 'box-0001', addressInDoubtSince: 5 }] });
  const answered = reduceBoard(marked, { type: 'view', view: { ...aCase(), revision: 9, state: 'signed' } });
  expect([...answered.cases.values()].map((v) => [v.state, v.household.addressInDoubtSince])).toEqual([['signed', 5]]);
});

test('a household’s mark comes and goes on every case of its box, and on no other’s', () => {
  const other = { ...aCase().household, boxId: 'box-0002' };
  const cases = [aCase(), aCase({ caseNo: '20261123-0002', state: 'closed' }), aCase({ caseNo: '20261123-0003', household: other })];
  const before = reduceBoard(emptyBoard, { type: 'snapshot', cases, seq: 7 });
  const marks = (board: Board) => [...board.cases.values()].map((view) => view.household.addressInDoubtSince);
  const marked = reduceBoard(before, { type: 'households', marks: [{ boxId: 'box-0001', addressInDoubtSince: 5 }] });
  expect(marks(marked)).toEqual([5, 5, undefined]);
  expect(marks(reduceBoard(marked, { type: 'households', marks: [{ boxId: 'box-0001', addressInDoubtSince: null }] }))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
