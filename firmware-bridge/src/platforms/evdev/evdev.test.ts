import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { readBridgeConfig } from '../../config.ts';
import type { Platform } from '../../platform.ts';
import { quiet } from '../../testing/quiet.ts';
import { until } from '../../testing/until.ts';
import { pickPlatform } from '../registry.ts';
import { createEventParser, type EventBytes, nativeEventBytes } from './events.ts';

const RED = 398;
const SOS = 639;
const VOLUME_UP = 115;

function event(size: EventBytes, type: number, code: number, value: number): Buffer {
  const buffer = Buffer.alloc(size, 0xee);
  buffer.writeUInt16LE(type, size - 8);
  buffer.writeUInt16LE(code, size - 6);
  buffer.writeInt32LE(value, size - 4);
  return buffer;
}

describe('input events', () => {
  it.each([24, 16] as const)('of %i bytes are read whole, wherever the stream is cut', (size) => {
    const stream = Buffer.concat([event(size, 1, RED, 1), event(size, 0, 0, 0), event(size, 1, RED, 0), event(size, 3, 1, -7)]);
    const expected = createEventParser(size)(stream);
    expect(expected).toEqual([
      { type: 1, code: RED, value: 1 },
      { type: 0, code: 0, value: 0 },
      { type: 1, code: RED, value: 0 },
      { type: 3, code: 1, value: -7 },
    ]);
    for (let step = 1; step <= size + 1; step++) {
      const parse = createEventParser(size);
      const got = [];
      for (let at = 0; at < stream.length; at += step) got.push(...parse(stream.subarray(at, at + step)));
      expect(got).toEqual(expected);
    }
  });

  it('have the size of this userland', () => {
    expect([nativeEventBytes('x64'), nativeEventBytes('arm64'), nativeEventBytes('arm')]).toEqual([24, 24, 16]);
  });
});

describe('the evdev platform', () => {
  let dir: string;
  let fifo: string;
  let platform: Platform;
  let writer: FileHandle | undefined;
  let keys: string[];
  let claims: number;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'evdev-'));
    fifo = join(dir, 'event0');
    execFileSync('mkfifo', [fifo]);
    keys = [];
    claims = 0;
    const config = readBridgeConfig(JSON.stringify({ evdev: { devices: [fifo], eventBytes: 24 } }));
    platform = pickPlatform({ config, clock: systemClock, log: quiet });
    await platform.start({ key: (key, action) => keys.push(`${key} ${action}`), claimsChanged: () => claims++ });
    // Opening a FIFO for writing waits for its reader.
    writer = await open(fifo, 'w');
  });
  afterEach(async () => {
    await platform.stop();
    await writer?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('sees the alarm keys only, without repeats, also when an event is cut in two', async () => {
    const bytes = Buffer.concat([
      event(24, 1, VOLUME_UP, 1),
      event(24, 1, RED, 1),
      event(24, 1, RED, 2),
      event(24, 0, 0, 0),
      event(24, 1, RED, 0),
      event(24, 1, SOS, 1),
    ]);
    await writer?.write(bytes.subarray(0, 37));
    await until('the reader runs', () => platform.claims().keyOutsidePage);
    await writer?.write(bytes.subarray(37));
    await until('all seen', () => keys.length === 3);
    expect(keys).toEqual(['alarm down', 'alarm up', 'sos down']);
  });

  it('lets go of a key when its device goes away, and no longer claims to see it', async () => {
    await writer?.write(event(24, 1, RED, 1));
    await until('down', () => keys.length === 1);
    expect(platform.claims().keyOutsidePage).toBe(true);
    await writer?.close();
    writer = undefined;
    await until('up', () => keys.length === 2);
    expect(keys).toEqual(['alarm down', 'alarm up']);
    expect(platform.claims().keyOutsidePage).toBe(false);
    expect(claims).toBe(2);
  });
});

it('a recorded event file is read to its end', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'evdev-'));
  const file = join(dir, 'recorded');
  writeFileSync(file, Buffer.concat([event(16, 1, SOS, 1), event(16, 1, SOS, 0)]));
  const config = readBridgeConfig(JSON.stringify({ platform: 'evdev', evdev: { devices: [file], eventBytes: 16 } }));
  const platform = pickPlatform({ config, clock: systemClock, log: quiet });
  const keys: string[] = [];
  await platform.start({ key: (key, action) => keys.push(`${key} ${action}`), claimsChanged: () => {} });
  await until('read', () => keys.length === 2);
  await platform.stop();
  expect(keys).toEqual(['sos down', 'sos up']);
  rmSync(dir, { recursive: true, force: true });
});
