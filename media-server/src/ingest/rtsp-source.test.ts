import { describe, expect, test, vi } from 'vitest';
import { pictures } from '../testing/h264-video.ts';
import { pulledCamera } from '../testing/pulled-camera.ts';
import { type PeerOptions, RtspPeer } from '../testing/rtsp-peer.ts';
import type { AccessUnit } from './access-unit.ts';

const t = pulledCamera();
const { camera, playing, showing, down, tracks, shown, downs } = t;

describe('a camera', () => {
  test('is asked in order, and its pictures come', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('IPPP'));
    await showing(4);
    expect(t.peer.methods).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']);
    expect(t.peer.requests[2]?.uri).toMatch(/\/live\?channel=1\/track1$/);
    expect(t.peer.requests[2]?.headers.transport).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
    expect(t.peer.requests[3]?.headers.session).toBe('4711');
    expect(shown.map((p) => p.key)).toEqual([true, false, false, false]);
    expect(shown[1]!.ticks - shown[0]!.ticks).toBe(3600);
    expect(tracks).toHaveLength(1);
  });

  test('is said goodbye to', async () => {
    await camera();
    await playing();
    await t.source.stop();
    expect(t.peer.methods.at(-1)).toBe('TEARDOWN');
    await vi.waitFor(() => expect(t.peer.sockets.size).toBe(0));
  });

  test('that sends key frames in hundreds of fragments is understood', async () => {
    await camera();
    await playing();
    const shape = { width: 40, height: 30 };
    t.peer.sends(...pictures('IP', { shape }));
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
    t.peer.sends(...pictures('I'));
    await showing(1);
  });

  test('is not shown to a camera that does not ask', async () => {
    await camera({}, 'cam:secret@');
    await playing();
    expect(t.peer.requests.every((r) => r.headers.authorization === undefined && !r.uri.includes('secret'))).toBe(true);
  });

  test('with a wrong password is refused once a try, not again and again', async () => {
    await camera({ auth: { scheme: 'digest', user: 'cam', password: 'right' } }, 'cam:wrong@');
    await down(1);
    expect(downs[0]?.error.message).toBe('CAMERA_OFFLINE: the camera refuses the user name or password');
    expect(t.peer.methods).toEqual(['OPTIONS', 'OPTIONS', 'DESCRIBE']);
  });

  test('is proved again when the nonce has gone stale', async () => {
    await camera({ timeoutS: 8, auth: { scheme: 'digest', qop: true, user: 'cam', password: 'x' } }, 'cam:x@');
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.peer.changesNonce();
    t.clock.passes(4000);
    await vi.waitFor(() => expect(t.peer.methods.filter((m) => m === 'GET_PARAMETER')).toHaveLength(2));
    expect(downs).toEqual([]);
  });
});

describe('the session', () => {
  test('is kept alive in time for the server’s own time-out', async () => {
    await camera({ timeoutS: 8 });
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.clock.passes(4000);
    await vi.waitFor(() => expect(t.peer.methods.at(-1)).toBe('GET_PARAMETER'));
  });

  test('is kept alive by OPTIONS where the camera knows nothing else', async () => {
    await camera({ timeoutS: 8, methods: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN' });
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.clock.passes(4000);
    await vi.waitFor(() => expect(t.peer.methods.filter((m) => m === 'OPTIONS')).toHaveLength(2));
  });

  test('that the camera has forgotten is begun anew', async () => {
    await camera({
      timeoutS: 8,
      answer: ({ method }) => (method === 'GET_PARAMETER' ? 'RTSP/1.0 454 Session Not Found\r\n\r\n' : undefined),
    });
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.clock.passes(4000);
    await down(1);
    expect(downs[0]?.error.code).toBe('CAMERA_OFFLINE');
  });
});

describe('over UDP', () => {
  test('a camera that refuses TCP sends, in whatever order packets come', async () => {
    await camera({ transport: 'udp' });
    await playing();
    expect(t.peer.requests.filter((r) => r.method === 'SETUP').map((r) => r.headers.transport)).toEqual([
      'RTP/AVP/TCP;unicast;interleaved=0-1',
      expect.stringMatching(/^RTP\/AVP;unicast;client_port=\d*[02468]-\d+$/),
    ]);
    const [a, b, c, d, e, ...rest] = t.peer.packets(...pictures('IPPPPP'));
    t.peer.datagrams(a!, c!, b!, d!, d!, e!, ...rest.reverse());
    await showing(6);
    expect(t.source.counters.lost).toBe(0);
  });

  test('a packet that never comes is waited for a little, then given up', async () => {
    await camera({ transport: 'udp' }, '', 'udp');
    await playing();
    const packets = t.peer.packets(...pictures('IPIPP'));
    t.peer.datagrams(packets[0]!, packets[1]!, ...packets.slice(3));
    await vi.waitFor(() => expect(t.source.counters.packets).toBe(packets.length - 1));
    const before = shown.length;
    t.clock.passes(100);
    expect(shown.length).toBeGreaterThan(before);
    expect(t.source.counters.lost).toBe(1);
    expect(t.peer.requests.filter((r) => r.method === 'SETUP')).toHaveLength(1);
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
  t.peer.sends(...pictures('IP'));
  await showing(2);
  t.clock.passes(5000);
  await vi.waitFor(() => expect(t.peer.heard).toHaveLength(1));
  const [report] = t.peer.heard;
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
    t.clock.passes(downs[0]!.retryInMs);
    await vi.waitFor(() => expect(other.methods.filter((m) => m === 'PLAY')).toHaveLength(2));
    expect(t.peer.methods.filter((m) => m === 'DESCRIBE')).toHaveLength(2);
    await t.source.stop();
    await other.close();
  });

  test('that sends us round in circles is given up', async () => {
    await camera(moved(() => t.peer.url(), '301 Moved Permanently'));
    await down(1);
    expect(downs[0]).toMatchObject({ phase: 'refused', error: { detail: expect.stringContaining('one address to the next') } });
    expect(t.peer.methods.filter((m) => m === 'DESCRIBE')).toHaveLength(6);
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
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.peer.raw(Buffer.from(`REDIRECT ${t.peer.url()} RTSP/1.0\r\nCSeq: 7\r\nLocation: ${other.url()}\r\n\r\n`));
    await vi.waitFor(() => expect(other.methods).toContain('PLAY'));
    expect(t.peer.methods.at(-1)).toBe('TEARDOWN');
    expect(downs).toEqual([]);
    await t.source.stop();
    await other.close();
  });
});

test('what the old connection still sends while it is told goodbye is not taken for the new one’s', async () => {
  let mayEnd = false;
  await camera({ answer: ({ method }) => (method === 'TEARDOWN' && !mayEnd ? 'RTSP/1.0 100 Continue\r\n\r\n' : undefined) });
  await playing();
  t.peer.sends(...pictures('I'));
  await showing(1);
  const stopping = t.source.stop();
  const later: AccessUnit[] = [];
  t.source.start({ onTrack: () => {}, onPicture: (p) => later.push(p), onDown: () => {} });
  const [old] = [...t.peer.sockets];
  const [packet] = t.peer.packets(...pictures('I', { from: 1, shape: { width: 1, height: 1 } }));
  old!.write(Buffer.concat([Buffer.from([0x24, 0, packet!.length >> 8, packet!.length & 255]), packet!]));
  for (const p of t.peer.packets(...pictures('I', { from: 2 })))
    old!.write(Buffer.concat([Buffer.from([0x24, 0, p.length >> 8, p.length & 255]), p]));
  await vi.waitFor(() => expect(t.peer.methods.filter((m) => m === 'PLAY')).toHaveLength(2));
  mayEnd = true;
  expect(later).toEqual([]);
  t.clock.passes(1000);
  await stopping;
});
