import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edge, FifoDevice, heldByInfrared, inputEvents, recording } from '../../../simulator/remote.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { readBridgeConfig } from '../../config.ts';
import type { Platform } from '../../platform.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { quiet } from '../../testing/quiet.ts';
import { until } from '../../testing/until.ts';
import { createEvdevPlatform } from './platform.ts';

const RED = 398;
const SOS = 639;
const HELP = 138;
const VOLUME_UP = 115;

let dir: string;
let platform: Platform | undefined;
const devices: FifoDevice[] = [];
let keys: string[];
let claims: number;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'evdev-'));
  keys = [];
  claims = 0;
});
afterEach(async () => {
  await platform?.stop();
  platform = undefined;
  for (const device of devices.splice(0)) await device.goesAway();
  rmSync(dir, { recursive: true, force: true });
});

function plugIn(name: string, folder = dir): FifoDevice {
  const device = new FifoDevice(join(folder, name));
  devices.push(device);
  return device;
}

async function start(evdev: Record<string, unknown> = {}, clock: Clock = systemClock): Promise<Platform> {
  const config = readBridgeConfig(JSON.stringify({ evdev: { dir, eventBytes: 24, ...evdev } }));
  platform = createEvdevPlatform({ config, clock, log: quiet });
  await platform.start({ key: (key, action) => keys.push(`${key} ${action}`), claimsChanged: () => claims++, wake: () => {} });
  return platform;
}

describe('a device', () => {
  it.each([24, 16] as const)(
    'with events of %i bytes is heard for the alarm keys only, also when an event is cut in two',
    async (eventBytes) => {
      const device = plugIn('event0');
      const box = await start({ eventBytes });
      const happened = [...edge(0, VOLUME_UP, 1), ...edge(1, RED, 1), ...edge(2, RED, 2), ...edge(3, RED, 0), ...edge(4, SOS, 1)];
      const bytes = inputEvents(happened, eventBytes);
      await device.writes(bytes.subarray(0, 37));
      await until('the reader runs', () => box.claims().keyOutsidePage);
      await device.writes(bytes.subarray(37));
      await until('all seen', () => keys.length === 3);
      expect(keys).toEqual(['alarm down', 'alarm up', 'sos down']);
    },
  );

  it('that goes away lets go of its key, and nothing claims to see it any more', async () => {
    const device = plugIn('event0');
    const box = await start();
    await device.writes(inputEvents(edge(0, RED, 1)));
    await until('down', () => keys.length === 1);
    expect(box.claims().keyOutsidePage).toBe(true);
    await device.goesAway();
    await until('up', () => keys.length === 2);
    expect(keys).toEqual(['alarm down', 'alarm up']);
    expect(box.claims().keyOutsidePage).toBe(false);
    // Opened, heard, gone.
    expect(claims).toBe(3);
  });

  it('that comes back is read again, without the rest of an event that was cut', async () => {
    const device = plugIn('event0');
    const box = await start();
    await device.writes(inputEvents(edge(0, RED, 1)).subarray(0, 20));
    await until('read', () => box.claims().keyOutsidePage);
    await device.goesAway();
    await until('gone', () => !box.claims().keyOutsidePage);
    // Anything that happens in the folder cuts the wait for the next try short.
    plugIn('event1');
    await device.writes(inputEvents(edge(0, SOS, 1)));
    await until('seen', () => keys.length === 1);
    expect(keys).toEqual(['sos down']);
  });
});

describe('the folder of devices', () => {
  it('is watched: a device that appears is read, one that vanishes is dropped', async () => {
    const box = await start();
    expect(box.claims().keyOutsidePage).toBe(false);
    const device = plugIn('event7');
    await device.writes(inputEvents(edge(0, RED, 1)));
    await until('down', () => keys.length === 1);
    unlinkSync(device.path);
    await until('dropped', () => keys.length === 2);
    expect(keys).toEqual(['alarm down', 'alarm up']);
    expect(box.claims().keyOutsidePage).toBe(false);
  });

  it('may come later than the bridge', async () => {
    const later = join(dir, 'later');
    await start({ dir: later, rescanS: 1 });
    mkdirSync(later);
    await plugIn('event0', later).writes(inputEvents(edge(0, SOS, 1)));
    await until('seen', () => keys.length === 1);
  });

  it('other files in it are none of ours', async () => {
    writeFileSync(join(dir, 'mouse0'), inputEvents(edge(0, SOS, 1)));
    const device = plugIn('event0');
    await start();
    await device.writes(inputEvents(edge(0, RED, 1)));
    await until('seen', () => keys.length === 1);
    expect(keys).toEqual(['alarm down']);
  });
});

describe('several devices', () => {
  it('that report one press make one press', async () => {
    const [one, two] = [plugIn('event0'), plugIn('event1')];
    await start({}, new FakeClock());
    await one.writes(inputEvents(edge(0, RED, 1)));
    // Each has a reader of its own: only what was seen has an order.
    await until('the first seen', () => keys.includes('alarm down'));
    await two.writes(inputEvents([...edge(0, RED, 1), ...edge(1, RED, 0), ...edge(2, SOS, 1)]));
    await until('all of the second seen', () => keys.includes('sos down'));
    await one.writes(inputEvents(edge(0, RED, 0)));
    await until('up', () => keys.includes('alarm up'));
    expect(keys.filter((k) => k.startsWith('alarm'))).toEqual(['alarm down', 'alarm up']);
  });

  it('are each heard; one of them gone, the other goes on', async () => {
    const [one, two] = [plugIn('event0'), plugIn('event1')];
    const box = await start();
    await one.writes(inputEvents(edge(0, HELP, 1)));
    await two.writes(inputEvents(edge(0, SOS, 1)));
    await until('both', () => keys.length === 2);
    await one.goesAway();
    await until('released', () => keys.includes('alarm up'));
    expect(box.claims().keyOutsidePage).toBe(true);
    await two.writes(inputEvents(edge(0, SOS, 0)));
    await until('still heard', () => keys.includes('sos up'));
  });
});

it('a recorded event file is read once, to its end, whatever else happens in its folder', async () => {
  writeFileSync(join(dir, 'event0'), recording('sos'));
  await start();
  await until('read and ended', () => claims === 3);
  await plugIn('event1').writes(inputEvents(edge(0, RED, 1)));
  await until('the other is read', () => keys.includes('alarm down'));
  expect(keys).toEqual(['sos down', 'sos up', 'alarm down']);
});

it('the recording of a held red key is what it says: 4 s by infrared, with the beam interrupted once', () => {
  expect(recording('red-held').equals(inputEvents(heldByInfrared(RED, 4000, 1000)))).toBe(true);
});
