import { beforeEach, describe, expect, test } from 'vitest';
import { Hub } from '../../hub/hub.ts';
import { parseRtp } from '../../ingest/rtp/rtp.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { Feed } from './feed.ts';

const START = 1_790_000_000_000;

let clock: ManualClock;
let source: FakeSource;
let hub: Hub;
let sent: { timestamp: number; type: number; bytes: number }[];
let closed: number;
let relay: { late: boolean; full: boolean; gave(bytes: number): void };

beforeEach(() => {
  clock = new ManualClock(START);
  source = new FakeSource();
  hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 0 });
  sent = [];
  closed = 0;
  relay = { late: false, full: false, gave: () => {} };
});

function feed(): Feed {
  const producer = {
    id: 'p1',
    send: (bytes: Buffer) => {
      const p = parseRtp(bytes)!;
      sent.push({ timestamp: p.timestamp, type: p.payload[0]! & 31, bytes: bytes.length });
    },
    close: () => {
      closed++;
    },
  };
  return new Feed({ hub, producer, payloadType: 108, ssrc: 5, clock, relay });
}

const timestamps = () => [...new Set(sent.map((s) => s.timestamp))];
const stamp = (ms: number) => (ms * 90) % 2 ** 32;

describe('a feed', () => {
  test('pulls nothing before a viewer can receive', () => {
    feed();
    expect(source.starts).toBe(0);
  });

  test('gives a relay that is behind nothing more until the first key frame after it has caught up', () => {
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    const all = pictures('IPPPIPIP', { startAt: START });
    source.sends(all[0]!);
    const slow = feed();
    slow.viewers = 1;
    slow.start();
    const gave = (...some: typeof all) => {
      const before = sent.length;
      source.sends(...some);
      return sent.length > before;
    };
    expect(gave(all[1]!)).toBe(true);
    relay.late = true;
    expect(gave(all[2]!, all[3]!, all[4]!)).toBe(false);
    clock.passes(5000);
    slow.keyAsked();
    relay.late = false;
    expect(gave(all[5]!)).toBe(false);
    expect(gave(all[6]!)).toBe(true);
    expect(gave(all[7]!)).toBe(true);
  });

  test('waits while its relay has enough, and goes on where it was; what comes when that is behind is left out', () => {
    const running = feed();
    running.start();
    source.answers(track());
    const all = pictures('IPPPPI', { startAt: START });
    // The relay has enough after a packet.
    relay.gave = () => {
      relay.full = true;
    };
    source.sends(...all.slice(0, 3));
    expect(sent).toHaveLength(1);
    for (let count = 2; timestamps().length < 2; count++) {
      relay.full = false;
      clock.passes(5);
      expect(sent).toHaveLength(count);
    }
    expect(timestamps()).toEqual([0, 3600].map((t) => stamp(START) + t));
    relay.late = true;
    source.sends(all[3]!);
    relay.late = false;
    relay.full = false;
    relay.gave = () => {};
    clock.passes(5);
    source.sends(all[4]!);
    expect(timestamps().at(-1)).toBe(stamp(START) + 2 * 3600);
    source.sends(all[5]!);
    expect(timestamps().at(-1)).toBe(stamp(START) + 5 * 3600);
  });

  test.each([1, 3])('asked for a key frame after its relay was behind, it goes on live from there: %i viewers', (viewers) => {
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    const all = pictures('IPPPP', { startAt: START });
    source.sends(all[0]!);
    const f = feed();
    f.viewers = viewers;
    f.keyAsked();
    expect(sent).toEqual([]);
    f.start();
    relay.late = true;
    source.sends(all[1]!, all[2]!);
    relay.late = false;
    clock.passes(1500);
    f.keyAsked();
    source.sends(all[3]!, all[4]!);
    expect(timestamps()).toEqual([0, 1, 2, 3, 3 * 3600, 4 * 3600].map((t) => stamp(START) + t));
  });

  test('what comes while a beginning waits for its relay follows it, from a newer key frame where there is one', () => {
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    const all = pictures('IPPPIP', { startAt: START });
    const begun = (before: number, meanwhile: number) => {
      sent.length = 0;
      relay.full = relay.late = true;
      const f = feed();
      f.start();
      source.sends(...all.slice(before, meanwhile));
      expect(sent).toEqual([]);
      relay.full = relay.late = false;
      clock.passes(5);
      f.close();
      return timestamps().map((t) => (t - stamp(START)) / 3600);
    };
    source.sends(all[0]!, all[1]!);
    expect(begun(2, 4)).toEqual([0.95, 1, 2, 3]);
    expect(begun(4, 6)).toEqual([4, 5]);
  });

  test('begins with the pictures since the last key frame, close together, then goes on live', () => {
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    const all = pictures('IPPPP', { startAt: START });
    source.sends(...all.slice(0, 4));
    feed().start();
    source.sends(all[4]!);
    expect(sent[0]?.type).toBe(24);
    const newest = stamp(all[3]!.pictureAt);
    expect(timestamps()).toEqual([newest - 540, newest - 360, newest - 180, newest, newest + 3600]);
  });

  test('stamps pictures with their own dates, at the camera’s pace', () => {
    feed().start();
    source.answers(track());
    const all = pictures('IPP', { startAt: START });
    all[1]!.pictureAt += 3;
    source.sends(...all);
    expect(timestamps()).toEqual([0, 3600, 7200].map((t) => stamp(START) + t));
  });

  test('never lets time go back, whatever the camera does', () => {
    feed().start();
    source.answers(track());
    source.sends(...pictures('IPP', { startAt: START }));
    source.answers(track(2));
    source.sends(...pictures('IP', { startAt: START - 5000, track: track(2) }));
    const t = timestamps();
    expect([...t].sort((a, b) => a - b)).toEqual(t);
    expect(t).toHaveLength(5);
  });

  test('lets a large beginning out little by little, the live pictures behind it', () => {
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    const shape = { width: 40, height: 30 };
    source.sends(...pictures('I', { shape, startAt: START }));
    feed().start();
    const bytes = () => sent.reduce((sum, s) => sum + s.bytes, 0);
    expect(bytes()).toBeLessThan(34_000);
    source.sends(...pictures('P', { from: 1, shape, startAt: START }));
    expect(timestamps()).toHaveLength(1);
    clock.passes(100);
    expect(bytes()).toBeGreaterThan(460_000);
    expect(timestamps()).toHaveLength(2);
  });

  test('asked for a key frame, it sends the last one again with what followed, in front of the next picture', () => {
    const f = feed();
    f.viewers = 1;
    f.start();
    source.answers(track());
    const all = pictures('IPPP', { startAt: START });
    source.sends(...all.slice(0, 3));
    clock.passes(1500);
    sent.length = 0;
    f.keyAsked();
    f.keyAsked();
    const newest = stamp(START) + 7200;
    expect(timestamps()).toEqual([newest + 1, newest + 2, newest + 3]);
    expect(sent[0]?.type).toBe(24);
    source.sends(all[3]!);
    expect(timestamps().at(-1)).toBe(newest + 3600);
  });

  test('shared by several, it lets nobody’s picture jump back', () => {
    const f = feed();
    f.viewers = 2;
    f.start();
    source.answers(track());
    source.sends(...pictures('IPP', { startAt: START }));
    clock.passes(1500);
    sent.length = 0;
    f.keyAsked();
    expect(sent).toEqual([]);
  });

  test('closed, it lets the camera and the producer go', () => {
    const f = feed();
    f.start();
    f.close();
    f.close();
    clock.passes(0);
    expect(source.running).toBe(false);
    expect(closed).toBe(1);
  });
});
