import type { CodedError } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { pictures } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type PeerOptions, RtspPeer } from '../testing/rtsp-peer.ts';
import type { AccessUnit, VideoTrack } from './access-unit.ts';
import { RtspSource } from './rtsp-source.ts';

let clock: ManualClock;
let peer: RtspPeer;
let source: RtspSource;
let tracks: VideoTrack[];
let shown: AccessUnit[];
let downs: { error: CodedError; retryInMs: number }[];

beforeEach(() => {
  clock = new ManualClock();
  tracks = [];
  shown = [];
  downs = [];
});

afterEach(async () => {
  const stopping = source?.stop();
  // Whoever waits for an answer waits by this clock.
  clock.passes(10_000);
  await stopping;
  await peer?.close();
});

async function camera(options: PeerOptions = {}, user = ''): Promise<void> {
  peer = await new RtspPeer(options).listen();
  source = new RtspSource({ url: peer.url(user), clock, log: silentLog, random: () => 1 });
  source.start({
    onTrack: (t) => tracks.push(t),
    onPicture: (p) => shown.push(p),
    onDown: (error, retryInMs) => downs.push({ error, retryInMs }),
  });
}

const playing = () => vi.waitFor(() => expect(peer.methods).toContain('PLAY'));
const showing = (count: number) => vi.waitFor(() => expect(shown).toHaveLength(count));
const down = (count: number) => vi.waitFor(() => expect(downs).toHaveLength(count));

describe('a camera', () => {
  test('is asked in order, and its pictures come', async () => {
    await camera();
    await playing();
    peer.sends(...pictures('IPPP'));
    await showing(4);
    expect(peer.methods).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']);
    expect(peer.requests[2]?.uri).toMatch(/\/live\?channel=1\/track1$/);
    expect(peer.requests[2]?.headers.transport).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
    expect(peer.requests[3]?.headers.session).toBe('4711');
    expect(shown.map((p) => p.key)).toEqual([true, false, false, false]);
    expect(shown[1]!.ticks - shown[0]!.ticks).toBe(3600);
    expect(tracks).toHaveLength(1);
  });

  test('is said goodbye to', async () => {
    await camera();
    await playing();
    await source.stop();
    expect(peer.methods.at(-1)).toBe('TEARDOWN');
    await vi.waitFor(() => expect(peer.sockets.size).toBe(0));
  });

  test('that sends key frames in hundreds of fragments is understood', async () => {
    await camera();
    await playing();
    const shape = { width: 40, height: 30 };
    peer.sends(...pictures('IP', { shape }));
    await showing(2);
    expect(shown[0]!.bytes).toBeGreaterThan(400_000);
  });
});

describe('who we are', () => {
  test.each([
    ['basic', { scheme: 'basic' as const }],
    ['digest of the older form', { scheme: 'digest' as const }],
    ['digest with MD5', { scheme: 'digest' as const, qop: true }],
    ['digest with SHA-256', { scheme: 'digest' as const, algorithm: 'SHA-256' as const, qop: true }],
  ])('is proved by %s', async (_name, auth) => {
    await camera({ auth: { ...auth, user: 'cam', password: 'pä:ss' } }, 'cam:p%C3%A4:ss@');
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
  });

  test('is not shown to a camera that does not ask', async () => {
    await camera({}, 'cam:secret@');
    await playing();
    expect(peer.requests.every((r) => r.headers.authorization === undefined && !r.uri.includes('secret'))).toBe(true);
  });

  test('with a wrong password is refused once a try, not again and again', async () => {
    await camera({ auth: { scheme: 'digest', user: 'cam', password: 'right' } }, 'cam:wrong@');
    await down(1);
    expect(downs[0]?.error.message).toBe('CAMERA_OFFLINE: the camera refuses the user name or password');
    expect(peer.methods).toEqual(['OPTIONS', 'OPTIONS', 'DESCRIBE']);
  });

  test('is proved again when the nonce has gone stale', async () => {
    await camera({ timeoutS: 8, auth: { scheme: 'digest', qop: true, user: 'cam', password: 'x' } }, 'cam:x@');
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    peer.changesNonce();
    clock.passes(4000);
    await vi.waitFor(() => expect(peer.methods.filter((m) => m === 'GET_PARAMETER')).toHaveLength(2));
    expect(downs).toEqual([]);
  });
});

describe('the session', () => {
  test('is kept alive in time for the server’s own time-out', async () => {
    await camera({ timeoutS: 8 });
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    clock.passes(4000);
    await vi.waitFor(() => expect(peer.methods.at(-1)).toBe('GET_PARAMETER'));
  });

  test('is kept alive by OPTIONS where the camera knows nothing else', async () => {
    await camera({ timeoutS: 8, methods: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN' });
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    clock.passes(4000);
    await vi.waitFor(() => expect(peer.methods.filter((m) => m === 'OPTIONS')).toHaveLength(2));
  });

  test('that the camera has forgotten is begun anew', async () => {
    await camera({
      timeoutS: 8,
      answer: ({ method }) => (method === 'GET_PARAMETER' ? 'RTSP/1.0 454 Session Not Found\r\n\r\n' : undefined),
    });
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    clock.passes(4000);
    await down(1);
    expect(downs[0]?.error.code).toBe('CAMERA_OFFLINE');
  });
});

describe('trouble', () => {
  test('a connection that breaks is made again after a wait, with a new run', async () => {
    await camera();
    await playing();
    peer.sends(...pictures('IPP'));
    await showing(3);
    peer.hangsUp();
    await down(1);
    expect(downs[0]).toMatchObject({ error: { code: 'CAMERA_OFFLINE' }, retryInMs: 500 });
    clock.passes(500);
    await vi.waitFor(() => expect(peer.methods.filter((m) => m === 'PLAY')).toHaveLength(2));
    peer.changesSender(0x9999);
    peer.sends(...pictures('IP'));
    await showing(5);
    expect(shown[3]!.track.run).toBeGreaterThan(shown[2]!.track.run);
  });

  test('a camera that cannot be reached is tried ever less often', async () => {
    await camera({ answer: () => 'RTSP/1.0 503 Service Unavailable\r\n\r\n' });
    for (let tries = 1; tries <= 7; tries++) {
      await down(tries);
      clock.passes(downs.at(-1)!.retryInMs);
    }
    expect(downs.slice(0, 7).map((d) => d.retryInMs)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  test('a camera that has gone silent is taken for dead', async () => {
    await camera();
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    clock.passes(10_000);
    await down(1);
    expect(downs[0]?.error.detail).toMatch(/sends nothing/);
  });

  test('a camera that accepts and never answers is given up', async () => {
    await camera({ answer: ({ method }) => (method === 'DESCRIBE' ? 'RTSP/1.0 100 Trying\r\nX: y' : undefined) });
    await vi.waitFor(() => expect(peer.methods).toContain('DESCRIBE'));
    clock.passes(5000);
    await down(1);
    expect(downs[0]?.error.detail).toMatch(/no answer to DESCRIBE/);
  });

  test('a camera without H.264 says so', async () => {
    await camera({ media: ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', 'a=control:t'] });
    await down(1);
    expect(downs[0]?.error.code).toBe('CODEC_UNSUPPORTED');
  });

  test('stopped while it connects, it tries no more', async () => {
    await camera({ answer: () => 'RTSP/1.0 503 x\r\n\r\n' });
    await source.stop();
    expect(clock.pending()).toEqual([]);
    expect(downs).toEqual([]);
  });

  test.each([
    ['cut packets', (p: RtspPeer) => p.frame(0, Buffer.from([0x80, 0xe0, 0, 1, 0, 0]))],
    ['packets of another version', (p: RtspPeer) => p.frame(0, Buffer.alloc(40, 0x12))],
    ['bytes between packets', (p: RtspPeer) => p.raw(Buffer.alloc(777, 0xee))],
    ['a stray packet of another sender', (p: RtspPeer) => p.frame(0, Buffer.from('80e0000100000000deadbeef65', 'hex'))],
    ['packets of another payload type', (p: RtspPeer) => p.frame(0, Buffer.from('80480001000000000000123465', 'hex'))],
    ['control packets that are none', (p: RtspPeer) => p.frame(1, Buffer.alloc(9, 0xff))],
  ])('%s do no lasting harm: at the latest the next key frame is shown', async (_what, harm) => {
    await camera();
    await playing();
    peer.sends(...pictures('IPP'));
    await showing(3);
    harm(peer);
    peer.sends(...pictures('PPIP', { from: 3 }));
    await vi.waitFor(() => expect(shown.map((p) => p.ticks / 3600)).toEqual(expect.arrayContaining([0, 1, 2, 5, 6])));
    expect(downs).toEqual([]);
  });

  test('a packet lost on the way costs the pictures up to the next key frame', async () => {
    await camera();
    await playing();
    const packets = peer.packets(...pictures('IPPPIP'));
    for (const [i, p] of packets.entries()) if (i !== packets.length - 5) peer.frame(0, p);
    await vi.waitFor(() => expect(shown.at(-1)?.ticks).toBe(5 * 3600));
    expect(source.counters.lost).toBe(1);
    expect(shown.filter((p) => p.key)).toHaveLength(2);
  });

  test('a sender that begins anew without a word makes a new run', async () => {
    await camera();
    await playing();
    peer.sends(...pictures('IP'));
    await showing(2);
    peer.changesSender(0x777);
    peer.sends(...pictures('PIP', { from: 900 }));
    await showing(4);
    expect(shown[2]!.track.run).toBeGreaterThan(shown[1]!.track.run);
  });
});

test('what the old connection still sends while it is told goodbye is not taken for the new one’s', async () => {
  let mayEnd = false;
  await camera({ answer: ({ method }) => (method === 'TEARDOWN' && !mayEnd ? 'RTSP/1.0 100 Continue\r\n\r\n' : undefined) });
  await playing();
  peer.sends(...pictures('I'));
  await showing(1);
  const stopping = source.stop();
  const later: AccessUnit[] = [];
  source.start({ onTrack: () => {}, onPicture: (p) => later.push(p), onDown: () => {} });
  const [old] = [...peer.sockets];
  const [packet] = peer.packets(...pictures('I', { from: 1, shape: { width: 1, height: 1 } }));
  old!.write(Buffer.concat([Buffer.from([0x24, 0, packet!.length >> 8, packet!.length & 255]), packet!]));
  for (const p of peer.packets(...pictures('I', { from: 2 })))
    old!.write(Buffer.concat([Buffer.from([0x24, 0, p.length >> 8, p.length & 255]), p]));
  await vi.waitFor(() => expect(peer.methods.filter((m) => m === 'PLAY')).toHaveLength(2));
  mayEnd = true;
  expect(later).toEqual([]);
  clock.passes(1000);
  await stopping;
});
