import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createRecogniser } from './recogniser.ts';

const SETTINGS = {
  holdMs: 2000,
  bridgeGapMs: 400,
  presses: 3,
  withinMs: 3000,
  silent: { presses: 4, withinMs: 3000, holdMs: 0 },
  test: { holdMs: 3000 },
};
const onTest = () => {};

/** `d` alarm down, `u` alarm up, `D`/`U` the SOS key; numbers are ms that pass. Returns what fired, with the time. */
function play(script: (string | number)[]): string[] {
  const clock = new FakeClock();
  const fired: string[] = [];
  const keys = createRecogniser({
    clock,
    settings: SETTINGS,
    onAlarm: (g) => fired.push(`${g}@${clock.mono()}`),
    onTest,
    onChange: () => {},
  });
  for (const step of script) {
    if (typeof step === 'number') clock.passes(step);
    else keys.key(step.toLowerCase() === step ? 'alarm' : 'sos', step.toLowerCase() === 'd' ? 'down' : 'up');
  }
  return fired;
}

describe('an alarm is', () => {
  it.each<[string, (string | number)[], string[]]>([
    ['the SOS key at once', ['D', 50, 'U'], ['sos@0']],
    ['a hold of 2 s, while the key is still down', ['d', 5000], ['hold@2000']],
    ['a hold across a beam gap of 400 ms', ['d', 700, 'u', 400, 'd', 2000], ['hold@2000']],
    ['a hold across several gaps', ['d', 600, 'u', 300, 'd', 600, 'u', 200, 'd', 1000], ['hold@2000']],
    ['a hold whose second second lies in a gap, once the key is seen down again', ['d', 1900, 'u', 300, 'd', 10], ['hold@2200']],
    ['three presses in 3 s, at the third', ['d', 100, 'u', 900, 'd', 100, 'u', 900, 'd', 100, 'u'], ['triple@2000']],
    ['three slow presses', ['d', 700, 'u', 500, 'd', 700, 'u', 500, 'd', 700, 'u'], ['triple@2400']],
    ['three quick taps', ['d', 1, 'u', 1, 'd', 1, 'u', 1, 'd', 1, 'u'], ['triple@4']],
    ['three presses whose key-ups were missed', ['d', 300, 'd', 300, 'd'], ['triple@600']],
  ])('%s', (_, script, expected) => {
    expect(play([...script, 10_000])).toEqual(expected);
  });
});

describe('no alarm is', () => {
  it.each<[string, (string | number)[]]>([
    ['a hold of 1.9 s', ['d', 1900, 'u']],
    ['two halves of a hold with more than 400 ms between', ['d', 1500, 'u', 401, 'd', 1500, 'u']],
    ['a hold that ended in a gap', ['d', 1900, 'u', 10_000, 'd', 100, 'u']],
    ['two presses', ['d', 100, 'u', 500, 'd', 100, 'u']],
    ['three presses in more than 3 s', ['d', 100, 'u', 1450, 'd', 100, 'u', 1450, 'd', 100, 'u']],
    ['a key-up alone', ['u', 100, 'U']],
    ['a long segment, a beam gap, and a short one', ['d', 900, 'u', 200, 'd', 300, 'u', 1000]],
  ])('%s', (_, script) => {
    expect(play([...script, 10_000])).toEqual([]);
  });
});

describe('one movement makes one alarm:', () => {
  it.each<[string, (string | number)[], string[]]>([
    ['holding on after the alarm', ['d', 30_000, 'u'], ['hold@2000']],
    ['holding on with gaps after the alarm', ['d', 3000, 'u', 300, 'd', 3000, 'u', 400, 'd', 3000, 'u'], ['hold@2000']],
    [
      'tapping on after three taps',
      ['d', 50, 'u', 200, 'd', 50, 'u', 200, 'd', 50, 'u', 200, 'd', 50, 'u', 200, 'd', 50, 'u', 200, 'd', 50, 'u'],
      ['triple@500'],
    ],
    ['an SOS key whose contact or beam was interrupted', ['D', 100, 'U', 300, 'D', 100, 'U'], ['sos@0']],
    ['a second SOS press is a second alarm', ['D', 100, 'U', 500, 'D', 100, 'U'], ['sos@0', 'sos@600']],
    ['a second hold is a second alarm', ['d', 2500, 'u', 500, 'd', 2500, 'u'], ['hold@2000', 'hold@5000']],
    ['a new press is not lost because the key-up after an alarm was missed', ['d', 3000, 'd', 2500, 'u'], ['hold@2000', 'hold@5000']],
  ])('%s', (_, script, expected) => {
    expect(play([...script, 10_000])).toEqual(expected);
  });
});

describe('what the TV shows', () => {
  function start() {
    const clock = new FakeClock(1_000_000);
    const keys = createRecogniser({ clock, settings: SETTINGS, onAlarm: () => {}, onTest, onChange: () => {} });
    return { clock, keys };
  }

  it('counts the hold from its first moment, in wall time, through gaps', () => {
    const { clock, keys } = start();
    clock.passes(500);
    keys.key('alarm', 'down');
    clock.passes(600);
    keys.key('alarm', 'up');
    clock.passes(100);
    expect(keys.view()).toEqual({ kind: 'holding', since: 1_000_500, holdMs: 2000, presses: 1 });
  });

  it('gives the hint after a press that was too short, and takes it away again', () => {
    const { clock, keys } = start();
    keys.key('alarm', 'down');
    clock.passes(300);
    keys.key('alarm', 'up');
    clock.passes(401);
    expect(keys.view()).toMatchObject({ kind: 'hint', presses: 1 });
    clock.passes(5000);
    expect(keys.view()).toBeUndefined();
    expect(clock.armed).toBe(0);
  });

  it('counts presses towards three', () => {
    const { clock, keys } = start();
    keys.key('alarm', 'down');
    clock.passes(100);
    keys.key('alarm', 'up');
    clock.passes(600);
    keys.key('alarm', 'down');
    expect(keys.view()).toMatchObject({ kind: 'holding', presses: 2 });
  });

  it('is nothing once the alarm fired, and a clock correction during the hold changes nothing', () => {
    const { clock, keys } = start();
    keys.key('alarm', 'down');
    clock.passes(1000);
    clock.jumpWall(3_600_000);
    expect(keys.view()).toMatchObject({ kind: 'holding', since: 1_000_000 + 3_600_000 });
    clock.passes(1000);
    expect(keys.view()).toBeUndefined();
  });
});
