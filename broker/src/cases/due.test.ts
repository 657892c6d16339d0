import { expect, it } from 'vitest';
import { type Case, type CaseCommand, decide, evolve, fold, open } from './case.ts';
import { dueOf } from './due.ts';
import { caseView, progressData } from './messages.ts';

const policy = { signMs: 30_000, handleMs: 300_000, closeMs: 86_400_000 };

function after(commands: [number, CaseCommand][]): Case {
  const opening = {
    caseNo: '20260101-0001',
    boxId: 'b',
    alarmId: 'a',
    area: '522328',
    pressedAt: 0,
    gesture: 'sos',
    withdrawWindowS: 0,
  } as const;
  let c = fold(open(opening, 1000, true));
  for (const [at, command] of commands) for (const event of decide(c, command, at)) c = evolve(c, event);
  return c;
}
const signed: [number, CaseCommand] = [2000, { do: 'sign', post: '值班员' }];
const handling: [number, CaseCommand] = [3000, { do: 'handle' }];

it('each step is due counted from the receipt', () => {
  expect(dueOf(after([]), policy)).toEqual({ step: 'sign', at: 31_000 });
  expect(dueOf(after([signed]), policy)).toEqual({ step: 'handle', at: 301_000 });
  expect(dueOf(after([signed, handling]), policy)).toEqual({ step: 'close', at: 86_401_000 });
  expect(dueOf(after([signed, handling, [4000, { do: 'close', result: 'x' }]]), policy)).toBeUndefined();
});

it('a granted extension moves the closing, an undecided or refused one does not', () => {
  const ask: [number, CaseCommand] = [4000, { do: 'ask-extension', reason: 'x', until: 9e8 }];
  expect(dueOf(after([signed, handling, ask]), policy)?.at).toBe(86_401_000);
  expect(dueOf(after([signed, handling, ask, [5000, { do: 'grant-extension' }]]), policy)).toEqual({ step: 'close', at: 9e8 });
  expect(dueOf(after([signed, handling, ask, [5000, { do: 'refuse-extension', reason: 'x' }]]), policy)?.at).toBe(86_401_000);
});

it('an extension that ends before the time that was there anyway takes none of it away', () => {
  const short: [number, CaseCommand] = [4000, { do: 'ask-extension', reason: 'x', until: 1e6 }];
  expect(dueOf(after([signed, handling, short, [5000, { do: 'grant-extension' }]]), policy)?.at).toBe(86_401_000);
});

it('what was granted holds while more is asked for, and when more is refused', () => {
  const granted: [number, CaseCommand][] = [
    signed,
    handling,
    [4000, { do: 'ask-extension', reason: 'x', until: 9e8 }],
    [5000, { do: 'grant-extension' }],
  ];
  const more: [number, CaseCommand] = [6000, { do: 'ask-extension', reason: 'y', until: 10e8 }];
  const refused: [number, CaseCommand] = [7000, { do: 'refuse-extension', reason: 'z' }];
  for (const commands of [
    [...granted, more],
    [...granted, more, refused],
  ]) {
    expect(dueOf(after(commands), policy)).toEqual({ step: 'close', at: 9e8 });
    expect(progressData(after(commands)).extendedUntil).toBe(9e8);
  }
  expect(dueOf(after([...granted, more, [7000, { do: 'grant-extension' }]]), policy)?.at).toBe(10e8);
});

it('what was granted before a closing does not hold after a reopening', () => {
  const c = after([
    signed,
    [3000, { do: 'ask-extension', reason: 'x', until: 9e8 }],
    [3500, { do: 'grant-extension' }],
    [4000, { do: 'close', result: 'x' }],
    [7000, { do: 'rate', rating: 'unsolved' }],
  ]);
  expect(dueOf(c, policy)?.at).toBe(86_407_000);
  expect(progressData(c).extendedUntil).toBeUndefined();
});

it('after a reopening the closing is due anew', () => {
  const closed: [number, CaseCommand] = [4000, { do: 'close', result: 'x' }];
  expect(dueOf(after([signed, closed, [7000, { do: 'rate', rating: 'unsolved' }]]), policy)).toEqual({ step: 'close', at: 86_407_000 });
});

it('an extension is told to the box only once it is granted', () => {
  const ask: [number, CaseCommand] = [4000, { do: 'ask-extension', reason: 'x', until: 9e8 }];
  expect(progressData(after([signed, ask])).extendedUntil).toBeUndefined();
  expect(progressData(after([signed, ask, [5000, { do: 'grant-extension' }]])).extendedUntil).toBe(9e8);
});

it('the view names the household and shows nothing of the inside', () => {
  const household = { boxId: 'b', name: '王', address: 'x', phone: '1', area: '522328' };
  const view = caseView(after([]), household, '安和县', policy);
  expect(view).toMatchObject({ household, areaName: '安和县', due: { step: 'sign' } });
  expect(view).not.toHaveProperty('boxId');
  expect(view).not.toHaveProperty('extendedUntil');
});
