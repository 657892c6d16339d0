import { beforeEach, describe, expect, test } from 'vitest';
import { Hub } from '../../hub/hub.ts';
import type { AudioFrame, AudioTrack } from '../../ingest/access-unit.ts';
import { parseRtp } from '../../ingest/rtp/rtp.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { SoundFeed } from './sound-feed.ts';

const PCMA: AudioTrack = { codec: 'pcma', sampleRate: 8000, channels: 1, config: Buffer.alloc(0), run: 1 };

let source: FakeSource;
let feed: SoundFeed;
let sent: { timestamp: number; type: number; bytes: number; marker: boolean }[];
let closed: number;
let clock: ManualClock;

beforeEach(() => {
  source = new FakeSource();
  clock = new ManualClock();
  const hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 0 });
  sent = [];
  closed = 0;
  feed = new SoundFeed({ hub, choice: { codec: 'pcma', payloadType: 8 }, ssrc: 7 });
  feed.sendTo({
    send: (bytes: Buffer) => {
      const p = parseRtp(bytes)!;
      sent.push({ timestamp: p.timestamp, type: p.payloadType, bytes: p.payload.length, marker: (bytes[1]! & 0x80) !== 0 });
    },
    close: () => {
      closed++;
    },
  });
});

/** 20 ms each. */
function frames(from: number, count: number, track = PCMA): AudioFrame[] {
  return Array.from({ length: count }, (_, i) => ({
    data: Buffer.alloc(160, 0xd5),
    ticks: (from + i) * 1800,
    pictureAt: 0,
    arrivedAt: 0,
    track,
  }));
}

describe('sound', () => {
  test('goes out as it comes, 8000 ticks a second, the first of a talkspurt marked', () => {
    feed.start();
    source.hears(PCMA, ...frames(50, 3));
    expect(sent.map((s) => s.timestamp)).toEqual([0, 160, 320]);
    expect(sent.map((s) => s.marker)).toEqual([true, false, false]);
    expect(sent[0]).toMatchObject({ type: 8, bytes: 160 });
    expect(feed.bytes).toBe(480);
  });

  test('goes on after the camera came back, with other times, without going back', () => {
    feed.start();
    source.hears(PCMA, ...frames(5000, 2));
    source.hears({ ...PCMA, run: 2 }, ...frames(3, 2, { ...PCMA, run: 2 }));
    expect(sent.map((s) => s.timestamp)).toEqual([0, 160, 320, 480]);
  });

  test('of another codec than was agreed is left out', () => {
    feed.start();
    source.hears(PCMA, ...frames(0, 1, { ...PCMA, codec: 'pcmu' }), ...frames(1, 1, { ...PCMA, channels: 2 }));
    expect(sent).toEqual([]);
  });

  test('pulls nothing before somebody can hear it, and lets the camera go', () => {
    expect(source.starts).toBe(0);
    feed.start();
    feed.close();
    feed.close();
    clock.passes(0);
    expect(source.running).toBe(false);
    expect(closed).toBe(1);
  });
});
