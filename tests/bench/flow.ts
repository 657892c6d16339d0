/**
 * How long the two flows take on this machine, measured from outside: a press until it is stored, received, and at the console;
 * a camera chosen on the TV until its picture moves; a start until the TV can be used.
 */
import { TvScreen } from '../harness/tv-screen.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';
import { pressTimes, timed } from './presses.ts';
import type { Report } from './report.ts';

const PRESSES = 200;
const WARM_UP = 10;
const PICTURES = 10;
const STARTS = 3;

export async function run(report: Report): Promise<void> {
  await press(report);
  await camera(report);
  await startup(report);
}

async function press(report: Report): Promise<void> {
  const { stored, received, atConsole } = await pressTimes(PRESSES, WARM_UP);
  report.addTimes('press', 'shouwang', 'stored_ms', stored);
  report.addTimes('press', 'shouwang', 'received_ms', received);
  report.addTimes('press', 'shouwang', 'console_ms', atConsole);
}

async function camera(report: Report): Promise<void> {
  const world = await startWorld({ pictures: true });
  const tv = new TvScreen();
  try {
    await world.box();
    await tv.turnsOn(world.tvUrl());
    await ready(tv);
    const first: number[] = [];
    for (let i = 0; i < PICTURES; i++) {
      const start = performance.now();
      await tv.presses('Enter');
      first.push(await timed(start, 'a moving picture', async () => (await tv.read('data-picture')) === 'live', 30_000));
      await tv.presses('Backspace');
      await until('the wall is back', async () => (await tv.read('data-page')) === 'wall');
      await tv.presses('ArrowRight');
    }
    report.addTimes('camera', 'shouwang', 'first_picture_ms', first, [50]);
  } finally {
    await tv.turnsOff();
    await world.ends();
  }
}

async function startup(report: Report): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now();
    let world: World | undefined;
    try {
      world = await startWorld({ pictures: true });
      await world.box();
      await world.connectedVillager();
      times.push(performance.now() - start);
    } finally {
      await world?.ends();
    }
  }
  report.add({
    case: 'startup',
    system: 'shouwang',
    metric: 'startup_ms',
    value: [...times].sort((a, b) => a - b)[1] ?? Number.NaN,
    unit: 'ms',
    n: times.length,
  });
}

async function ready(tv: TvScreen): Promise<void> {
  await until('six stills on the wall', async () => (await tv.tiles()).filter((t) => t.stillAt > 0).length === 6, 60_000);
}
