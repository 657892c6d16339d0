/** What the packager makes of all kinds of cameras, held against RFC 8216bis by a validator that shares no code with it. */
import { afterEach, expect, test } from 'vitest';
import { type Fetched, watchHls } from '../../../hls-validator/watch.ts';
import { Hubs } from '../../hub/hubs.ts';
import type { AccessUnit, AudioFrame, AudioTrack, VideoTrack } from '../../ingest/access-unit.ts';
import { silentLog } from '../../lib/log.ts';
import { Shown } from '../../masks/shown.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { HlsStreams } from './hls-streams.ts';
import { Renditions } from './renditions.ts';

const V1 = { viewId: 'v1', unmasked: false };

const GOP = `I${'P'.repeat(49)}`;
let streams: HlsStreams | undefined;
afterEach(() => streams?.close());

interface Camera {
  track?: VideoTrack;
  pictures: readonly AccessUnit[];
  sound?: { track: AudioTrack; frames: readonly AudioFrame[] };
  /** Whether the sound's description comes before the pictures. */
  announced?: boolean;
  partMs?: number;
  targetS?: number;
}

/** Plays a camera picture by picture, as fast as the validator asks for more, and gives what that found. */
async function watched(camera: Camera, parts: number) {
  const clock = new ManualClock();
  const source = new FakeSource();
  const gate = { id: 'gate', name: 'gate', place: 'p', area: '522328101201', householdsOf: [], url: 'rtsp://127.0.0.1/gate' };
  const hubs = new Hubs({ cameras: [gate], clock, log: silentLog, lingerMs: 0, makeSource: () => source });
  const { partMs = 500, targetS = 4 } = camera;
  streams = new HlsStreams({
    renditions: new Renditions(hubs, undefined, new Shown({ hubs, cameras: [], transcodes: undefined })),
    clock,
    partMs,
    targetS,
    windowS: 16,
    makeEpoch: () => 'e1',
  });
  const open = streams;
  const left = [...camera.pictures];
  const heard = [...(camera.sound?.frames ?? [])];
  const shows = (count: number) => {
    for (const picture of left.splice(0, count)) {
      while (heard[0] && heard[0].ticks <= picture.ticks) source.hears(heard[0].track, heard.shift()!);
      source.sends(picture);
    }
  };
  /** An answer, while the camera goes on. */
  const answered = async (work: Promise<string | Buffer>): Promise<Buffer> => {
    let done = false;
    const mark = () => {
      done = true;
    };
    work.then(mark, mark);
    for (await turn(); !done; await turn()) {
      if (left.length === 0) throw new Error('the camera has no more pictures');
      shows(1);
    }
    return Buffer.from(await work);
  };
  const get = async (url: string): Promise<Fetched> => {
    const { pathname, searchParams } = new URL(url);
    const file = pathname.split('/').at(-1)!;
    const headers = new Headers({ 'content-type': file.endsWith('m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp4' });
    if (pathname === '/hls/index.m3u8') {
      const opening = open.multivariant('gate', V1).then((p) => p.text);
      await turn();
      if (camera.sound && camera.announced !== false) source.hears(camera.sound.track);
      source.answers(camera.track ?? camera.pictures[0]!.track);
      return { status: 200, headers, body: await answered(opening) };
    }
    const stream = open.find('gate', 'e1', V1);
    const number = (name: string) => (searchParams.has(name) ? Number(searchParams.get(name)) : undefined);
    const [, kind, first, second] = /^(init|seg|part)-(\d+)(?:\.(\d+))?/.exec(file) ?? [];
    const work: string | Buffer | Promise<string | Buffer> =
      kind === 'init'
        ? stream.init(Number(first))
        : kind === 'seg'
          ? stream.segment(Number(first))
          : kind === 'part'
            ? stream.part(Number(first), Number(second))
            : stream.playlist({ msn: number('_HLS_msn'), part: number('_HLS_part') }).then((p) => p.text);
    return { status: 200, headers, body: await answered(Promise.resolve(work)) };
  };
  return watchHls({ url: 'http://node/hls/index.m3u8', get, parts });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('an ordinary camera', async () => {
  const found = await watched({ pictures: pictures(GOP.repeat(20)) }, 60);
  expect(found.problems).toEqual([]);
  expect(found).toMatchObject({ discontinuities: 0, soundFrames: 0 });
  expect(found.pictures).toBeGreaterThanOrEqual(60 * 10);
  expect(found.segments).toBeGreaterThan(10);
});

test('a camera with B pictures', async () => {
  const all = pictures(`I${'BBP'.repeat(16)}`.repeat(12), { track: track(1, { reorderFrames: 1 }) });
  expect((await watched({ pictures: all }, 40)).problems).toEqual([]);
});

test.each([30, 15, 8, 5, 1])('a camera of %i pictures a second', async (fps) => {
  const all = pictures(`I${'P'.repeat(2 * fps - 1)}`.repeat(30), { fps });
  expect((await watched({ pictures: all }, 30)).problems).toEqual([]);
});

test('a camera with a key frame every eight seconds, in segments of no more than four', async () => {
  const found = await watched({ pictures: pictures(`I${'P'.repeat(199)}`.repeat(8)) }, 80);
  expect(found.problems).toEqual([]);
});

test('a camera that comes back, with another picture size', async () => {
  const big = { width: 6, height: 4 };
  const all = [
    ...pictures(GOP.repeat(4)),
    ...pictures(GOP.repeat(4), { from: 90_000, track: track(2) }),
    ...pictures(GOP.repeat(8), { from: 200_000, shape: big, track: track(3, big) }),
  ];
  const found = await watched({ pictures: all }, 50);
  expect(found.problems).toEqual([]);
  expect(found.discontinuities).toBe(2);
});

test('pictures that were lost on the way, up to the next key frame', async () => {
  const all = pictures(GOP.repeat(12)).filter((_, i) => i < 120 || i >= 150);
  const found = await watched({ pictures: all }, 40);
  expect(found.problems).toEqual([]);
  expect(found.discontinuities).toBe(0);
});

/** Repeatable dice. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test.each([1, 2, 3, 4, 5])('a camera whose pictures come unevenly, and now and then none for a second (%i)', async (seed) => {
  const roll = dice(seed);
  let off = 0;
  const all = pictures(GOP.repeat(14)).map((p) => {
    if (roll() < 0.01) off += 90 * (500 + 1500 * roll());
    const late = Math.round(off + 3600 * 0.9 * roll());
    return { ...p, ticks: p.ticks + late, pictureAt: p.pictureAt + Math.round(late / 90) };
  });
  expect((await watched({ pictures: all }, 50)).problems).toEqual([]);
});

test('a gap without a key frame: date and time are true after it', async () => {
  const all = pictures(GOP.repeat(12)).map((p, i) => (i < 120 ? p : { ...p, ticks: p.ticks + 135_000, pictureAt: p.pictureAt + 1500 }));
  expect((await watched({ pictures: all }, 40)).problems).toEqual([]);
  const text = (await streams!.find('gate', 'e1', V1).playlist()).text;
  expect(text).toContain(`#EXT-X-PROGRAM-DATE-TIME:${new Date(all[120]!.pictureAt).toISOString()}`);
});

test('parts of 200 ms', async () => {
  expect((await watched({ pictures: pictures(GOP.repeat(10)), partMs: 200 }, 60)).problems).toEqual([]);
});

const AAC: AudioTrack = { codec: 'aac', sampleRate: 16_000, channels: 1, config: Buffer.from([0x14, 0x08]), run: 1 };
const aac = (count: number, from = 0): AudioFrame[] =>
  Array.from({ length: count }, (_, i) => ({
    data: Buffer.from('00c800802380', 'hex'),
    ticks: Math.round(((from + i) * 1024 * 90_000) / 16_000),
    pictureAt: 0,
    arrivedAt: 0,
    track: AAC,
  }));

test('a camera with sound', async () => {
  const found = await watched({ pictures: pictures(GOP.repeat(12)), sound: { track: AAC, frames: aac(400) } }, 40);
  expect(found.problems).toEqual([]);
  expect(found.soundFrames).toBeGreaterThan(200);
  expect(found.variants[0]!.CODECS).toBe('avc1.4d001e,mp4a.40.2');
});

test('a microphone that pauses, and one that never says a word, do not hold up the pictures', async () => {
  const pauses = [...aac(60), ...aac(100, 180)];
  expect((await watched({ pictures: pictures(GOP.repeat(12)), sound: { track: AAC, frames: pauses } }, 40)).problems).toEqual([]);
  expect((await watched({ pictures: pictures(GOP.repeat(12)), sound: { track: AAC, frames: [] } }, 40)).problems).toEqual([]);
});

test('sound that shows only after the first picture is in the stream from its beginning; when it ends there is silence', async () => {
  const all = pictures(GOP.repeat(12));
  const late = aac(40, 2);
  const found = await watched({ pictures: all, sound: { track: AAC, frames: late }, announced: false }, 40);
  expect(found.problems).toEqual([]);
  expect(found.variants[0]!.CODECS).toBe('avc1.4d001e,mp4a.40.2');
  expect(found).toMatchObject({ discontinuities: 0 });
  expect(found.soundFrames).toBeGreaterThan(200);
});
