/** The villager's screen against docs/budgets.json: sizes, the first wall on a slow box, keys, alarms, camera changes, heap. */
import { alarmStates, calm } from '../../../tv-app/dev/states.ts';
import { TvScreen } from '../../harness/tv-screen.ts';
import { until } from '../../harness/until.ts';
import { startWorld } from '../../harness/world.ts';
import { SimulatedTv } from '../../tv/simulated-tv.ts';
import { BUDGETS, sizes } from '../../tv/sizes.ts';
import { pressTimes } from '../presses.ts';
import { percentile, type Report } from '../report.ts';

/** As much slower as a box's processor is. */
const SLOW_DOWN = 4;
const STARTS = 5;
const KEYS = 300;
const PRESSES = 60;
const ZAPS = 12;
const CHANGES = 200;

export async function run(report: Report): Promise<void> {
  const add = (name: string, metric: string, value: number, unit: string, n = 1) =>
    report.add({ case: name, system: 'shouwang', metric, value, unit, n });
  for (const [metric, value] of Object.entries(sizes())) add('size', metric, value, 'B');
  await wall(add);
  await keys(add, 'keys-canvas', '');
  await keys(add, 'keys-webgl', '?webgl=1');
  await heap(add);
  const { stored, received } = await pressTimes(PRESSES, 5);
  add('alarm', 'stored_ms_p95', percentile(stored, 95), 'ms', stored.length);
  add('alarm', 'received_ms_p95', percentile(received, 95), 'ms', received.length);
  const moving = await zap();
  add('zap', 'moving_ms_p50', percentile(moving, 50), 'ms', moving.length);
  againstBudgets(report);
}

type Add = (name: string, metric: string, value: number, unit: string, n?: number) => void;

/** From the start of the navigation until the wall stands there, and a key moves its highlight. */
const READY = `
  addEventListener('DOMContentLoaded', () => {
    const look = () => {
      const mirror = document.getElementById('mirror');
      const there = document.documentElement.getAttribute('data-painted') && mirror.querySelector('[data-tile]') && mirror.getAttribute('data-focused-camera');
      if (there) window.readyAt = performance.now();
      else requestAnimationFrame(look);
    };
    look();
  });
`;

async function wall(add: Add): Promise<void> {
  const tv = await new SimulatedTv().turnsOn();
  try {
    const times: number[] = [];
    const heaps: number[] = [];
    for (let i = 0; i < STARTS; i++) {
      await tv.opens({ script: READY, slowDown: SLOW_DOWN });
      times.push((await tv.page.evaluate('window.readyAt')) as number);
      await tv.stills();
      heaps.push(await tv.heap());
    }
    add('wall', 'interactive_ms', percentile(times, 50), 'ms', STARTS);
    add('wall', 'heap_bytes', percentile(heaps, 50), 'B', STARTS);
  } finally {
    await tv.turnsOff();
  }
}

/** A key is dispatched in the page, which draws and writes down what is drawn in one task; the frame is over when the task after the drawing's animation frame runs. */
const ONE_KEY = `(code) => new Promise((resolve) => {
  const mirror = document.getElementById('mirror');
  const before = mirror.getAttribute('data-focused-camera');
  const start = performance.now();
  const event = new Event('keydown', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'keyCode', { value: code });
  window.dispatchEvent(event);
  const up = new Event('keyup', { bubbles: true });
  Object.defineProperty(up, 'keyCode', { value: code });
  window.dispatchEvent(up);
  const look = () => {
    if (mirror.getAttribute('data-focused-camera') === before) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now() - start);
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
})`;

/** Frames a second while the highlight moves ten times a second: it is reported in whole ones, for the first and the last are there in part. */
const FRAMES = `() => new Promise((resolve) => {
  let frames = 0;
  let right = true;
  const press = () => {
    const event = new Event('keydown', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'keyCode', { value: (right = !right) ? 39 : 37 });
    window.dispatchEvent(event);
    const up = new Event('keyup', { bubbles: true });
    Object.defineProperty(up, 'keyCode', { value: right ? 39 : 37 });
    window.dispatchEvent(up);
  };
  const timer = setInterval(press, 100);
  const start = performance.now();
  const frame = () => {
    frames++;
    const ms = performance.now() - start;
    if (ms < 4000) return requestAnimationFrame(frame);
    clearInterval(timer);
    resolve((frames * 1000) / ms);
  };
  requestAnimationFrame(frame);
})`;

async function keys(add: Add, name: string, query: string): Promise<void> {
  const tv = await new SimulatedTv().turnsOn({ query });
  try {
    await tv.stills();
    const times: number[] = [];
    for (let i = 0; i < KEYS; i++) times.push((await tv.page.evaluate(`(${ONE_KEY})(${i % 2 ? 37 : 39})`)) as number);
    add(name, 'key_to_frame_ms_p95', percentile(times, 95), 'ms', KEYS);
    add(name, 'fps', Math.round((await tv.page.evaluate(`(${FRAMES})()`)) as number), 'Hz');
  } finally {
    await tv.turnsOff();
  }
}

/** The heap on the wall after 200 changes of camera and 200 alarms, against the heap after the first ten of each. */
async function heap(add: Add): Promise<void> {
  const tv = await new SimulatedTv().turnsOn();
  try {
    await tv.stills();
    const rounds = async (n: number) => {
      await tv.presses('1');
      for (let i = 0; i < n; i++) await tv.presses(i % 2 ? 'left' : 'right');
      await tv.presses('back');
      const states = Object.values(alarmStates());
      for (let i = 0; i < n; i++) await tv.state(states[i % states.length]!);
      await tv.state(calm());
      await tv.settles();
    };
    await rounds(20);
    const before = await tv.heap();
    await rounds(CHANGES);
    const after = await tv.heap();
    add('heap', 'heap_bytes', after, 'B');
    add('heap', 'heap_growth_bytes', after - before, 'B', CHANGES);
  } finally {
    await tv.turnsOff();
  }
}

/** From the key to a moving picture of the next camera, in a whole world. */
async function zap(): Promise<number[]> {
  const world = await startWorld({ pictures: true });
  const tv = new TvScreen();
  try {
    await world.box();
    await tv.turnsOn(world.tvUrl());
    await until('six stills', async () => (await tv.tiles()).filter((t) => t.stillAt > 0).length === 6, 60_000);
    const live = () => until('a moving picture', async () => (await tv.read('data-picture')) === 'live', 30_000, 5);
    await tv.presses('Enter');
    await live();
    const times: number[] = [];
    for (let i = 0; i < ZAPS; i++) {
      const start = performance.now();
      await tv.presses(i % 2 ? 'ArrowLeft' : 'ArrowRight');
      await live();
      times.push(performance.now() - start);
    }
    return times;
  } finally {
    await tv.turnsOff();
    await world.ends();
  }
}

function againstBudgets(report: Report): void {
  for (const [name, budget] of Object.entries(BUDGETS.tv))
    for (const [metric, limit] of Object.entries(budget)) {
      const found = report.rows.find((r) => r.case === name && r.metric === metric)?.value;
      const kept = found !== undefined && (metric === 'fps' ? found >= limit : found <= limit);
      if (!kept)
        console.log(`over its budget: ${name} ${metric} is ${found}, should be ${metric === 'fps' ? 'at least' : 'at most'} ${limit}`);
    }
}
