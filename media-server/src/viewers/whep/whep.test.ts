import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Camera } from '../../config.ts';
import { Hubs } from '../../hub/hubs.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { Whep } from './whep.ts';

const OFFER = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 108',
  'a=mid:0',
  'a=recvonly',
  'a=rtpmap:108 H264/90000',
  'a=fmtp:108 packetization-mode=1;profile-level-id=42e01f',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuv',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
  'a=setup:actpass',
  '',
].join('\r\n');

const worker = process.env.MEDIASOUP_WORKER_BIN ?? '';
const camera: Camera = { id: 'gate', name: 'g', place: 'p', area: '522328', householdsOf: [], url: 'rtsp://127.0.0.1/x' };

let source: FakeSource;
let hubs: Hubs;
let whep: Whep;

function make(over: { maxMbit?: number; workerBin?: string } = {}): Whep {
  const config = { host: '127.0.0.1', port: 0, announcedAddress: '', maxMbit: 200, workerBin: worker, ...over };
  whep = new Whep({ config, hubs, clock: systemClock, log: silentLog, env: {} });
  return whep;
}

beforeEach(() => {
  source = new FakeSource();
  hubs = new Hubs({ cameras: [camera], clock: systemClock, log: silentLog, lingerMs: 0, makeSource: () => source });
});

afterEach(async () => {
  await whep.close();
  await hubs.close();
});

/** As a camera that answers as soon as it is asked. */
async function open(viewId = 'v1'): Promise<{ id: string; answer: string }> {
  const opening = whep.open('gate', viewId, OFFER);
  source.answers(track());
  return opening;
}

describe('without a worker', () => {
  test('WHEP is refused, everything else goes on', async () => {
    expect(await make({ workerBin: '/nowhere/mediasoup-worker' }).start()).toBeNull();
    expect(whep.workerState).toBe('the worker did not start');
    await expect(open()).rejects.toMatchObject({ code: 'WHEP_REFUSED', status: 503 });
    expect(source.starts).toBe(0);
  });

  test('a budget of nothing starts none', async () => {
    expect(await make({ maxMbit: 0 }).start()).toBeNull();
    await expect(open()).rejects.toMatchObject({ code: 'WHEP_REFUSED' });
  });
});

describe('with a worker', () => {
  test('an offer is answered with where to connect; the camera runs for it, and no longer', async () => {
    const at = await make().start();
    const { id, answer } = await open();
    expect(answer).toContain(` ${at!.udp[0]!.replace(':', ' ')} typ host`);
    expect(answer).toContain('m=video 9 UDP/TLS/RTP/SAVPF 108');
    expect(source.running).toBe(true);
    expect(whep.viewers).toBe(1);
    whep.end(id, 'v1');
    expect(whep.viewers).toBe(0);
    await expect.poll(() => source.running).toBe(false);
  });

  test('only the view that made a resource ends it; ending it again is no error', async () => {
    await make().start();
    const { id } = await open();
    expect(() => whep.end(id, 'other')).toThrow('NOT_FOUND');
    whep.end(id, 'v1');
    expect(() => whep.end(id, 'v1')).not.toThrow();
    expect(() => whep.end(id, 'other')).toThrow('NOT_FOUND');
  });

  test('a view that ends takes its resources with it', async () => {
    await make().start();
    await open();
    await open();
    await open('v2');
    whep.leave('v1');
    expect(whep.viewers).toBe(1);
  });

  test('the budget admits as many as it has bits for, also at the same moment', async () => {
    await make({ maxMbit: 9 }).start();
    const all = await Promise.allSettled([open('a'), open('b'), open('c')]);
    expect(all.map((r) => r.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    whep.leave('a');
    await expect(open('c')).resolves.toBeDefined();
  });

  test('a camera with B pictures is left to HLS', async () => {
    await make().start();
    const hub = hubs.get('gate');
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    source.sends(...pictures('IBBP'));
    await expect(whep.open('gate', 'v1', OFFER)).rejects.toMatchObject({ code: 'CODEC_UNSUPPORTED' });
    expect(whep.viewers).toBe(0);
  });

  test('a camera that does not answer is an error, and nothing is left over', async () => {
    await make().start();
    const opening = whep.open('gate', 'v1', OFFER);
    const { CodedError } = await import('@shouwang/protocol');
    source.fails(new CodedError('CAMERA_OFFLINE'));
    await expect(opening).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
    expect(whep.viewers).toBe(0);
    await expect.poll(() => source.running).toBe(false);
  });

  test('a port in use is said with the key that changes it', async () => {
    const [port] = (await make().start())!.udp.map((a) => Number(a.split(':')[1]));
    const second = new Whep({
      config: { host: '127.0.0.1', port: port!, announcedAddress: '', maxMbit: 1, workerBin: worker },
      hubs,
      clock: systemClock,
      log: silentLog,
      env: {},
    });
    await expect(second.start()).rejects.toMatchObject({ code: 'PORT_BUSY', detail: expect.stringContaining('webrtc.port') });
    await second.close();
  });
});
