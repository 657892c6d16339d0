import { describe, expect, it } from 'vitest';
import { GESTURES, type GestureSettings, type GestureState, HINT_MS, IDLE, nextDeadline, onDown, onTime, onUp } from './gesture.ts';

const REPEATING: GestureSettings = { ...GESTURES.alarm, keyUps: false };
const TELLING: GestureSettings = { ...GESTURES.alarm, keyUps: true };

type Move = [at: number, what: 'down' | 'up'];

/** Plays movements of the key, with time passing as the timers ask; gives what was recognised and when, up to `until`. */
function play(settings: GestureSettings, moves: Move[], until = 20_000) {
  let state: GestureState = IDLE;
  const fired: [number, string][] = [];
  const phases: string[] = [];
  const take = (t: number, step: { state: GestureState; fired?: string | undefined }) => {
    if (step.state.phase !== state.phase) phases.push(step.state.phase);
    state = step.state;
    if (step.fired) fired.push([t, step.fired]);
  };
  const timeTo = (end: number) => {
    for (let at = nextDeadline(state, settings); at !== undefined && at <= end; at = nextDeadline(state, settings))
      take(at, onTime(state, at, settings));
  };
  for (const [t, what] of moves) {
    timeTo(t - 1);
    take(t, what === 'down' ? onDown(state, t, settings) : onUp(state, t, settings));
  }
  timeTo(until);
  return { fired, phases, state };
}

/** An infrared remote held from `from` to `to`: down, first repeat after 500 ms, then every 125 ms. */
function held(from: number, to: number): Move[] {
  const moves: Move[] = [[from, 'down']];
  for (let t = from + 500; t <= to; t += 125) moves.push([t, 'down']);
  return moves;
}

describe('on a remote that only repeats', () => {
  it('a hold of two seconds is an alarm, once, however long it goes on', () => {
    expect(play(REPEATING, held(0, 6_000)).fired).toEqual([[2_000, 'hold']]);
  });

  it('a hold that ends before is none, and the screen shows how', () => {
    const { fired, phases } = play(REPEATING, held(0, 1_500));
    expect(fired).toEqual([]);
    expect(phases).toEqual(['holding', 'hint', 'idle']);
  });

  it('one press is never an alarm, although nobody says that the key came up', () => {
    expect(play(REPEATING, [[0, 'down']])).toMatchObject({ fired: [], phases: ['holding', 'hint', 'idle'] });
  });

  it('a hand in the beam for 400 ms does not end a hold', () => {
    const moves = [
      ...held(0, 1_000),
      ...held(1_400, 1_400),
      [1_525, 'down'],
      [1_650, 'down'],
      [1_775, 'down'],
      [1_900, 'down'],
      [2_025, 'down'],
    ] as Move[];
    expect(play(REPEATING, moves).fired).toEqual([[2_000, 'hold']]);
  });

  it.each([
    [0, 300, 600],
    [0, 450, 900],
    [0, 500, 1_000],
    [0, 900, 1_800],
    [0, 1_450, 2_900],
  ])('three presses at %i, %i, %i ms are an alarm', (...times) => {
    expect(
      play(
        REPEATING,
        times.map((t) => [t, 'down']),
      ).fired.map(([, what]) => what),
    ).toEqual(['triple']);
  });

  it('two presses are not, nor three in more than three seconds', () => {
    expect(
      play(REPEATING, [
        [0, 'down'],
        [400, 'down'],
      ]).fired,
    ).toEqual([]);
    expect(
      play(REPEATING, [
        [0, 'down'],
        [1_600, 'down'],
        [3_200, 'down'],
      ]).fired,
    ).toEqual([]);
  });

  it('a hold’s first repeat is not a press: two presses, the second held a little, are no alarm', () => {
    expect(play(REPEATING, [[0, 'down'], ...held(800, 1_600)]).fired).toEqual([]);
  });

  it('after an alarm the next one needs the key to be let go first', () => {
    expect(play(REPEATING, [...held(0, 3_000), ...held(4_000, 7_000)]).fired).toEqual([
      [2_000, 'hold'],
      [6_000, 'hold'],
    ]);
  });
});

describe('where every key-up is told', () => {
  it('down is held until it comes up', () => {
    expect(
      play(TELLING, [
        [0, 'down'],
        [2_500, 'up'],
      ]).fired,
    ).toEqual([[2_000, 'hold']]);
    expect(
      play(TELLING, [
        [0, 'down'],
        [1_900, 'up'],
      ]).fired,
    ).toEqual([]);
  });

  it('repeats in between are no presses', () => {
    let state = onDown(IDLE, 0, TELLING).state;
    for (let t = 500; t < 1_900; t += 300) state = onDown(state, t, TELLING, true).state;
    expect(state.presses).toEqual([0]);
  });

  it('three presses are an alarm', () => {
    const moves: Move[] = [
      [0, 'down'],
      [80, 'up'],
      [500, 'down'],
      [580, 'up'],
      [1_000, 'down'],
    ];
    expect(play(TELLING, moves).fired).toEqual([[1_000, 'triple']]);
  });
});

it('the hint goes by itself', () => {
  const { phases } = play(
    TELLING,
    [
      [0, 'down'],
      [100, 'up'],
    ],
    100 + HINT_MS,
  );
  expect(phases).toEqual(['holding', 'hint', 'idle']);
});

it('silent: four presses, and no hold; test: a hold of three seconds, and no presses', () => {
  const taps = [0, 600, 1_200, 1_800].map((t): Move => [t, 'down']);
  expect(play({ ...GESTURES.silent, keyUps: false }, taps).fired.map(([, f]) => f)).toEqual(['triple']);
  expect(play({ ...GESTURES.silent, keyUps: true }, [[0, 'down']]).fired).toEqual([]);
  expect(play({ ...GESTURES.test, keyUps: false }, held(0, 4_000)).fired).toEqual([[3_000, 'hold']]);
  expect(play({ ...GESTURES.test, keyUps: false }, taps).fired).toEqual([]);
});
