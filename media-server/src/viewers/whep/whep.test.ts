import { CodedError } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Camera } from '../../config.ts';
import { Hubs } from '../../hub/hubs.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { Shown } from '../../masks/shown.ts';
import { FakeSource } from '../../testing/fake-source.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { Whep, type WhepAnswer } from './whep.ts';

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

const SOUND_OFFER = OFFER.replace('m=video', `m=audio 9 UDP/TLS/RTP/SAVPF 0 8\r\na=mid:s\r\na=recvonly\r\nm=video`);
const PCMA = { codec: 'pcma' as const, sampleRate: 8000, channels: 1, config: Buffer.alloc(0), run: 1 };

const worker = process.env.MEDIASOUP_WORKER_BIN ?? '';
const CONFIG = {
  host: '127.0.0.1',
  port: 0,
  announcedAddress: '',
  maxMbit: 200,
  workers: 1,
  maxWorkerPercent: 85,
  retryAfterS: 60,
  ownFeeds: 4,
  iceServers: [],
  workerBin: worker,
};
const camera: Camera = { id: 'gate', name: 'g', place: 'p', area: '522328', householdsOf: [], url: 'rtsp://127.0.0.1/x' };

let source: FakeSource;
let hubs: Hubs;
let whep: Whep;

function make(over: Partial<typeof CONFIG> = {}): Whep {
  const config = { ...CONFIG, ...over };
  whep = new Whep({ config, shown: new Shown({ hubs, cameras: [], transcodes: undefined }), clock: systemClock, log: silentLog, env: {} });
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
async function open(viewId = 'v1', sdp = OFFER): Promise<WhepAnswer> {
  const opening = whep.open({ cameraId: 'gate', viewId, sdp });
  source.answers(track());
  return opening;
}

function fragment(ufrag: string, pwd: string, mid = '0'): string {
  const candidate = 'a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host';
  return [`m=video 9 UDP/TLS/RTP/SAVPF 108`, `a=mid:${mid}`, `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, candidate, ''].join('\r\n');
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
    const { id, sdp: answer } = await open();
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

  test('a view that begins a third path loses its oldest', async () => {
    await make().start();
    const first = await open();
    await open();
    await open();
    expect(whep.paths('v1')).toBe(2);
    expect(() => whep.find(first.id, 'v1')).toThrow('NOT_FOUND');
  });

  test('candidates are taken, and leave the ICE session as it is', async () => {
    await make().start();
    const { id, etag } = await open();
    expect(await whep.patch(id, 'v1', fragment('abcd', 'abcdefghijklmnopqrstuv'))).toBeUndefined();
    expect(whep.find(id, 'v1').etag).toBe(etag);
  });

  test('an ICE restart is answered with new credentials and a new tag; candidates then belong to the new session', async () => {
    await make().start();
    const { id, etag, sdp } = await open();
    const restarted = await whep.patch(id, 'v1', fragment('efgh', 'zyxwvutsrqponmlkjihgfe'));
    expect(restarted!.etag).not.toBe(etag);
    expect(whep.find(id, 'v1').etag).toBe(restarted!.etag);
    const ufrag = (text: string) => /a=ice-ufrag:(\S+)/.exec(text)![1];
    expect(ufrag(restarted!.sdp)).not.toBe(ufrag(sdp));
    expect(restarted!.sdp).toMatch(/^a=ice-lite\r\na=group:BUNDLE 0\r\nm=video 9 .*\r\na=mid:0\r\n/);
    expect(restarted!.sdp).toContain('typ host');
    expect(await whep.patch(id, 'v1', fragment('efgh', 'zyxwvutsrqponmlkjihgfe'))).toBeUndefined();
  });

  test('a fragment of another view, of a section that was not offered, or that is none, changes nothing', async () => {
    await make().start();
    const { id, etag } = await open();
    await expect(whep.patch(id, 'v2', fragment('a', 'b'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(whep.patch(id, 'v1', fragment('efgh', 'zyxwvutsrqponmlkjihgfe', 'x'))).rejects.toMatchObject({ code: 'OFFER_UNUSABLE' });
    await expect(whep.patch(id, 'v1', 'hello')).rejects.toMatchObject({ code: 'BAD_PAYLOAD' });
    expect(whep.find(id, 'v1').etag).toBe(etag);
  });

  test('a camera’s G.711 goes along where the viewer takes it', async () => {
    await make().start();
    const opening = whep.open({ cameraId: 'gate', viewId: 'v1', sdp: SOUND_OFFER });
    source.hears(PCMA);
    source.answers(track());
    const { sdp } = await opening;
    expect(sdp).toMatch(/m=audio 9 UDP\/TLS\/RTP\/SAVPF 8\r\n/);
    expect(sdp).toContain('a=group:BUNDLE s 0');
    whep.leave('v1');
    await expect.poll(() => source.running).toBe(false);
  });

  test('sound that is known to come, and is described after the pictures, is waited for', async () => {
    await make().start();
    const opening = whep.open({ cameraId: 'gate', viewId: 'v1', sdp: SOUND_OFFER });
    source.promisesSound();
    source.answers(track());
    // As far as it gets without.
    await new Promise((resolve) => setImmediate(resolve));
    source.hears(PCMA);
    expect((await opening).sdp).toMatch(/m=audio 9 UDP\/TLS\/RTP\/SAVPF 8\r\n/);
  });

  test('sound that never comes does not keep the pictures back', async () => {
    await make().start();
    const opening = whep.open({ cameraId: 'gate', viewId: 'v1', sdp: SOUND_OFFER });
    source.promisesSound();
    source.answers(track());
    expect((await opening).sdp).toMatch(/m=audio 0 .*\r\n/);
  });

  test('viewers of one camera on two workers: the camera is piped, and a fifth and sixth join', async () => {
    await make({ workers: 2 }).start();
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((v) => open(v)));
    const ports = all.map((a) => / udp \d+ \S+ (\d+) typ host/.exec(a.sdp)![1]);
    expect(new Set(ports).size).toBeLessThanOrEqual(2);
    expect(whep.viewers).toBe(8);
    for (const v of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) whep.leave(v);
    await expect.poll(() => source.running).toBe(false);
  });

  test('a worker that dies takes its viewers along, and another takes its place', async () => {
    await make().start();
    await open();
    const [before] = whep.workers;
    process.kill(before!.pid!, 'SIGKILL');
    await expect.poll(() => whep.paths('v1')).toBe(0);
    await expect.poll(() => whep.workers[0]!.pid, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(whep.workers[0]!.pid).not.toBe(before!.pid);
    await expect(open()).resolves.toBeDefined();
  });

  test('a worker that dies takes those along whom its camera reached through a pipe', async () => {
    // A camera that was not measured counts 4, more than a quarter of this: the second viewer goes to the other worker.
    await make({ workers: 2, ownFeeds: 1, maxMbit: 13 }).start();
    await open('a');
    const home = whep.workers.find((w) => w.mbit > 0)!;
    await open('b');
    expect(whep.workers.map((w) => w.mbit)).toEqual([4, 4]);
    process.kill(home.pid!, 'SIGKILL');
    await expect.poll(() => [whep.paths('a'), whep.paths('b')]).toEqual([0, 0]);
  });

  test('the budget admits as many as it has bits for, also at the same moment', async () => {
    await make({ maxMbit: 9 }).start();
    const all = await Promise.allSettled([open('a'), open('b'), open('c')]);
    expect(all.map((r) => r.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(all[2]).toMatchObject({ reason: { code: 'WEBRTC_FULL' } });
    whep.leave('a');
    await expect(open('c')).resolves.toBeDefined();
  });

  test('a camera with B pictures is left to HLS', async () => {
    await make().start();
    const hub = hubs.get('gate');
    hub.subscribe({ onPicture: () => {} });
    source.answers(track());
    source.sends(...pictures('IBBPBBP'));
    await expect(whep.open({ cameraId: 'gate', viewId: 'v1', sdp: OFFER })).rejects.toMatchObject({ code: 'CODEC_UNSUPPORTED' });
    expect(whep.viewers).toBe(0);
  });

  test.each([
    ['shows only later that it has B pictures', () => source.sends(...pictures('IBBPBBP'))],
    [
      'comes back with H.265',
      () => {
        const changed = { ...track(2), codec: 'h265' as const };
        source.fails(new CodedError('CAMERA_OFFLINE'));
        source.answers(changed);
        source.sends(...pictures('I', { track: changed }));
      },
    ],
  ])('viewers of a camera that %s are sent away, and told why when they ask again', async (_what, changes) => {
    await make().start();
    await open();
    source.sends(...pictures('IP'));
    expect(whep.viewers).toBe(1);
    changes();
    expect(whep.viewers).toBe(0);
    // It is pulled for others.
    hubs.get('gate').subscribe({ onPicture: () => {} });
    await expect(whep.open({ cameraId: 'gate', viewId: 'v1', sdp: OFFER })).rejects.toMatchObject({ code: 'CODEC_UNSUPPORTED' });
  });

  test('a camera that shows B pictures while a viewer is being let in is left to HLS', async () => {
    await make().start();
    const opening = open();
    source.sends(...pictures('IBBPBBP'));
    await expect(opening).rejects.toMatchObject({ code: 'CODEC_UNSUPPORTED' });
    expect(whep.viewers).toBe(0);
  });

  test('a camera that does not answer is an error, and nothing is left over', async () => {
    await make().start();
    const opening = whep.open({ cameraId: 'gate', viewId: 'v1', sdp: OFFER });
    const { CodedError } = await import('@shouwang/protocol');
    source.fails(new CodedError('CAMERA_OFFLINE'));
    await expect(opening).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
    expect(whep.viewers).toBe(0);
    await expect.poll(() => source.running).toBe(false);
  });

  test('a worker that hangs is not waited for: it is replaced, on the same port', async () => {
    const at = await make().start();
    const port = Number(at!.udp[0]!.split(':')[1]);
    await whep.close();
    await make({ port }).start();
    const { pid } = whep.workers[0]!;
    process.kill(pid!, 'SIGSTOP');
    await expect(open()).rejects.toMatchObject({ code: 'WEBRTC_FULL' });
    await expect.poll(() => whep.workers[0]!.pid ?? pid, { timeout: 40_000 }).not.toBe(pid);
    await expect(open()).resolves.toBeDefined();
  });

  test('a worker that is behind keeps its viewers, takes nobody more, and says so at once', async () => {
    await make().start();
    const { id } = await open();
    const { pid } = whep.workers[0]!;
    process.kill(pid!, 'SIGSTOP');
    await expect.poll(() => whep.workers[0]!.late, { timeout: 20_000 }).toBe(true);
    await expect(open('v2')).rejects.toMatchObject({ code: 'WEBRTC_FULL', detail: 'every worker is busy' });
    process.kill(pid!, 'SIGCONT');
    await expect.poll(() => whep.workers[0]!.late, { timeout: 20_000 }).toBe(false);
    await expect(open('v2')).resolves.toBeDefined();
    expect(() => whep.find(id, 'v1')).not.toThrow();
  });

  test('a port in use is said with the key that changes it', async () => {
    const [port] = (await make().start())!.udp.map((a) => Number(a.split(':')[1]));
    const second = new Whep({
      config: { ...CONFIG, port: port! },
      shown: new Shown({ hubs, cameras: [], transcodes: undefined }),
      clock: systemClock,
      log: silentLog,
      env: {},
    });
    await expect(second.start()).rejects.toMatchObject({ code: 'PORT_BUSY', detail: expect.stringContaining('webrtc.port') });
    await second.close();
  });
});
