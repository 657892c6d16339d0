/** The movements of the silent and of the test key. */
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { createRecogniser } from './recogniser.ts';

const SETTINGS = { holdMs: 2000, bridgeGapMs: 400, presses: 3, withinMs: 3000 };
const FOUR_PRESSES = { presses: 4, withinMs: 3000, holdMs: 0 };

/** `s`/`S` silent down/up, `t`/`T` test, `a`/`A` alarm; numbers are ms that pass. Returns what fired with the time, and what the TV was given. */
function play(script: (string | number)[], silent = FOUR_PRESSES, test = { holdMs: 3000 }) {
  const clock = new FakeClock();
  const fired: string[] = [];
  let changes = 0;
  const keys = createRecogniser({
    clock,
    settings: { ...SETTINGS, silent, test },
    onAlarm: (g) => fired.push(`${g}@${clock.mono()}`),
    onTest: () => fired.push(`test@${clock.mono()}`),
    onChange: () => changes++,
  });
  const key = { s: 'silent', t: 'test', a: 'alarm' } as const;
  const shown = [];
  for (const step of script) {
    if (typeof step === 'number') clock.passes(step);
    else keys.key(key[step.toLowerCase() as 's'], step === step.toLowerCase() ? 'down' : 'up');
    shown.push(keys.view());
  }
  return { fired, changes, shown: shown.filter((v) => v !== undefined), clock };
}
const presses = (n: number, gap: number) => Array.from({ length: n }, () => ['s', 100, 'S', gap]).flat();

describe('a silent alarm is', () => {
  it.each<[string, (string | number)[], string[]]>([
    ['four presses in 3 s, at the fourth', presses(4, 600), ['silent@2100']],
    ['four quick taps', presses(4, 50), ['silent@450']],
    ['four presses whose key-ups were missed', ['s', 300, 's', 300, 's', 300, 's'], ['silent@900']],
    ['one, however many taps follow at once', presses(9, 100), ['silent@600']],
    ['a second one after the hand was taken away', [...presses(4, 100), 2000, ...presses(4, 100)], ['silent@600', 'silent@3400']],
  ])('%s', (_, script, expected) => {
    const { fired, changes, shown, clock } = play([...script, 20_000]);
    expect(fired).toEqual(expected);
    expect({ changes, shown, armed: clock.armed }).toEqual({ changes: 0, shown: [], armed: 0 });
  });

  it('a hold, where it is configured so', () => {
    expect(play(['s', 5000, 'S'], { presses: 0, withinMs: 3000, holdMs: 4000 }).fired).toEqual(['silent@4000']);
  });
});

describe('no silent alarm is', () => {
  it.each<[string, (string | number)[]]>([
    ['three presses', presses(3, 300)],
    ['four slow presses', presses(4, 1000)],
    ['a hold, however long', ['s', 60_000, 'S']],
    ['presses of other keys between', ['s', 50, 'S', 100, 'a', 50, 'A', 100, 's', 50, 'S', 100, 't', 50, 'T', 100, 's', 50, 'S']],
  ])('%s', (_, script) => {
    expect(play([...script, 20_000]).fired).toEqual([]);
  });

  it('anything, where it is switched off', () => {
    expect(play([...presses(9, 100), 's', 60_000, 'S'], { presses: 0, withinMs: 3000, holdMs: 0 }).fired).toEqual([]);
  });
});

it('does not disturb the alarm key: a hold of it goes on while the silent key is pressed', () => {
  const { fired } = play(['a', ...presses(4, 100), 2000]);
  expect(fired).toEqual(['silent@600', 'hold@2000']);
});

describe('a test is', () => {
  it.each<[string, (string | number)[], number, string[]]>([
    ['the test key held for 3 s', ['t', 5000, 'T'], 3000, ['test@3000']],
    ['held across a beam gap', ['t', 1600, 'T', 300, 't', 2000, 'T'], 3000, ['test@3000']],
    ['not a short press', ['t', 2900, 'T'], 3000, []],
    ['not many presses', ['t', 50, 'T', 50, 't', 50, 'T', 50, 't', 50, 'T', 50, 't', 50, 'T'], 3000, []],
    ['nothing where it is switched off', ['t', 60_000, 'T'], 0, []],
  ])('%s', (_, script, holdMs, expected) => {
    const { fired, shown } = play([...script, 20_000], FOUR_PRESSES, { holdMs });
    expect(fired).toEqual(expected);
    expect(shown).toEqual([]);
  });
});
