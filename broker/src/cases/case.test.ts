import type { CaseState } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { type Case, type CaseCommand, type CaseEvent, decide, evolve, fold, open } from './case.ts';

const opening = {
  caseNo: '20260101-0001',
  boxId: 'box-1',
  alarmId: '0193580a-0000-7000-8000-000000000001',
  area: '522328101201',
  pressedAt: 900,
  gesture: 'hold' as const,
  withdrawWindowS: 5,
};
const AT = 5000;

/** A case brought to a state by the shortest way, with the events that did it. */
function caseIn(state: CaseState, extra: CaseCommand[] = []): { case: Case; events: CaseEvent[] } {
  const way: Record<CaseState, CaseCommand[]> = {
    received: [],
    signed: [{ do: 'sign', post: '值班员' }],
    handling: [{ do: 'sign', post: '值班员' }, { do: 'handle' }],
    closed: [{ do: 'sign', post: '值班员' }, { do: 'handle' }, { do: 'close', result: '好了' }],
  };
  const events = open(opening, 1000, true);
  for (const command of [...way[state], ...extra]) events.push(...decide(fold(events), command, 2000));
  return { case: fold(events), events };
}

/** What a command makes of a case: the new events and the state after them, or the code of the refusal. */
function outcome(c: Case, command: CaseCommand): string {
  try {
    const events = decide(c, command, AT);
    const after = events.reduce((s, e) => evolve(s, e), c);
    return events.length === 0 ? 'nothing' : `${events.map((e) => e.event).join('+')} → ${after.state}`;
  } catch (error) {
    return (error as CodedError).code;
  }
}

const ask: CaseCommand = { do: 'ask-extension', reason: '堵车', until: 99_000 };

describe.each<[string, CaseCommand, Record<CaseState, string>]>([
  ['escalate', { do: 'escalate' }, { received: 'escalated → received', signed: 'nothing', handling: 'nothing', closed: 'nothing' }],
  [
    'sign',
    { do: 'sign', post: '110' },
    { received: 'signed → signed', signed: 'CASE_STATE', handling: 'CASE_STATE', closed: 'CASE_STATE' },
  ],
  ['handle', { do: 'handle' }, { received: 'CASE_STATE', signed: 'handling → handling', handling: 'CASE_STATE', closed: 'CASE_STATE' }],
  [
    'note',
    { do: 'note', text: '已回电' },
    { received: 'noted → received', signed: 'noted → signed', handling: 'noted → handling', closed: 'noted → closed' },
  ],
  [
    'ask for an extension',
    ask,
    { received: 'CASE_STATE', signed: 'extension-asked → signed', handling: 'extension-asked → handling', closed: 'CASE_STATE' },
  ],
  [
    'grant an extension nobody asked for',
    { do: 'grant-extension' },
    { received: 'CASE_STATE', signed: 'CASE_STATE', handling: 'CASE_STATE', closed: 'CASE_STATE' },
  ],
  [
    'refuse an extension nobody asked for',
    { do: 'refuse-extension', reason: '不' },
    { received: 'CASE_STATE', signed: 'CASE_STATE', handling: 'CASE_STATE', closed: 'CASE_STATE' },
  ],
  [
    'close',
    { do: 'close', result: '好' },
    { received: 'CASE_STATE', signed: 'closed → closed', handling: 'closed → closed', closed: 'CASE_STATE' },
  ],
  [
    'withdraw',
    { do: 'withdraw' },
    { received: 'withdrawn → received', signed: 'withdrawn → signed', handling: 'withdrawn → handling', closed: 'withdrawn → closed' },
  ],
  [
    'say what it is about',
    { do: 'detail', about: 'fire' },
    { received: 'detailed → received', signed: 'detailed → signed', handling: 'detailed → handling', closed: 'detailed → closed' },
  ],
  [
    'press again',
    { do: 'detail', pressedAgain: true },
    {
      received: 'strengthened → received',
      signed: 'strengthened → signed',
      handling: 'strengthened → handling',
      closed: 'strengthened+reopened → handling',
    },
  ],
  [
    'rate satisfied',
    { do: 'rate', rating: 'satisfied' },
    { received: 'CASE_STATE', signed: 'CASE_STATE', handling: 'CASE_STATE', closed: 'rated → closed' },
  ],
  [
    'rate unsolved',
    { do: 'rate', rating: 'unsolved' },
    { received: 'CASE_STATE', signed: 'CASE_STATE', handling: 'CASE_STATE', closed: 'rated+reopened → handling' },
  ],
])('%s', (_name, command, expected) => {
  it.each(Object.entries(expected) as [CaseState, string][])('when %s: %s', (state, result) => {
    expect(outcome(caseIn(state).case, command)).toBe(result);
  });
});

describe('a case', () => {
  it('opens received, with the room quiet for the withdraw window', () => {
    const c = fold(open(opening, 1000, true));
    expect(c).toMatchObject({ state: 'received', revision: 1, receivedAt: 1000, pressedAt: 900, quietUntil: 6000, presses: 1 });
    expect(c.escalatedAt).toBeUndefined();
  });

  it('is escalated in the same breath when nobody is at the centre', () => {
    expect(fold(open(opening, 1000, false))).toMatchObject({ state: 'received', revision: 2, escalatedAt: 1000 });
  });

  it('is escalated once only', () => {
    expect(outcome(caseIn('received', [{ do: 'escalate' }]).case, { do: 'escalate' })).toBe('nothing');
  });

  it.each([
    ['grant-extension', { do: 'grant-extension' }, 'granted'],
    ['refuse-extension', { do: 'refuse-extension', reason: '不行' }, 'refused'],
  ] as [string, CaseCommand, string][])('%s decides what was asked, once', (_name, command, decided) => {
    const { case: c } = caseIn('handling', [ask, command]);
    expect(c.extension).toMatchObject({ until: 99_000, decided });
    expect(outcome(c, command)).toBe('CASE_STATE');
  });

  it('takes no second extension while one is undecided, and none that ends in the past', () => {
    expect(outcome(caseIn('handling', [ask]).case, ask)).toBe('CASE_STATE');
    expect(outcome(caseIn('handling').case, { ...ask, until: AT })).toBe('CASE_STATE');
  });

  it('takes the same word twice as one', () => {
    expect(outcome(caseIn('received', [{ do: 'withdraw' }]).case, { do: 'withdraw' })).toBe('nothing');
    expect(outcome(caseIn('received', [{ do: 'detail', about: 'fire' }]).case, { do: 'detail', about: 'fire' })).toBe('nothing');
    expect(outcome(caseIn('closed', [{ do: 'rate', rating: 'fair' }]).case, { do: 'rate', rating: 'fair' })).toBe('nothing');
  });

  it('counts presses and keeps the newest picture', () => {
    const onScreen = { cameraId: 'gate', pictureAt: 1 };
    const { case: c } = caseIn('signed', [
      { do: 'detail', pressedAgain: true, onScreen },
      { do: 'detail', pressedAgain: true },
    ]);
    expect(c).toMatchObject({ presses: 3, onScreen });
  });

  it('asks "solved?" anew after it was reopened and closed again', () => {
    const { case: c, events } = caseIn('closed', [{ do: 'rate', rating: 'unsolved' }]);
    expect(c).toMatchObject({ state: 'handling', reopened: 1, rating: 'unsolved', since: 2000 });
    expect(c.closedAt).toBeUndefined();
    expect(c.result).toBeUndefined();
    events.push(...decide(c, { do: 'close', result: '这次好了' }, 3000));
    expect(fold(events)).toMatchObject({ state: 'closed', closedAt: 3000, rating: undefined, reopened: 1 });
  });

  it('counts every event in its revision', () => {
    const { case: c, events } = caseIn('closed', [{ do: 'withdraw' }, { do: 'rate', rating: 'unsolved' }]);
    expect(c.revision).toBe(events.length);
  });

  it.each<[string, CaseState, CaseCommand[], number | undefined]>([
    ['a new call, pressed again', 'received', [{ do: 'detail', pressedAgain: true }], undefined],
    ['taken back, then pressed again', 'received', [{ do: 'withdraw' }, { do: 'detail', pressedAgain: true }], 2000],
    ['pressed again once signed', 'signed', [{ do: 'detail', pressedAgain: true }], 2000],
    ['pressed again in hand', 'handling', [{ do: 'detail', pressedAgain: true }], 2000],
    ['pressed again after the closing', 'closed', [{ do: 'detail', pressedAgain: true }], 2000],
    ['rated unsolved', 'closed', [{ do: 'rate', rating: 'unsolved' }], 2000],
    ['rated satisfied', 'closed', [{ do: 'rate', rating: 'satisfied' }], undefined],
    ['only said what it is about', 'signed', [{ do: 'detail', about: 'fire' }], undefined],
  ])('%s: alerts %s case or not', (_name, state, commands, alertedAt) => {
    expect(caseIn(state, commands).case.alertedAt).toBe(alertedAt);
  });

  it.each<[CaseState, CaseCommand[]]>([
    ['signed', [{ do: 'handle' }]],
    ['signed', [{ do: 'note', text: '已回电' }]],
    ['handling', [ask]],
    ['handling', [ask, { do: 'grant-extension' }]],
    ['handling', [ask, { do: 'refuse-extension', reason: '不' }]],
    ['handling', [{ do: 'close', result: '好' }]],
  ])('is alerted until a person does something to it (%s, %j)', (state, [first, ...more]) => {
    const last = more.at(-1) ?? first!;
    const before = more.length > 0 ? [first!] : [];
    const alerted = caseIn(state, [...before, { do: 'detail', pressedAgain: true }]);
    expect(alerted.case.alertedAt).toBe(2000);
    const after = decide(alerted.case, last, AT).reduce(evolve, alerted.case);
    expect(after.alertedAt).toBeUndefined();
  });

  it('stays alerted while only the box or the clock speaks', () => {
    const { case: c } = caseIn('handling', [
      { do: 'detail', pressedAgain: true },
      { do: 'detail', about: 'fire' },
      { do: 'withdraw' },
      { do: 'escalate' },
    ]);
    expect(c.alertedAt).toBe(2000);
  });

  it('says why it was escalated', () => {
    expect(open(opening, 1000, false).at(-1)).toMatchObject({ event: 'escalated', text: '无人值班' });
    expect(caseIn('received', [{ do: 'escalate' }]).events.at(-1)).toMatchObject({ event: 'escalated', text: '超时未签收' });
  });

  it('refuses with a code, never with a bare error', () => {
    expect(() => decide(caseIn('closed').case, { do: 'handle' }, AT)).toThrow(CodedError);
  });
});
