import { CodedError } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { Hub } from '../../hub/hub.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { HlsStream } from './hls-stream.ts';

const GOP = `I${'P'.repeat(49)}`;

let clock: ManualClock;
let source: FakeSource;
let hub: Hub;
let stream: HlsStream;

beforeEach(() => {
  clock = new ManualClock();
  source = new FakeSource();
  hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 0 });
  stream = new HlsStream({ hub, epoch: 'e1', clock, partMs: 500, windowS: 16, targetS: 2 });
});

/** Sends `count` pictures; a key frame every two seconds. */
let sent = 0;
function plays(count: number): void {
  const all = pictures(GOP.repeat(20)).slice(sent, sent + count);
  source.sends(...all);
  sent += count;
}

beforeEach(() => {
  sent = 0;
});

/** Whether a promise has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const mark = {};
  const winner = await Promise.race([promise.catch(() => undefined), new Promise((r) => setImmediate(() => r(mark)))]);
  return winner !== mark;
}

describe('the first playlist', () => {
  test('waits for a whole segment and a part after it', async () => {
    const first = stream.playlist({});
    source.answers(track());
    plays(30);
    expect(await settled(first)).toBe(false);
    plays(2);
    expect((await first).text).toContain('seg-0.m4s');
  });

  test('waits on where the sound, and with it another beginning, comes together with the last part that it waited for', async () => {
    const first = stream.playlist({});
    source.answers(track());
    expect(await settled(first)).toBe(false);
    // The newest key frame is the last picture but one.
    plays(52);
    const sound = { codec: 'aac' as const, sampleRate: 16_000, channels: 1, config: Buffer.from('1408', 'hex'), run: 2 };
    source.hears(sound, { data: Buffer.alloc(4), ticks: 51 * 3600, pictureAt: 0, arrivedAt: 0, track: sound });
    expect(await settled(first)).toBe(false);
    plays(60);
    expect((await first).text).toContain('seg-0.m4s');
    expect(stream.description?.codecs).toContain('mp4a');
  });

  test('fails at once when the camera cannot be reached', async () => {
    const first = stream.playlist({});
    source.fails(new CodedError('CAMERA_OFFLINE'));
    await expect(first).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  });

  test('fails when no picture comes', async () => {
    const first = stream.playlist({});
    source.answers(track());
    await settled(first);
    clock.passes(10_000);
    await expect(first).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  });
});

describe('while it plays', () => {
  beforeEach(() => {
    source.answers(track());
    plays(32);
  });

  test('a playlist asked for with a part comes when the part is there', async () => {
    const next = stream.playlist({ msn: 1, part: 1 });
    expect(await settled(next)).toBe(false);
    plays(12);
    expect((await next).text).toContain('part-1.1.m4s');
  });

  test('asked for with a segment it comes when the segment is whole', async () => {
    const next = stream.playlist({ msn: 1 });
    plays(10);
    expect(await settled(next)).toBe(false);
    plays(12);
    expect((await next).text).toContain('seg-1.m4s');
  });

  test('what is there already is given at once', async () => {
    expect((await stream.playlist({ msn: 0 })).text).toContain('seg-0.m4s');
  });

  test('a wish far ahead is a mistake', async () => {
    await expect(stream.playlist({ msn: 9 })).rejects.toMatchObject({ code: 'BAD_PAYLOAD' });
  });

  test('a wish that does not come true ends after three target durations with a 503', async () => {
    const next = stream.playlist({ msn: 1, part: 1 });
    await settled(next);
    clock.passes(6000);
    await expect(next).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  });

  test('a hinted part is waited for, others are not', async () => {
    const hinted = Promise.resolve(stream.part(1, 1));
    expect(await settled(hinted)).toBe(false);
    plays(22);
    expect((await hinted).length).toBeGreaterThan(100);
    expect(() => stream.part(1, 5)).toThrow('NOT_FOUND');
    expect(() => stream.part(7, 0)).toThrow('NOT_FOUND');
  });

  test('a segment is its parts end to end, also after it was put together', () => {
    const part = () => stream.part(0, 0) as Buffer;
    const before = Buffer.from(part());
    expect(stream.segment(0).subarray(0, before.length)).toEqual(before);
    expect(part()).toEqual(before);
    expect(stream.segment(0)).toBe(stream.segment(0));
  });

  test('whoever waits for the same waits together, and each is answered', async () => {
    const before = clock.pending().length;
    const waiting = Array.from({ length: 30 }, () => stream.playlist({ msn: 1, part: 1 }));
    await settled(waiting[0]!);
    expect(clock.pending().length).toBe(before + 1);
    plays(22);
    const texts = await Promise.all(waiting);
    expect(new Set(texts).size).toBe(1);
    expect(clock.pending().length).toBe(before);
  });

  test('only whole segments can be fetched', () => {
    expect(stream.segment(0).length).toBeGreaterThan(0);
    expect(() => stream.segment(1)).toThrow('NOT_FOUND');
    expect(() => stream.segment(99)).toThrow('NOT_FOUND');
    expect(() => stream.init(3)).toThrow('NOT_FOUND');
  });

  test('a lost camera leaves what was there, and what comes later follows', async () => {
    source.fails(new CodedError('CAMERA_OFFLINE'));
    expect((await stream.playlist({})).text).toContain('seg-0.m4s');
    const back = track(2);
    source.answers(back);
    source.sends(...pictures(`${GOP}I`, { from: 7000, track: back }));
    expect((await stream.playlist({})).text).toContain('#EXT-X-DISCONTINUITY\n');
  });

  test('closed, it lets the camera go and answers who waits', async () => {
    const waiting = stream.playlist({ msn: 1, part: 1 });
    await settled(waiting);
    stream.close();
    await expect(waiting).rejects.toMatchObject({ code: 'NOT_FOUND' });
    clock.passes(0);
    expect(source.running).toBe(false);
  });
});

test('begun on a running camera it has a segment at once', async () => {
  hub.subscribe({ onPicture: () => {} });
  source.answers(track());
  plays(40);
  const late = new HlsStream({ hub, epoch: 'e2', clock, partMs: 500, windowS: 16, targetS: 2 });
  expect((await late.playlist({})).text).toContain('seg-0.m4s');
});
