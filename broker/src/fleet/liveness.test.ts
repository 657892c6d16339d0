import { beforeEach, describe, expect, it } from 'vitest';
import { Liveness } from './liveness.ts';

const SETTINGS = { suspectAfterMs: 85_000, offlineAfterMs: 600_000, graceMs: 0, tickMs: 1000 };
let now: number;
let live: Liveness;
let suspect: string[];
let offline: string[];

function start(settings = SETTINGS): void {
  now = 1_800_000_000_000;
  suspect = [];
  offline = [];
  live = new Liveness(settings, now);
}
beforeEach(() => start());

/** Time passes with a look every second. */
function passes(ms: number): void {
  for (let left = ms; left > 0; left -= 1000) {
    now += Math.min(1000, left);
    const found = live.look(now);
    suspect.push(...found.suspect);
    offline.push(...found.offline);
  }
}

describe('a box', () => {
  it('that is not heard is suspect within 90 s, and offline later, each once', () => {
    live.heard('a');
    passes(84_000);
    expect(suspect).toEqual([]);
    passes(6000);
    expect(suspect).toEqual(['a']);
    passes(509_000);
    expect(offline).toEqual([]);
    passes(1000);
    expect(offline).toEqual(['a']);
    passes(3_600_000);
    expect([suspect, offline]).toEqual([['a'], ['a']]);
  });

  it('that is heard every minute is never suspect, and each has its own time', () => {
    live.heard('a');
    live.heard('b');
    for (let i = 0; i < 10; i++) {
      passes(60_000);
      live.heard('a');
    }
    expect(suspect).toEqual(['b']);
  });

  it('that is heard again is well again, and its silence counts anew', () => {
    live.heard('a');
    passes(90_000);
    live.heard('a');
    passes(84_000);
    expect(suspect).toEqual(['a']);
    passes(1000);
    expect(suspect).toEqual(['a', 'a']);
    expect(offline).toEqual([]);
  });
});

describe('when it was the centre that was away', () => {
  it('nobody is suspected before the time of grace is over; who is not back by then is', () => {
    start({ ...SETTINGS, graceMs: 120_000 });
    live.restore('silent', 'online');
    live.restore('was-suspect', 'suspect');
    live.restore('back', 'online');
    passes(100_000);
    live.heard('back');
    passes(19_000);
    expect(suspect).toEqual([]);
    passes(1000);
    expect(suspect).toEqual(['silent']);
    passes(395_000);
    expect(offline).toEqual(['was-suspect']);
  });

  it('asleep, or its clock was set, that gap is not the boxes’ silence', () => {
    live.heard('a');
    now += 3_600_000;
    passes(60_000);
    now -= 7_200_000;
    passes(15_000);
    expect(suspect).toEqual([]);
    passes(10_000);
    expect(suspect).toEqual(['a']);
  });
});

it('a look at 250,000 boxes that are well touches one of them', () => {
  for (let i = 0; i < 250_000; i++) live.heard(`box-${i}`);
  // 10,000 looks at everybody would be 2.5 billion steps and take minutes.
  for (let i = 0; i < 10_000; i++) {
    now += 1;
    live.look(now);
  }
  expect(suspect).toEqual([]);
});
