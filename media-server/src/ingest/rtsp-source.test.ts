import type { CodedError } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type PeerOptions, RtspPeer } from '../testing/rtsp-peer.ts';
import type { AccessUnit, AudioFrame, DownPhase, SourceHealth, VideoTrack } from './access-unit.ts';
import type { RtspTransport } from './rtsp/session.ts';
import { RtspSource } from './rtsp-source.ts';

let clock: ManualClock;
let peer: RtspPeer;
let source: RtspSource;
let tracks: VideoTrack[];
let shown: AccessUnit[];
let heard: AudioFrame[];
let health: SourceHealth[];
let downs: { error: CodedError; retryInMs: number; phase: DownPhase | undefined }[];

beforeEach(() => {
  clock = new ManualClock();
  tracks = [];
  shown = [];
  heard = [];
  health = [];
  downs = [];
});

afterEach(async () => {
  const stopping = source?.stop();
  // Whoever waits for an answer waits by this clock.
  clock.passes(10_000);
  await stopping;
  await peer?.close();
});

async function camera(options: PeerOptions = {}, user = '', transport: RtspTransport = 'auto'): Promise<void> {
  peer = await new RtspPeer(options).listen();
  source = new RtspSource({ url: peer.url(user), transport, clock, log: silentLog, random: () => 1 });
  source.start({
    onTrack: (t) => tracks.push(t),
    onPicture: (p) => shown.push(p),
    onAudio: (f) => heard.push(f),
    onHealth: (h) => health.push(h),
    onDown: (error, retryInMs, phase) => downs.push({ error, retryInMs, phase }),
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

  test.each([
    ['cannot be reached is tried often enough to be back within 5 s', '503 Service Unavailable', [500, 1000, 2000, 2000, 2000, 2000, 2000]],
    ['says no is tried ever less often', '403 Forbidden', [500, 1000, 2000, 4000, 8000, 15_000, 15_000]],
  ])('a camera that %s', async (_what, status, waits) => {
    await camera({ answer: () => `RTSP/1.0 ${status}\r\n\r\n` });
    for (let tries = 1; tries <= 7; tries++) {
      await down(tries);
      clock.passes(downs.at(-1)!.retryInMs);
    }
    expect(downs.slice(0, 7).map((d) => d.retryInMs)).toEqual(waits);
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

  test('a camera with pictures of another kind says so', async () => {
    await camera({ media: ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000', 'a=control:t'] });
    await down(1);
    expect(downs[0]).toMatchObject({ error: { code: 'CODEC_UNSUPPORTED' }, phase: 'refused' });
  });

  test('a camera that goes silent is called so, and no longer when it goes on', async () => {
    await camera();
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    clock.passes(4000);
    expect(health).toEqual([{ phase: 'silent', detail: 'connected, and nothing comes' }]);
    peer.sends(...pictures('P', { from: 1 }));
    await showing(2);
    expect(health.at(-1)).toEqual({ phase: 'live' });
    clock.passes(10_000);
    await down(1);
    expect(downs[0]?.phase).toBe('silent');
  });

  test.each([
    ['401 Unauthorized', 'refuses the user name or password', 'refused'],
    ['404 Not Found', 'nothing at this path', 'refused'],
    ['453 Not Enough Bandwidth', 'no further viewer', 'refused'],
    ['500 Internal Server Error', 'answers DESCRIBE with 500', 'down'],
  ])('a camera that answers %s is told apart from one that is away', async (status, detail, phase) => {
    await camera({ answer: ({ method }) => (method === 'DESCRIBE' ? `RTSP/1.0 ${status}\r\n\r\n` : undefined) });
    await down(1);
    expect(downs[0]).toMatchObject({ phase, error: { detail: expect.stringContaining(detail) } });
  });

  test('a camera whose packets get lost is degraded, and live again when they do not', async () => {
    await camera();
    await playing();
    const packets = peer.packets(...pictures('IPPPPPPPPPIPPPPPPPPP'));
    for (const [i, p] of packets.entries()) if (i % 5 !== 2) peer.frame(0, p);
    await vi.waitFor(() => expect(source.counters.lost).toBeGreaterThan(3));
    clock.passes(1000);
    peer.sends(...pictures('IP', { from: 20 }));
    await vi.waitFor(() => expect(shown.at(-1)?.ticks).toBe(21 * 3600));
    for (let i = 0; i < 5; i++) {
      peer.sends(...pictures('IP', { from: 22 + 2 * i }));
      await vi.waitFor(() => expect(shown.at(-1)?.ticks).toBe((23 + 2 * i) * 3600));
      clock.passes(2000);
    }
    expect(health.map((h) => h.phase)).toEqual(['degraded', 'live']);
    expect(health[0]?.detail).toMatch(/^\d+ % of the packets/);
  });

  test('a camera that ends its stream by BYE is asked again', async () => {
    await camera();
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    peer.frame(1, Buffer.from('81cb000100001234', 'hex'));
    await down(1);
    expect(downs[0]?.error.detail).toBe('the camera has ended the stream');
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

describe('over UDP', () => {
  test('a camera that refuses TCP sends, in whatever order packets come', async () => {
    await camera({ transport: 'udp' });
    await playing();
    expect(peer.requests.filter((r) => r.method === 'SETUP').map((r) => r.headers.transport)).toEqual([
      'RTP/AVP/TCP;unicast;interleaved=0-1',
      expect.stringMatching(/^RTP\/AVP;unicast;client_port=\d*[02468]-\d+$/),
    ]);
    const [a, b, c, d, e, ...rest] = peer.packets(...pictures('IPPPPP'));
    peer.datagrams(a!, c!, b!, d!, d!, e!, ...rest.reverse());
    await showing(6);
    expect(source.counters.lost).toBe(0);
  });

  test('a packet that never comes is waited for a little, then given up', async () => {
    await camera({ transport: 'udp' }, '', 'udp');
    await playing();
    const packets = peer.packets(...pictures('IPIPP'));
    peer.datagrams(packets[0]!, packets[1]!, ...packets.slice(3));
    await vi.waitFor(() => expect(source.counters.packets).toBe(packets.length - 1));
    const before = shown.length;
    clock.passes(100);
    expect(shown.length).toBeGreaterThan(before);
    expect(source.counters.lost).toBe(1);
    expect(peer.requests.filter((r) => r.method === 'SETUP')).toHaveLength(1);
  });

  test('a camera that is to send over TCP and does not is refused', async () => {
    await camera({ transport: 'udp' }, '', 'tcp');
    await down(1);
    expect(downs[0]).toMatchObject({ phase: 'refused', error: { detail: 'the camera does not send over TCP' } });
  });
});

test('the camera is told how its packets come', async () => {
  await camera();
  await playing();
  peer.sends(...pictures('IP'));
  await showing(2);
  clock.passes(5000);
  await vi.waitFor(() => expect(peer.heard).toHaveLength(1));
  const [report] = peer.heard;
  expect(report!.subarray(0, 4).toString('hex')).toBe('81c90007');
  expect(report!.readUInt32BE(8)).toBe(0x1234);
  // None lost.
  expect(report!.readUInt32BE(12)).toBe(0);
});

describe('a camera elsewhere', () => {
  const moved = (to: () => string, status = '302 Moved Temporarily'): PeerOptions => ({
    answer: ({ method }) => (method === 'DESCRIBE' ? `RTSP/1.0 ${status}\r\nLocation: ${to()}\r\n\r\n` : undefined),
  });

  test('is followed there, without telling anybody else who we are', async () => {
    const other = await new RtspPeer({ auth: { scheme: 'basic', user: 'cam', password: 'secret' } }).listen();
    await camera({ ...moved(() => other.url()), auth: { scheme: 'basic', user: 'cam', password: 'secret' } }, 'cam:secret@');
    await down(1);
    expect(downs[0]).toMatchObject({ phase: 'refused', error: { detail: 'the camera refuses the user name or password' } });
    expect(other.requests.map((r) => r.headers.authorization)).not.toContainEqual(expect.anything());
    await other.close();
  });

  test('that needs no name plays', async () => {
    const other = await new RtspPeer().listen();
    await camera(moved(() => other.url()));
    await vi.waitFor(() => expect(other.methods).toContain('PLAY'));
    other.sends(...pictures('I'));
    await showing(1);
    // Lost there, it is looked for where it was first.
    other.hangsUp();
    await down(1);
    clock.passes(downs[0]!.retryInMs);
    await vi.waitFor(() => expect(other.methods.filter((m) => m === 'PLAY')).toHaveLength(2));
    expect(peer.methods.filter((m) => m === 'DESCRIBE')).toHaveLength(2);
    await source.stop();
    await other.close();
  });

  test('that sends us round in circles is given up', async () => {
    await camera(moved(() => peer.url(), '301 Moved Permanently'));
    await down(1);
    expect(downs[0]).toMatchObject({ phase: 'refused', error: { detail: expect.stringContaining('one address to the next') } });
    expect(peer.methods.filter((m) => m === 'DESCRIBE')).toHaveLength(6);
  });

  test.each(['http://192.0.2.1/', 'file:///etc/passwd', ''])('at %j is nowhere', async (location) => {
    await camera(moved(() => location));
    await down(1);
    expect(downs[0]).toMatchObject({ phase: 'refused', error: { detail: expect.stringContaining('an address that is none') } });
  });

  test('that says so while it plays is followed', async () => {
    const other = await new RtspPeer().listen();
    await camera();
    await playing();
    peer.sends(...pictures('I'));
    await showing(1);
    peer.raw(Buffer.from(`REDIRECT ${peer.url()} RTSP/1.0\r\nCSeq: 7\r\nLocation: ${other.url()}\r\n\r\n`));
    await vi.waitFor(() => expect(other.methods).toContain('PLAY'));
    expect(downs).toEqual([]);
    await source.stop();
    await other.close();
  });
});

describe('sound', () => {
  const VIDEO = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=control:track1'];
  const PCMA = ['m=audio 0 RTP/AVP 8', 'a=control:track2'];
  const packet = (sequence: number, timestamp: number) => {
    const bytes = Buffer.alloc(12 + 160, 0xd5);
    bytes.set([0x80, 8]);
    bytes.writeUInt16BE(sequence, 2);
    bytes.writeUInt32BE(timestamp, 4);
    bytes.writeUInt32BE(99, 8);
    return bytes;
  };
  const withSets = (p: AccessUnit) => ({ ...p, nals: [track().sps, ...track().pps, ...p.nals] });

  test('lies on the line of the pictures', async () => {
    await camera({ media: [...VIDEO, ...PCMA] });
    await playing();
    expect(peer.methods.filter((m) => m === 'SETUP')).toHaveLength(2);
    peer.sends(...pictures('I', { from: 1000 }).map(withSets));
    await showing(1);
    peer.frame(2, packet(1, 50_000));
    peer.frame(2, packet(2, 50_160));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard.map((f) => f.ticks)).toEqual([shown[0]!.ticks, shown[0]!.ticks + 1800]);
    expect(heard[0]).toMatchObject({ track: { codec: 'pcma', sampleRate: 8000 }, pictureAt: clock.now() });
  });

  test('follows the camera’s own clock where it tells one for both', async () => {
    await camera({ media: [...VIDEO, ...PCMA] });
    await playing();
    const report = (ssrc: number, ms: number, timestamp: number) => {
      const sr = Buffer.alloc(28);
      sr.set([0x80, 200, 0, 6]);
      sr.writeUInt32BE(ssrc, 4);
      sr.writeUInt32BE(Math.floor(ms / 1000) + 2_208_988_800, 8);
      sr.writeUInt32BE(Math.floor(((ms % 1000) / 1000) * 2 ** 32), 12);
      sr.writeUInt32BE(timestamp, 16);
      return sr;
    };
    peer.sends(...pictures('I', { from: 1000 }).map(withSets));
    await showing(1);
    peer.frame(1, report(0x1234, clock.now(), 1000 * 3600));
    // The sound of the same instant is 300 ms late on the way.
    peer.frame(3, report(99, clock.now(), 52_400));
    peer.frame(2, packet(1, 50_000));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(Math.abs(heard[0]!.ticks - (shown[0]!.ticks - 300 * 90))).toBeLessThan(90);
  });

  test('that cannot be carried is said, and the pictures come', async () => {
    await camera({ media: [...VIDEO, 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MP4A-LATM/44100/2', 'a=control:track2'] });
    await playing();
    expect(peer.methods.filter((m) => m === 'SETUP')).toHaveLength(1);
    peer.sends(...pictures('I').map(withSets));
    await showing(1);
    expect(health).toEqual([{ phase: 'live', detail: 'without sound: the camera’s (MP4A-LATM) cannot be carried' }]);
  });

  test('that the camera does not set up is done without', async () => {
    const answer: PeerOptions['answer'] = ({ uri, method }) =>
      method === 'SETUP' && uri.endsWith('track2') ? 'RTSP/1.0 500 x\r\n\r\n' : undefined;
    await camera({ media: [...VIDEO, ...PCMA], answer });
    await playing();
    peer.sends(...pictures('I').map(withSets));
    await showing(1);
    expect(health[0]?.detail).toBe('without sound: the camera does not set it up');
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
