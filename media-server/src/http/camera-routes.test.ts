import { CodedError, mediaPaths } from '@shouwang/protocol';
import { beforeEach, expect, test, vi } from 'vitest';
import { Hubs } from '../hub/hubs.ts';
import { silentLog } from '../lib/log.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { Shown } from '../masks/shown.ts';
import { Sessions } from '../sessions/sessions.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Stills } from '../viewers/stills/stills.ts';
import { cameraRoutes } from './camera-routes.ts';
import { makeServer } from './server.ts';

let sources: Record<string, FakeSource>;
let still: () => Promise<{ statusCode: number; body: string }>;

beforeEach(async () => {
  const clock = new ManualClock();
  sources = {};
  const camera = { id: 'gate', name: 'gate', place: 'p', area: '522328101201', householdsOf: [], url: 'rtsp://h/1', subUrl: 'rtsp://h/2' };
  const makeSource = (_camera: unknown, quality: string) => {
    sources[quality] = new FakeSource();
    return sources[quality];
  };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs: 1000, makeSource });
  const stills = new Stills({ clock, concurrency: 1, everyS: 2, encode: async (key) => Buffer.from(`jpeg of ${key.bytes}`) });
  const claims = { jti: uuid7(clock.now()), cam: 'gate', sub: 'box:b1' } as never;
  const sessions = new Sessions({ clock, verify: async () => claims, events: { onStarted: () => {}, onEnded: () => {} } });
  const { secret } = await sessions.open('a grant', () => {});
  const server = makeServer({ log: silentLog, allowedOrigins: [], trustProxy: [], webrtcRetryAfterS: 60 }, [
    cameraRoutes({ sessions, hubs, shown: new Shown({ hubs, cameras: [], transcodes: undefined }), stills }),
  ]);
  still = () => server.inject({ method: 'GET', url: mediaPaths.still('gate'), headers: { authorization: `Bearer ${secret}` } });
});

test('a still is of the smaller stream; the main one is left alone', async () => {
  const asked = still();
  await vi.waitFor(() => expect(sources.sub?.running).toBe(true));
  sources.sub!.answers(track());
  sources.sub!.sends(...pictures('I'));
  expect(await asked).toMatchObject({ statusCode: 200, body: expect.stringMatching(/^jpeg/) });
  expect(sources.main?.running ?? false).toBe(false);
});

test('it is of the main stream where the smaller one cannot be reached', async () => {
  const asked = still();
  await vi.waitFor(() => expect(sources.sub?.running).toBe(true));
  sources.sub!.fails(new CodedError('CAMERA_OFFLINE'));
  await vi.waitFor(() => expect(sources.main?.running).toBe(true));
  sources.main!.answers(track());
  sources.main!.sends(...pictures('I'));
  expect((await asked).statusCode).toBe(200);
});
