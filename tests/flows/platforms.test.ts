/** Hop ① on real platforms: whatever kind of box it is, the held red key is the same alarm at the centre. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { edge, FifoDevice, heldByInfrared, inputEvents, recording } from '../../firmware-bridge/simulator/remote.ts';
import { type ThunderProfile, ThunderSimulator } from '../../firmware-bridge/simulator/thunder.ts';
import type { Operator } from '../harness/operator.ts';
import { RealBox } from '../harness/real-box.ts';
import { until } from '../harness/until.ts';
import type { Villager } from '../harness/villager.ts';
import { startWorld, type World } from '../harness/world.ts';

const CLIENT = 'org.rdk.Shouwang';

let world: World;
let operator: Operator;
/** The next box that nobody has used. */
let next = 0;
const open: { ends(): Promise<unknown> }[] = [];

beforeAll(async () => {
  world = await startWorld({ boxes: 8 });
  operator = await world.operatorAway();
});
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.ends();
});
afterAll(() => world?.ends());

async function box(i: number, env: Record<string, string>): Promise<RealBox> {
  const box = await RealBox.of(world, i, env);
  open.push(box);
  return box;
}

async function remote(box: RealBox, name = 'event0'): Promise<FifoDevice> {
  const device = new FifoDevice(join(box.inputDir, name));
  open.push({ ends: () => device.goesAway() });
  return device;
}

async function thunder(profile: ThunderProfile, serial: string): Promise<ThunderSimulator> {
  const sim = await new ThunderSimulator({ profile, serial, token: 'a token' }).start();
  open.push({ ends: () => sim.stop() });
  return sim;
}

function thunderEnv(sim: ThunderSimulator): Record<string, string> {
  const tokenFile = join(world.dir, 'thunder.token');
  writeFileSync(tokenFile, 'a token\n');
  return { SHOUWANG_BRIDGE_THUNDER_URL: sim.url, SHOUWANG_BRIDGE_THUNDER_TOKEN_FILE: tokenFile, SHOUWANG_BRIDGE_THUNDER_CLIENT: CLIENT };
}

/** One alarm by holding, of box `i`, received by the centre and on its board. */
async function isTheAlarmOf(i: number, villager: Villager, gesture: 'hold' | 'sos' = 'hold'): Promise<void> {
  const alarm = await villager.seesAlarm('received', (a) => a.receivedAt !== undefined && a.caseNo);
  expect(alarm.storedAt).toBeDefined();
  const mine = (await operator.cases()).cases.filter((c) => c.household?.boxId === world.boxId(i));
  expect(mine.map((c) => ({ alarmId: c.alarmId, caseNo: c.caseNo, gesture: c.gesture }))).toEqual([
    { alarmId: alarm.id, caseNo: alarm.caseNo, gesture },
  ]);
}

describe('a Linux box', () => {
  it('whose remote is an input device: the recording of a held red key, cut inside its events', async () => {
    const i = next++;
    const mine = await box(i, { SHOUWANG_BRIDGE_BOX_ID: world.boxId(i), SHOUWANG_BRIDGE_THUNDER_URL: 'ws://127.0.0.1:1/jsonrpc' });
    const device = await remote(mine);
    const villager = await (await mine.starts()).villager();
    expect(villager.state?.keysFrom).toBe('device');
    await device.plays(recording('red-held'));
    await isTheAlarmOf(i, villager);
    expect(villager.state?.claims.keyOutsidePage).toBe(true);
  });

  it('whose remote is plugged in later, and has its own codes in an operator’s table', async () => {
    const i = next++;
    const table = join(world.dir, 'remote.yaml');
    writeFileSync(table, 'family: evdev\nsource: measured on remote X\nkeys:\n  red: [59]\n');
    const mine = await box(i, {
      SHOUWANG_BRIDGE_BOX_ID: world.boxId(i),
      SHOUWANG_BRIDGE_PLATFORM: 'evdev',
      SHOUWANG_BRIDGE_KEYS_TABLE_FILE: table,
    });
    mkdirSync(mine.inputDir, { recursive: true });
    const villager = await (await mine.starts()).villager();
    expect(villager.state?.claims.keyOutsidePage).toBe(false);
    const device = await remote(mine, 'event5');
    await device.plays(inputEvents(heldByInfrared(59, 2500)));
    await isTheAlarmOf(i, villager);
  });

  it('with a key made for alarms: at once', async () => {
    const i = next++;
    const mine = await box(i, { SHOUWANG_BRIDGE_BOX_ID: world.boxId(i), SHOUWANG_BRIDGE_PLATFORM: 'evdev' });
    const device = await remote(mine);
    const villager = await (await mine.starts()).villager();
    await device.writes(inputEvents([...edge(0, 639, 1), ...edge(1, 639, 0)]));
    await isTheAlarmOf(i, villager, 'sos');
  });
});

describe.each<ThunderProfile>(['legacy', 'new'])(
  'a box with the RDK, %s profile, found by probing and named by its serial number,',
  (profile) => {
    it('whose remote is an input device', async () => {
      const i = next++;
      const mine = await box(i, thunderEnv(await thunder(profile, world.boxId(i))));
      const device = await remote(mine);
      const villager = await (await mine.starts()).villager();
      await device.plays(recording('red-held'));
      await isTheAlarmOf(i, villager);
      expect(villager.state).toMatchObject({ keysFrom: 'device', claims: { keyOutsidePage: true } });
    });

    it('whose keys only its page is given', async () => {
      const i = next++;
      const sim = await thunder(profile, world.boxId(i));
      const mine = await box(i, thunderEnv(sim));
      const villager = await (await mine.starts()).villager();
      await until('the page is given the red key', () => sim.intercepted.has(`${CLIENT} 398`));
      expect(villager.state).toMatchObject({ keysFrom: 'page', claims: { keyOutsidePage: false } });
      await villager.holdsAlarmKey();
      await isTheAlarmOf(i, villager);
    });
  },
);
