import { CodedError } from '@shouwang/protocol';
import { beforeEach, expect, test } from 'vitest';
import { Hubs } from '../../hub/hubs.ts';
import { silentLog } from '../../lib/log.ts';
import { Shown } from '../../masks/shown.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { HlsStreams } from './hls-streams.ts';
import { Renditions } from './renditions.ts';

const V1 = { viewId: 'v1', unmasked: false };
const V2 = { viewId: 'v2', unmasked: false };

let epochs = 0;
beforeEach(() => {
  epochs = 0;
});

function gate({ lingerMs = 0, targetS = 4 } = {}) {
  const clock = new ManualClock();
  const source = new FakeSource();
  const camera = { id: 'gate', name: 'gate', place: 'p', area: '522328101201', householdsOf: [], url: 'rtsp://127.0.0.1/gate' };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs, makeSource: () => source });
  return {
    clock,
    source,
    streams: new HlsStreams({
      renditions: new Renditions(hubs, undefined, new Shown({ hubs, cameras: [], transcodes: undefined })),
      clock,
      partMs: 500,
      windowS: 16,
      targetS,
      makeEpoch: () => `e${++epochs}`,
    }),
  };
}

test('a stream that nobody asks for any more ends, and lets the camera go', () => {
  const { clock, source, streams } = gate();
  streams.multivariant('gate', V1).catch(() => {});
  clock.passes(19_999);
  expect(source.running).toBe(true);
  clock.passes(1);
  expect(source.running).toBe(false);
  expect(() => streams.find('gate', 'e1', V1)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test('a viewer who waits for a camera with few key frames to come back is not cut off', async () => {
  const { clock, source, streams } = gate({ targetS: 12 });
  streams.multivariant('gate', V1).catch(() => {});
  source.answers(track());
  // A key frame every twelve seconds: a player may wait 36 s for what comes next (RFC 8216bis, 6.2.5.2).
  source.sends(...pictures(`I${'P'.repeat(299)}`.repeat(3)));
  const stream = streams.find('gate', 'e1', V1);
  const waits = stream.playlist({ msn: 4 }).catch((error) => error.code);
  // The request has to get as far as waiting.
  await new Promise((resolve) => setImmediate(resolve));
  clock.passes(30_000);
  expect(source.running).toBe(true);
  clock.passes(6000);
  expect(await waits).toBe('CAMERA_OFFLINE');
});

test('a camera whose key frames turn out to be farther apart than the target gets another stream, for those who come later', async () => {
  const { source, streams } = gate({ targetS: 2 });
  const opening = streams.multivariant('gate', V1);
  source.answers(track());
  source.sends(...pictures(`I${'P'.repeat(199)}`.repeat(2)));
  const [first, again] = [await opening, await streams.multivariant('gate', V2)].map((m) => m.text.split('\n')[3]!.split('/')[0]!);
  expect(again).not.toBe(first);
  const playlist = async (epoch: string) => (await streams.find('gate', epoch, V2).playlist()).text;
  expect(await playlist(first!)).toContain('#EXT-X-TARGETDURATION:2\n');
  source.sends(...pictures(`I${'P'.repeat(199)}I`, { from: 400 }));
  const text = await playlist(again!);
  expect(text).toContain('#EXT-X-TARGETDURATION:8\n');
});

test.each([
  ['hardly any', 1],
  ['a few less than its parts hold', 1.6],
])('a camera that gives fewer pictures from some moment on (%s) gets another stream, also for those who watch', async (_how, fps) => {
  const { source, streams } = gate();
  const opening = streams.multivariant('gate', V1);
  source.answers(track());
  source.sends(...pictures(`I${'P'.repeat(99)}`));
  await opening;
  const find = () => streams.find('gate', 'e1', V1);
  source.sends(...pictures(`I${'P'.repeat(3)}`, { from: 4 * fps, fps }));
  expect(find).not.toThrow();
  source.sends(...pictures('P'.repeat(20), { from: 4 * fps + 4, fps }));
  expect(find).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  const [again] = /e2.*m3u8/.exec((await streams.multivariant('gate', V1)).text) ?? [];
  expect(again).toBe('e2/index.m3u8');
  source.sends(...pictures('P'.repeat(20), { from: 4 * fps + 24, fps }));
  const { text } = await streams.find('gate', 'e2', V1).playlist();
  expect(Number(/PART-TARGET=([\d.]+)/.exec(text)?.[1])).toBeCloseTo(1.15 / fps, 2);
});

/** A camera with a smaller stream. */
function mainAndSub() {
  const clock = new ManualClock();
  const sources: Record<string, FakeSource> = { main: new FakeSource(), sub: new FakeSource() };
  const camera = { id: 'gate', name: 'gate', place: 'p', area: '522328101201', householdsOf: [], url: 'rtsp://h/1', subUrl: 'rtsp://h/2' };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs: 0, makeSource: (_camera, quality) => sources[quality]! });
  const renditions = new Renditions(hubs, undefined, new Shown({ hubs, cameras: [], transcodes: undefined }));
  const streams = new HlsStreams({ renditions, clock, partMs: 500, windowS: 16, targetS: 2, makeEpoch: () => `e${++epochs}` });
  return { sources, renditions, streams };
}

test('renditions that run report to each other where they are', async () => {
  const { sources, streams } = mainAndSub();
  const opening = streams.multivariant('gate', V1);
  for (const source of Object.values(sources)) source.answers(track());
  sources.main!.sends(...pictures(`I${'P'.repeat(60)}`));
  await opening;
  const sub = streams.find('gate', 'e2', V1).playlist();
  sources.sub!.sends(...pictures(`I${'P'.repeat(40)}`));
  expect((await sub).text).toContain('#EXT-X-RENDITION-REPORT:URI="../e1/index.m3u8",LAST-MSN=1,LAST-PART=2\n');
  const main = await streams.find('gate', 'e1', V1).playlist();
  expect(main.text).toContain('#EXT-X-RENDITION-REPORT:URI="../e2/index.m3u8",LAST-MSN=1,LAST-PART=');
});

test('a smaller stream that cannot be asked for is one variant less', async () => {
  const { sources, renditions, streams } = mainAndSub();
  renditions.hub('gate', 'sub').subscribe = () => {
    throw new CodedError('CAMERA_OFFLINE');
  };
  const opening = streams.multivariant('gate', V1);
  sources.main!.answers(track());
  sources.main!.sends(...pictures(`I${'P'.repeat(60)}`));
  expect((await opening).text.match(/#EXT-X-STREAM-INF/g)).toHaveLength(1);
});

const AAC = { codec: 'aac' as const, sampleRate: 16_000, channels: 1, config: Buffer.from('1408', 'hex'), run: 1 };

test.each([
  ['both have sound', ['main', 'sub'], 2],
  ['the smaller one has none', ['main'], 1],
  ['only the smaller one has it', ['sub'], 1],
])('streams are alternatives only where players can go from one to the other: %s', async (_what, heard, variants) => {
  const { sources, streams } = mainAndSub();
  const opening = streams.multivariant('gate', V1);
  for (const [name, source] of Object.entries(sources)) {
    source.answers(track());
    if (heard.includes(name)) source.hears(AAC);
  }
  sources.main!.sends(...pictures(`I${'P'.repeat(60)}`));
  const { text } = await opening;
  expect(text.match(/#EXT-X-STREAM-INF/g)).toHaveLength(variants);
  expect(text.match(/mp4a/g) ?? []).toHaveLength(heard.includes('main') ? variants : 0);
});
