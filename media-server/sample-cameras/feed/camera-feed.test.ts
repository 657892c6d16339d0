import { beforeEach, describe, expect, it } from 'vitest';
import { parseRtp } from '../../src/ingest/rtp/rtp.ts';
import { silentLog } from '../../src/lib/log.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { rtpTimeOf } from '../rtp/sender-report.ts';
import { FakeEncoder, PPS, SPS } from '../testing/fake-encoder.ts';
import { CameraFeed, type PicturePackets } from './camera-feed.ts';

let clock: ManualClock;
let encoder: FakeEncoder;
let feed: CameraFeed;
beforeEach(() => {
  clock = new ManualClock();
  encoder = new FakeEncoder();
  feed = new CameraFeed('gate', { start: encoder.start, clock, log: silentLog });
});

describe('an encode', () => {
  it('does not run while nobody plays', () => {
    clock.passes(3_600_000);
    expect(encoder.starts).toBe(0);
  });

  it('is shared by all who play', () => {
    const seen: PicturePackets[] = [];
    feed.subscribe((picture) => seen.push(picture));
    feed.subscribe((picture) => seen.push(picture));
    encoder.picture(true, clock.now());
    expect(encoder.starts).toBe(1);
    expect(seen).toHaveLength(2);
    expect(seen[0]!.packets).toBe(seen[1]!.packets);
  });

  it('goes on for a short while after the last has left, and then stops', () => {
    const first = feed.subscribe(() => undefined);
    const second = feed.subscribe(() => undefined);
    first();
    clock.passes(60_000);
    expect(encoder.stops).toBe(0);
    second();
    clock.passes(4_999);
    expect(feed.running).toBe(true);
    clock.passes(1);
    expect(feed.running).toBe(false);
    expect(encoder.stops).toBe(1);
  });

  it('serves somebody who comes back at once without a new start', () => {
    feed.subscribe(() => undefined)();
    clock.passes(3_000);
    const leave = feed.subscribe(() => undefined);
    clock.passes(60_000);
    expect(encoder.starts).toBe(1);
    leave();
    leave();
    clock.passes(5_000);
    feed.subscribe(() => undefined);
    expect(encoder.starts).toBe(2);
  });

  it('that ends by itself is started again while somebody plays', () => {
    feed.subscribe(() => undefined);
    encoder.dies();
    expect(encoder.starts).toBe(1);
    clock.passes(1_000);
    expect(encoder.starts).toBe(2);
  });

  it('that was started for a description only stops again', async () => {
    await expect(feed.parameterSets()).resolves.toEqual({ sps: SPS, pps: PPS });
    clock.passes(5_000);
    expect(encoder.stops).toBe(1);
    await feed.parameterSets();
    expect(encoder.starts).toBe(1);
  });

  it('is stopped at once by close, for good', () => {
    feed.subscribe(() => undefined);
    feed.close();
    expect(encoder.stops).toBe(1);
    feed.subscribe(() => undefined);
    expect(encoder.starts).toBe(1);
  });
});

it('a description fails where the encode does not start', async () => {
  const silent = new CameraFeed('gate', { start: () => ({ stop: () => undefined }), clock, log: silentLog });
  const asked = silent.parameterSets();
  clock.passes(8_000);
  await expect(asked).rejects.toThrow('did not start');
});

it('key frames carry the parameter sets, and timestamps are the time of painting', async () => {
  const seen: PicturePackets[] = [];
  feed.subscribe((picture) => seen.push(picture));
  await feed.parameterSets();
  const at = clock.now();
  encoder.picture(true, at);
  encoder.picture(false, at + 83);
  const [key, delta] = seen.map((picture) => picture.packets.map((p) => parseRtp(p)!));
  expect(key![0]!.payload[0]! & 0x1f).toBe(24);
  expect(key![0]!.payload.includes(Buffer.from(SPS))).toBe(true);
  expect(delta![0]!.payload[0]).toBe(0x41);
  expect(key![0]!.timestamp).toBe(rtpTimeOf(at, feed.timeBase));
  expect((delta![0]!.timestamp - key![0]!.timestamp + 2 ** 32) % 2 ** 32).toBe(83 * 90);
});
