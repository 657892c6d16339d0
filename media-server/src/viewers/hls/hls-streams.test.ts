import { expect, test } from 'vitest';
import { Hubs } from '../../hub/hubs.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { HlsStreams } from './hls-streams.ts';

function gate(lingerMs = 0) {
  const clock = new ManualClock();
  const source = new FakeSource();
  const camera = { id: 'gate', name: 'gate', place: 'p', area: '522328101201', householdsOf: [], url: 'rtsp://127.0.0.1/gate' };
  const hubs = new Hubs({ cameras: [camera], clock, log: silentLog, lingerMs, makeSource: () => source });
  return { clock, source, streams: new HlsStreams({ hubs, clock, partMs: 500, windowS: 16, makeEpoch: () => 'e1' }) };
}

test('a stream that nobody asks for any more ends, and lets the camera go', () => {
  const { clock, source, streams } = gate();
  streams.open('gate', 'v1');
  clock.passes(19_999);
  expect(source.running).toBe(true);
  clock.passes(1);
  expect(source.running).toBe(false);
  expect(() => streams.find('gate', 'e1', 'v1')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test('a viewer who waits for a camera with few key frames to come back is not cut off', async () => {
  const { clock, source, streams } = gate();
  streams.open('gate', 'v1');
  source.answers(track());
  // A key frame every twelve seconds: a player may wait 36 s for what comes next (RFC 8216bis, 6.2.5.2).
  source.sends(...pictures(`I${'P'.repeat(299)}`.repeat(3)));
  const stream = streams.find('gate', 'e1', 'v1');
  const waits = stream.playlist({ msn: 4 }).catch((error) => error.code);
  // The request has to get as far as waiting.
  await new Promise((resolve) => setImmediate(resolve));
  clock.passes(30_000);
  expect(source.running).toBe(true);
  clock.passes(6000);
  expect(await waits).toBe('TIMEOUT');
});
