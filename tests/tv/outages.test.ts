/** The line is gone for half a minute in the middle of a picture and of an alarm, the bridge and the centre restart: every screen comes back by itself and never said more than the ledger has. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import type { Service } from '../harness/service.ts';
import { TvScreen } from '../harness/tv-screen.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

const GONE_MS = 30_000;

let world: World;
let tv: TvScreen;
let operator: Operator;
/** Every step that the TV showed of an alarm, by the page's own eyes: with the moment. */
const WATCH = `
  window.steps = [];
  addEventListener('DOMContentLoaded', () => {
    const mirror = document.getElementById('mirror');
    new MutationObserver(() => {
      const step = mirror.getAttribute('data-alarm-step');
      const id = mirror.getAttribute('data-alarm-id');
      const last = window.steps[window.steps.length - 1];
      if (id && (!last || last.step !== step || last.id !== id)) window.steps.push({ id, step, at: Date.now() });
    }).observe(mirror, { attributes: true });
  });
`;

beforeAll(async () => {
  world = await startWorld({ pictures: true });
  await world.box();
  operator = await world.operator();
  tv = await new TvScreen().turnsOn(world.tvUrl(), undefined, WATCH);
  await until('six stills', async () => (await tv.tiles()).filter((t) => t.stillAt > 0).length === 6, 90_000);
}, 240_000);
afterAll(async () => {
  await tv?.turnsOff();
  await world?.ends();
});

/** As if the cable were pulled: whoever was spoken to is silent, and nobody is told. */
async function silent(services: (Service | undefined)[], whileSilent: () => Promise<void>): Promise<void> {
  const pids = services.map((s) => s?.pid).filter((pid) => pid !== undefined);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const since = performance.now();
  try {
    await whileSilent();
    await until('the line was gone for long enough', () => performance.now() - since > GONE_MS, 2 * GONE_MS);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** "received" and what comes after it was shown only after the centre had it in its ledger. */
async function neverAheadOfTheLedger(alarmId: string): Promise<void> {
  const view = await operator.findsCase(alarmId);
  const shown = (await tv.page.evaluate('window.steps')) as { id: string; step: string; at: number }[];
  const received = shown.find((s) => s.id === alarmId && !['pressed', 'stored', 'sent'].includes(s.step));
  expect(received, `steps seen: ${JSON.stringify(shown)}`).toBeDefined();
  const rows = (await operator.ledger()).filter((r) => JSON.stringify(r).includes(view.caseNo));
  expect(rows.length).toBeGreaterThan(0);
  expect(received!.at).toBeGreaterThanOrEqual(view.receivedAt);
  expect((await operator.cases()).cases.filter((c) => c.alarmId === alarmId).length).toBe(1);
}

it('half a minute without a line in the middle of a picture, and of the alarm pressed at it', { timeout: 300_000 }, async () => {
  await tv.presses('1');
  await tv.shows('a live picture', async () => (await tv.read('data-picture')) === 'live', 60_000);
  let id = '';
  await silent([world.broker, world.media], async () => {
    await tv.shows('that it is not live', async () => (await tv.read('data-picture')) === 'still', 30_000);
    id = await tv.holdsAlarmKey();
    await tv.shows('that the centre has not got it', async () => (await tv.headline()).includes('中心还没收到'), 60_000);
    expect(await tv.detail()).toContain('0859-555-0110');
  });
  await tv.showsStep('received', 90_000);
  await neverAheadOfTheLedger(id);
  expect((await operator.findsCase(id)).onScreen?.cameraId).toBe(await tv.read('data-camera'));
  await tv.shows('the live picture again', async () => (await tv.read('data-picture')) === 'live', 90_000);
});

it('the bridge restarts, then the centre: the alarm is where it was, and goes on', { timeout: 240_000 }, async () => {
  const id = await tv.read('data-alarm-id');
  const { caseNo } = await operator.findsCase(id);
  await world.boxService().stop();
  await tv.shows('that the key is dead', async () => (await tv.read('data-away')) === 'link', 60_000);
  await world.box();
  await tv.shows('the link again', async () => (await tv.read('data-link')) === 'up' && (await tv.read('data-case-no')) === caseNo, 60_000);
  await world.broker.stop();
  await tv.shows('that the centre is away', async () => (await tv.read('data-away')) === 'centre-down', 60_000);
  await world.broker.start();
  operator = await world.operator();
  await operator.command(caseNo, { command: 'sign' });
  await tv.showsStep('signed', 90_000);
  await neverAheadOfTheLedger(id);
});
