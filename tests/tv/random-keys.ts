/**
 * Random keys on the remote while the box's service says one thing after another, comes and goes. After every turn the page must have
 * its highlight somewhere, say the number, and have thrown nothing; in the end its heap must be what it was.
 */
import type { TvState } from '@shouwang/protocol';
import { alarmStates, CAMERAS, calm, testStates } from '../../tv-app/dev/states.ts';
import type { Random } from '../harness/random.ts';
import { SimulatedTv } from './simulated-tv.ts';
import { BUDGETS } from './sizes.ts';

const KEYS = ['up', 'down', 'left', 'right', 'ok', 'back', 'menu', 'red', 'yellow', ...'0123456789'];
const PRESSES_A_TURN = 25;
/** Part of the time in which code is compiled and pictures are made for the first time, beside everything having been seen; flat is what comes after. */
const WARM_UP = 0.25;
/** Bytes that the page may hold more than after that. */
const MAY_GROW = 1e6;

const SMALLEST: TvState['settings'] = { type: 'normal', contrast: 'plain', language: 'zh', voice: 'off' };
const LARGEST: TvState['settings'] = { type: 'huge', contrast: 'high', language: 'en', voice: 'off' };
const reportId = (i: number) => `019ab000-0000-7000-8000-0000000000${10 + i}`;

export async function pressesRandomKeys({
  random,
  minutes,
  say,
}: {
  random: Random;
  minutes: number;
  say: (text: string) => void;
}): Promise<void> {
  const tv = await new SimulatedTv().turnsOn();
  try {
    await tv.stills();
    await seesEverything(tv);
    let alarms = Object.values(alarmStates());
    let first: number | undefined;
    let presses = 0;
    const startedAt = performance.now();
    const until = startedAt + minutes * 60_000;
    for (let turn = 1; performance.now() < until || turn < 12; turn++) {
      if (turn % 50 === 0) alarms = Object.values(alarmStates());
      const state = pickState(random, alarms);
      await tv.state(state);
      for (let i = 0; i < PRESSES_A_TURN; i++) await tv.presses(random.pick(KEYS));
      presses += PRESSES_A_TURN;
      if (random.chance(0.05)) {
        await tv.bridge.stop();
        await tv.shows('data-link', 'lost');
        for (let i = 0; i < 5; i++) await tv.presses(random.pick(KEYS));
        await tv.bridge.start();
        await tv.shows('data-link', 'up');
      }
      tv.bridge.cameras = random.chance(0.1) ? CAMERAS.slice(0, random.int(1, 6)) : CAMERAS;
      await isWell(tv, turn);
      if (first === undefined && turn >= 10 && performance.now() - startedAt >= WARM_UP * minutes * 60_000) first = await calmHeap(tv);
      if (turn % 100 === 0) say(`turn ${turn}, ${presses} presses, heap ${((await tv.heap()) / 1e6).toFixed(1)} MB`);
    }
    const last = await calmHeap(tv);
    const warm = first ?? last;
    say(`${presses} presses; heap ${(warm / 1e6).toFixed(2)} MB when all had been there once, ${(last / 1e6).toFixed(2)} MB at the end`);
    if (last - warm > MAY_GROW) throw new Error(`the heap grew by ${last - warm} bytes`);
    if (last > BUDGETS.tv.heap!.heap_bytes!) throw new Error(`the heap is ${last} bytes`);
  } finally {
    await tv.turnsOff();
  }
}

/** Every page once, in the smallest and the largest look: pages are made when they are first seen, and stay. */
async function seesEverything(tv: SimulatedTv): Promise<void> {
  for (const settings of [LARGEST, SMALLEST]) {
    for (const state of [...Object.values(alarmStates()), ...Object.values(testStates())]) {
      tv.bridge.set({ ...state, settings });
      await tv.settles();
    }
    const reports = Object.values(alarmStates()).flatMap(({ alarm }, i) => (alarm ? [{ ...alarm, id: reportId(i) }] : []));
    tv.bridge.set({ ...calm({ reports: reports.slice(0, 10) }), settings });
    await tv.presses('back', 'back', 'back');
    for (const digit of '123456') {
      await tv.presses('0', digit);
      await tv.settles();
      await tv.presses('1');
      await tv.settles();
      await tv.presses('back', 'back', 'back', 'back');
    }
    for (const digit of '123456') await tv.presses(digit, 'right', 'back');
  }
}

function pickState(random: Random, alarms: TvState[]): TvState {
  if (random.chance(0.35)) return random.pick(alarms);
  if (random.chance(0.15)) return random.pick(Object.values(testStates()));
  const reports = alarms.slice(0, random.int(0, 10)).map((s, i) => ({ ...s.alarm!, id: reportId(i) }));
  return calm({ reports, clockUnsure: random.chance(0.1) || undefined }, { connected: random.chance(0.85), staffed: random.chance(0.8) });
}

/** The page as it is in its calm: settings, alarms and what was drawn for them do not count as growth. */
async function calmHeap(tv: SimulatedTv): Promise<number> {
  tv.bridge.set({ ...calm(), settings: SMALLEST });
  for (let i = 0; i < 4; i++) await tv.presses('back');
  await tv.settles();
  return tv.heap();
}

async function isWell(tv: SimulatedTv, turn: number): Promise<void> {
  if (tv.errors.length > 0) throw new Error(`turn ${turn}: ${tv.errors[0]}`);
  const [page, focused, sheet, panel] = await Promise.all(
    ['data-page', 'data-focused-camera', 'data-sheet', 'data-panel'].map((a) => tv.read(a)),
  );
  if (page === 'wall' && !sheet && !panel && !focused) throw new Error(`turn ${turn}: no camera has the highlight`);
  if (!(await tv.says()).match(/0859-555-0110|\b110\b/)) throw new Error(`turn ${turn}: nobody is told whom to ring: ${await tv.says()}`);
}
