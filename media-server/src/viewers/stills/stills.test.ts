import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { Hub } from '../../hub/hub.ts';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { systemClock } from '../../lib/clock.ts';
import { type Log, silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { standIn } from '../../testing/stand-in.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { findFfmpeg, usableFfmpeg } from './find-ffmpeg.ts';
import { Stills } from './stills.ts';

let clock: ManualClock;
let source: FakeSource;
let hub: Hub;
let encoded: AccessUnit[];
let fail: boolean;
let stills: Stills;

beforeEach(() => {
  clock = new ManualClock();
  source = new FakeSource();
  hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 10_000 });
  encoded = [];
  fail = false;
  const encode = async (key: AccessUnit) => {
    encoded.push(key);
    if (fail) throw new CodedError('INTERNAL');
    return Buffer.from(`jpeg ${encoded.length}`);
  };
  stills = new Stills({ clock, concurrency: 1, everyS: 2, encode });
});

describe('a still', () => {
  test('starts the camera, waits for its key frame, carries its time, and leaves the camera to its linger', async () => {
    const still = stills.take(hub);
    expect(source.running).toBe(true);
    source.answers(track());
    source.sends(...pictures('IPP', { startAt: 1_790_000_000_123 }));
    expect(await still).toEqual({ jpeg: Buffer.from('jpeg 1'), pictureAt: 1_790_000_000_123 });
    expect(source.running).toBe(true);
    clock.passes(10_000);
    expect(source.running).toBe(false);
  });

  test('is encoded once for all who ask at the same time', async () => {
    const all = [stills.take(hub), stills.take(hub), stills.take(hub)];
    source.answers(track());
    source.sends(...pictures('I'));
    await Promise.all(all);
    expect(encoded).toHaveLength(1);
  });

  test('is not encoded again within two seconds, nor while there is no newer key frame', async () => {
    const first = stills.take(hub);
    source.answers(track());
    source.sends(...pictures('I'));
    await first;
    clock.passes(9000);
    await stills.take(hub);
    expect(encoded).toHaveLength(1);
    source.sends(...pictures('I', { from: 25 }));
    await stills.take(hub);
    expect(encoded).toHaveLength(2);
    source.sends(...pictures('I', { from: 50 }));
    clock.passes(1999);
    await stills.take(hub);
    expect(encoded).toHaveLength(2);
    clock.passes(1);
    await stills.take(hub);
    expect(encoded).toHaveLength(3);
  });

  test('that failed is tried again for the next one who asks', async () => {
    fail = true;
    const first = stills.take(hub);
    source.answers(track());
    source.sends(...pictures('I'));
    await expect(first).rejects.toMatchObject({ code: 'INTERNAL' });
    fail = false;
    await expect(stills.take(hub)).resolves.toMatchObject({ jpeg: Buffer.from('jpeg 2') });
  });

  test('of a camera that cannot be reached is an error at once', async () => {
    const still = stills.take(hub);
    source.fails(new CodedError('CAMERA_OFFLINE'));
    await expect(still).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  });
});

describe('ffmpeg', () => {
  const ffmpeg = findFfmpeg(process.env);

  test('makes a JPEG of a key frame, no wider than wanted', async () => {
    const shape = { width: 40, height: 30 };
    const [key] = pictures('I', { shape });
    const jpeg = await encodeJpeg(key!, { ffmpeg: ffmpeg!, maxWidth: 320, clock: systemClock });
    expect(jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
    // The frame header (SOF0): height and width.
    const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    expect([jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)]).toEqual([320, 240]);
  });

  test('that cannot read the picture is an error, not a hang', async () => {
    const [key] = pictures('I');
    const broken = { ...key!, nals: [Buffer.from([0x65, 0xff])], track: { ...key!.track, sps: Buffer.from([0x67, 0, 0]) } };
    await expect(encodeJpeg(broken, { ffmpeg: ffmpeg!, maxWidth: 320, clock: systemClock })).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('is looked for where FFMPEG_BIN says first; what cannot be executed counts for nothing', () => {
    expect(findFfmpeg({ FFMPEG_BIN: process.execPath, PATH: '' })).toBe(process.execPath);
    expect(findFfmpeg({ FFMPEG_BIN: '/nowhere/ffmpeg', PATH: '/nowhere' })).not.toBe('/nowhere/ffmpeg');
  });

  test.each([
    ['4.4.2-0ubuntu0.22.04.1', false],
    ['5.0.1', false],
    ['5.1.9-0+deb12u1', true],
    ['n6.0', true],
    ['7.1-static', true],
    ['N-118000-gabcdef0123', true],
  ])('of version %s: used %s; what is too old is said', (version, isUsed) => {
    const dir = mkdtempSync(join(tmpdir(), 'shouwang-ffmpeg-'));
    const { path } = standIn(dir, `echo 'ffmpeg version ${version} Copyright (c) the FFmpeg developers'`);
    const said: string[] = [];
    const log = { error: (...words: unknown[]) => said.push(JSON.stringify(words)) } as unknown as Log;
    expect(usableFfmpeg({ FFMPEG_BIN: path }, log)).toBe(isUsed ? path : undefined);
    expect(said.map((s) => s.includes(path) && s.includes('5.1 or newer'))).toEqual(isUsed ? [] : [true]);
    rmSync(dir, { recursive: true });
  });
});

test('a still is not kept for an hour because the clock was set back by one', async () => {
  const skewed = { ...clock, now: () => time, after: clock.after.bind(clock) };
  let time = 1_790_000_000_000;
  const own = new Stills({ clock: skewed, concurrency: 1, everyS: 2, encode: async (key) => Buffer.from(String(key.pictureAt)) });
  const first = own.take(hub);
  source.answers(track());
  source.sends(...pictures('I'));
  await first;
  time -= 3_600_000;
  source.sends(...pictures('I', { from: 50 }));
  expect((await own.take(hub)).pictureAt).toBe(hub.keyPicture!.pictureAt);
});
