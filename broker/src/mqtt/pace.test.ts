import { topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { BoxPaces, paceOfParty } from './pace.ts';

const rates = { publishRate: 10, publishBurst: 2, boxAlarmRate: 0.5, boxAlarmBurst: 3, boxRate: 1, boxBurst: 2 };
const alarm = topics.boxUp('box-1', 'alarm');
const view = topics.boxUp('box-1', 'view');
const LONG = 60_000;

describe('a box', () => {
  it('may send so many at once and so many a second; anything more is one too many', () => {
    const clock = new ManualClock();
    const pace = new BoxPaces(clock, rates).of('box-1');
    expect([1, 2, 3, 4].map(() => pace.turn(view, LONG))).toEqual([0, 0, undefined, undefined]);
    clock.passes(1000);
    expect([pace.turn(view, LONG), pace.turn(view, LONG)]).toEqual([0, undefined]);
  });

  it('gone mad with something else still has its alarms taken at once', () => {
    const pace = new BoxPaces(new ManualClock(), rates).of('box-1');
    for (let i = 0; i < 100_000; i++) pace.turn(view, LONG);
    expect(pace.turn(alarm, LONG)).toBe(0);
  });

  it('that raises ever more alarms has one taken every 2 s, and owes nothing afterwards', () => {
    const clock = new ManualClock();
    const pace = new BoxPaces(clock, rates).of('box-1');
    let taken = 0;
    for (let s = 0; s < 600; s++) {
      for (let i = 0; i < 50; i++) if (pace.turn(alarm, LONG) !== undefined) taken++;
      clock.passes(1000);
    }
    // Three at once, one every 2 s for ten minutes, and those whose turn comes within the next 10 s.
    expect(taken).toBeGreaterThanOrEqual(3 + 300);
    expect(taken).toBeLessThanOrEqual(3 + 300 + 6);
    clock.passes(16_000);
    expect(pace.turn(alarm, LONG)).toBe(0);
  });

  it('with a short keep-alive waits no longer than it may be silent', () => {
    const pace = new BoxPaces(new ManualClock(), rates).of('box-1');
    for (let i = 0; i < 3; i++) pace.turn(alarm, 3000);
    // One every 2 s: the second has to wait for 4 s, in which the connection would be given up.
    expect([pace.turn(alarm, 3000), pace.turn(alarm, 3000)]).toEqual([2000, undefined]);
  });

  it('that connects anew has no new allowance; another has its own', () => {
    const paces = new BoxPaces(new ManualClock(), rates);
    for (let i = 0; i < 3; i++) paces.of('box-1').turn(view, LONG);
    expect([paces.of('box-1').turn(view, LONG), paces.of('box-2').turn(view, LONG)]).toEqual([undefined, 0]);
  });

  it('that was forgotten among very many had nothing to be remembered for', () => {
    const clock = new ManualClock();
    const paces = new BoxPaces(clock, rates);
    for (let i = 0; i < 2; i++) paces.of('mad').turn(view, LONG);
    for (let i = 0; i < 50_000; i++) paces.of(`box-${i}`);
    expect(paces.of('mad').turn(view, LONG)).toBeUndefined();
  });
});

it('an integrator waits for its turn and loses nothing', () => {
  const pace = paceOfParty(new ManualClock(), rates);
  expect([1, 2, 3, 4].map(() => pace.turn(topics.caseCommand('20260101-0001'), LONG))).toEqual([0, 0, 100, 200]);
});
