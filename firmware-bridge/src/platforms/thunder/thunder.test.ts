import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edge, FifoDevice, inputEvents } from '../../../simulator/remote.ts';
import { type ThunderOptions, type ThunderProfile, ThunderSimulator } from '../../../simulator/thunder.ts';
import type { Clock } from '../../clock.ts';
import { readBridgeConfig } from '../../config.ts';
import type { Platform } from '../../platform.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { listening, quiet } from '../../testing/quiet.ts';
import { until } from '../../testing/until.ts';
import { pickPlatform } from '../registry.ts';

const RED = 398;
const CLIENT = 'org.rdk.Shouwang';
/** What the page is given: red, help, SOS and blue; yellow (the test) stays with the program in front. */
const INTERCEPTED = [138, 398, 401, 639].map((code) => `${CLIENT} ${code}`);

let dir: string;
let thunder: ThunderSimulator | undefined;
let platform: Platform | undefined;
let device: FifoDevice | undefined;
let keys: string[];
let wakes: number;
let clock: FakeClock;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'thunder-'));
  keys = [];
  wakes = 0;
  clock = new FakeClock();
});
afterEach(async () => {
  await platform?.stop();
  platform = undefined;
  await device?.goesAway();
  device = undefined;
  await thunder?.stop();
  thunder = undefined;
  rmSync(dir, { recursive: true, force: true });
});

async function thunderRuns(options: ThunderOptions): Promise<ThunderSimulator> {
  thunder = await new ThunderSimulator({ serial: 'SN-001', ...options }).start();
  return thunder;
}

async function pick(config: Record<string, unknown> = {}, log = quiet, time: Clock = clock): Promise<Platform> {
  const { thunder: settings, ...rest } = config;
  const full = {
    platform: 'thunder',
    evdev: { dir, eventBytes: 24 },
    ...rest,
    thunder: { url: thunder?.url ?? 'ws://127.0.0.1:1/jsonrpc', client: CLIENT, ...(settings as object) },
  };
  platform = await pickPlatform({ config: readBridgeConfig(JSON.stringify(full)), clock: time, log });
  return platform;
}

async function start(config: Record<string, unknown> = {}): Promise<Platform> {
  const box = await pick(config);
  await box.start({ key: (key, action) => keys.push(`${key} ${action}`), claimsChanged: () => {}, wake: () => wakes++ });
  return box;
}

describe.each<[ThunderProfile, string, string]>([
  ['legacy', 'onSystemPowerStateChanged', 'onIPAddressStatusChanged'],
  ['new', 'onPowerModeChanged', 'onInternetStatusChange'],
])('a box with the %s profile', (profile, powerEvent, networkEvent) => {
  it('is found by probing, before its input devices', async () => {
    await thunderRuns({ profile });
    device = new FifoDevice(join(dir, 'event0'));
    expect((await pick({ platform: 'auto' })).name).toBe('thunder');
  });

  it('says which box it is by its serial number, else by its MAC', async () => {
    await thunderRuns({ profile });
    expect(await (await pick()).identity()).toEqual({ boxId: 'SN-001' });
    await platform?.stop();
    await thunder?.stop();
    await thunderRuns({ profile, serial: '', mac: '00:1a:2b:3c:4d:5e' });
    expect(await (await pick()).identity()).toEqual({ boxId: '001a2b3c4d5e' });
  });

  it('wakes the uplink when it comes out of standby and when its network changes', async () => {
    const sim = await thunderRuns({ profile });
    await start();
    await until('registered', () => sim.listens(powerEvent) && sim.listens(networkEvent));
    sim.goesTo('STANDBY');
    const before = wakes;
    sim.goesTo('ON');
    await until('awake', () => wakes === before + 1);
    sim.networkChanges();
    await until('network', () => wakes === before + 2);
  });

  it('has its page told the alarm keys, wherever it is, while no device is heard; and claims no more for that', async () => {
    const sim = await thunderRuns({ profile });
    const box = await start();
    expect(box.keysFrom).toBe('page');
    await until('intercepted', () => sim.intercepted.size === INTERCEPTED.length);
    expect([...sim.intercepted].sort()).toEqual(INTERCEPTED);
    expect(box.claims()).toEqual({ stored: true, survivesPowerLoss: true, keyOutsidePage: false });
  });

  it('reads its keys from a device once one is heard there, and takes the page’s intercept back', async () => {
    const sim = await thunderRuns({ profile });
    const box = await start();
    await until('intercepted', () => sim.intercepted.size > 0);
    device = new FifoDevice(join(dir, 'event0'));
    await device.isRead();
    await until('settled', () => {
      clock.passes(100);
      return box.claims().keyOutsidePage;
    });
    expect(box.keysFrom).toBe('page');
    await device.writes(inputEvents(edge(0, RED, 1)));
    await until('seen', () => keys.length === 1);
    expect(box.keysFrom).toBe('device');
    expect(box.claims().keyOutsidePage).toBe(true);
    await until('no longer intercepted', () => sim.intercepted.size === 0);
    await device.goesAway();
    await until('the page again', () => box.keysFrom === 'page' && sim.intercepted.size === INTERCEPTED.length);
    expect(keys).toEqual(['alarm down', 'alarm up']);
  });

  it('is connected again for ever after its sockets drop, and set up anew', async () => {
    const sim = await thunderRuns({ profile });
    await start();
    for (let i = 1; i <= 3; i++) {
      await until('set up', () => sim.connections === i && sim.listens(networkEvent) && sim.intercepted.size > 0);
      sim.intercepted.clear();
      sim.dropSockets();
      await until('noticed', () => clock.nextIn <= 500 * 2 ** i);
      await again(() => sim.connections > i);
    }
  });
});

/** Lets the back-off pass until `done`; the renewals of a live connection do not count. */
async function again(done: () => boolean): Promise<void> {
  await until('connected again', () => {
    if (!done()) clock.passes(1000);
    return done();
  });
}

describe('faults:', () => {
  it('a missing plugin costs only what it does', async () => {
    const sim = await thunderRuns({ profile: 'legacy', missing: ['DeviceInfo', 'org.rdk.RDKShell'] });
    const box = await start();
    expect(await box.identity()).toEqual({ boxId: 'SN-001' });
    await until('power and network', () => sim.listens('onSystemPowerStateChanged') && sim.listens('onIPAddressStatusChanged'));
  });

  it('a plugin that comes late is found at the next renewal', async () => {
    const sim = await thunderRuns({ profile: 'new', missing: ['org.rdk.PowerManager', 'org.rdk.System', 'org.rdk.SystemServices'] });
    await start();
    await until('set up', () => sim.intercepted.size > 0);
    expect(sim.listens('onPowerModeChanged')).toBe(false);
    sim.missing.clear();
    clock.passes(60_000);
    await until('found', () => sim.listens('onPowerModeChanged'));
  });

  it('a late reply finds nobody, and the next way is tried', async () => {
    const sim = await thunderRuns({ profile: 'legacy' });
    sim.held.add('DeviceInfo.serialnumber');
    const box = await pick();
    const identity = box.identity();
    await until('asked', () => sim.calls.some((c) => c.method === 'DeviceInfo.serialnumber'));
    clock.passes(5000);
    expect(await identity).toEqual({ boxId: 'SN-001' });
    sim.answersAll();
    expect(await box.identity()).toEqual({ boxId: 'SN-001' });
  });

  it('a Thunder that hangs is left and tried anew', async () => {
    const sim = await thunderRuns({ profile: 'new' });
    sim.held.add('*');
    await start();
    await until('asked', () => sim.calls.length > 0);
    await again(() => sim.connections > 1);
  });

  it('where Thunder is not there, keys are read all the same, and who the box is stays unknown', async () => {
    device = new FifoDevice(join(dir, 'event0'));
    const box = await start();
    await device.writes(inputEvents(edge(0, RED, 1)));
    await until('seen', () => keys.length === 1);
    const identity = box.identity();
    await until('given up', async () => {
      clock.passes(10_000);
      return (await Promise.race([identity, undefined])) !== undefined;
    });
    expect(await identity).toEqual({ boxId: undefined });
  });

  it('the wrong token is refused; it is in no log', async () => {
    const sim = await thunderRuns({ profile: 'new', token: 'right' });
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, 'wrong-token\n');
    const { log, lines } = listening();
    const box = await pick({ thunder: { tokenFile } }, log);
    await box.start({ key: () => {}, claimsChanged: () => {}, wake: () => {} });
    await until('refused', () => lines.some((l) => l.msg.includes('cannot be reached')));
    expect(sim.connections).toBe(0);
    // A token that is renewed is read at the next try.
    writeFileSync(tokenFile, 'right\n');
    await again(() => sim.connections > 0);
    expect(JSON.stringify(lines)).not.toMatch(/wrong-token|token=/);
  });
});

it('without Thunder a box with input devices is a plain one; without both, the configuration must name one', async () => {
  device = new FifoDevice(join(dir, 'event0'));
  expect((await pick({ platform: 'auto' })).name).toBe('evdev');
  rmSync(device.path);
  await expect(pick({ platform: 'auto' })).rejects.toThrow('CONFIG_INVALID: platform: none of thunder, evdev fits this box');
});
