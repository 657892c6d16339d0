import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRtcp } from '../../src/ingest/rtp/rtcp.ts';
import { parseRtp } from '../../src/ingest/rtp/rtp.ts';
import { silentLog } from '../../src/lib/log.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { CameraFeed } from '../feed/camera-feed.ts';
import { FakeEncoder } from '../testing/fake-encoder.ts';
import { RawClient } from '../testing/raw-client.ts';
import { RtspServer } from './server.ts';

const TCP = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };
let clock: ManualClock;
let encoder: FakeEncoder;
let server: RtspServer;
let port: number;
let url: string;
let clients: RawClient[];

beforeEach(async () => {
  clock = new ManualClock();
  encoder = new FakeEncoder();
  const feed = new CameraFeed('gate', { start: encoder.start, clock, log: silentLog });
  server = new RtspServer(new Map([['gate', { name: '大门口', feed }]]), clock);
  port = await server.listen(0, '127.0.0.1');
  url = `rtsp://127.0.0.1:${port}/gate`;
  clients = [];
});
afterEach(async () => {
  for (const c of clients) c.socket.destroy();
  await server.close();
});

function client(): RawClient {
  const made = new RawClient(port);
  clients.push(made);
  return made;
}

async function playing(): Promise<RawClient> {
  const c = client();
  await c.ask('DESCRIBE', url);
  const { headers } = await c.ask('SETUP', `${url}/trackID=0`, TCP);
  await c.ask('PLAY', url, { Session: headers.session!.split(';')[0]! });
  return c;
}

describe('the conversation', () => {
  it('says what it can', async () => {
    const { status, headers } = await client().ask('OPTIONS', '*');
    expect(status).toBe(200);
    expect(headers.public).toBe('OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN');
    expect(headers.cseq).toBe('1');
  });

  it('describes a camera with its true profile and parameter sets', async () => {
    const { status, headers, body } = await client().ask('DESCRIBE', url, { Accept: 'application/sdp' });
    expect(status).toBe(200);
    expect(headers['content-base']).toBe(`${url}/`);
    expect(body).toContain('a=rtpmap:96 H264/90000');
    expect(body).toContain('packetization-mode=1;profile-level-id=42c01f;sprop-parameter-sets=Z0LAH9oC,aM48gA==');
    expect(body).toContain('s=大门口');
  });

  it('goes from DESCRIBE to pictures and to TEARDOWN', async () => {
    const c = client();
    await c.ask('DESCRIBE', url);
    const setup = await c.ask('SETUP', `${url}/trackID=0`, { Transport: 'RTP/AVP/TCP;unicast;interleaved=4-5' });
    expect(setup.headers.transport).toMatch(/^RTP\/AVP\/TCP;unicast;interleaved=4-5;ssrc=[0-9A-F]{8}$/);
    expect(setup.headers.session).toMatch(/^[0-9a-f]{16};timeout=60$/);
    const Session = setup.headers.session!.split(';')[0]!;
    expect((await c.ask('PLAY', url, { Session })).status).toBe(200);
    encoder.picture(true, clock.now(), 3000);
    await c.until(() => c.packets.filter((p) => p.channel === 4).length >= 4);
    expect((await c.ask('GET_PARAMETER', url, { Session })).status).toBe(200);
    expect((await c.ask('TEARDOWN', url, { Session })).status).toBe(200);
    const before = c.packets.length;
    encoder.picture(true, clock.now());
    await c.ask('OPTIONS', '*');
    expect(c.packets.length).toBe(before);
    clock.passes(5_000);
    expect(encoder.stops).toBe(1);
  });

  it.each([
    ['a camera that does not exist', 'DESCRIBE', () => url.replace('gate', 'garage'), {}, 404],
    ['a track that does not exist', 'SETUP', () => `${url}/trackID=7`, TCP, 404],
    ['UDP', 'SETUP', () => `${url}/trackID=0`, { Transport: 'RTP/AVP;unicast;client_port=5000-5001' }, 461],
    ['PLAY before SETUP', 'PLAY', () => url, {}, 455],
    ['a session of somebody else', 'GET_PARAMETER', () => url, { Session: 'ffff' }, 454],
    ['a method that it does not have', 'RECORD', () => url, {}, 501],
  ])('refuses %s', async (_what, method, address, headers, status) => {
    expect((await client().ask(method, address(), headers as unknown as Record<string, string>)).status).toBe(status);
  });

  it('takes TCP where the client would rather have UDP', async () => {
    const { status } = await client().ask('SETUP', `${url}/trackID=0`, {
      Transport: 'RTP/AVP;unicast;client_port=5000-5001,RTP/AVP/TCP;interleaved=0-1',
    });
    expect(status).toBe(200);
  });

  it('reads requests that come in pieces, with interleaved reports between them', async () => {
    const c = client();
    c.socket.write('OPTIONS * RTS');
    c.socket.write(Buffer.concat([Buffer.from('P/1.0\r\nCSeq: 9\r\n\r\n'), Buffer.from([0x24, 1, 0, 4, 1, 2, 3, 4])]));
    expect((await c.ask('OPTIONS', '*')).headers.cseq).toBe('9');
  });

  it('hangs up on what is not RTSP, and serves the next', async () => {
    const c = client();
    c.socket.write('GET / HTTP/1.1\r\n\r\n');
    await c.until(() => c.closed);
    const long = client();
    long.socket.write('A'.repeat(20_000));
    await long.until(() => long.closed);
    expect((await client().ask('OPTIONS', '*')).status).toBe(200);
  });

  it('hangs up on a client that says nothing for a minute', async () => {
    const c = await playing();
    clock.passes(59_000);
    expect((await c.ask('GET_PARAMETER', url)).status).toBe(200);
    clock.passes(59_000);
    expect(c.closed).toBe(false);
    clock.passes(1_000);
    await c.until(() => c.closed);
    clock.passes(5_000);
    expect(encoder.stops).toBe(1);
  });
});

describe('pictures', () => {
  it('begin with a key frame for each client', async () => {
    const first = await playing();
    encoder.picture(true, clock.now());
    await first.until(() => first.packets.length > 0);
    const second = await playing();
    encoder.picture(false, clock.now());
    encoder.picture(true, clock.now());
    await second.until(() => second.packets.some((p) => p.channel === 0));
    const payload = parseRtp(second.packets.find((p) => p.channel === 0)!.bytes)!.payload;
    expect(payload[0]! & 0x1f).toBe(24);
    expect(encoder.starts).toBe(1);
  });

  it('come with a sender report first, and another every five seconds', async () => {
    const c = await playing();
    encoder.picture(true, clock.now());
    await c.until(() => c.packets.length >= 2);
    const first = readRtcp(c.packets[0]!.bytes).report!;
    expect(c.packets[0]!.channel).toBe(1);
    expect(first.ntpMs).toBeCloseTo(clock.now(), 2);
    expect(first.timestamp).toBe(parseRtp(c.packets[1]!.bytes)!.timestamp);
    clock.passes(5_000);
    await c.until(() => c.packets.length >= 3);
    const second = readRtcp(c.packets[2]!.bytes).report!;
    expect((second.timestamp - first.timestamp + 2 ** 32) % 2 ** 32).toBe(450_000);
    expect(second.ssrc).toBe(parseRtp(c.packets[1]!.bytes)!.ssrc);
  });
});

it('a busy port is PORT_BUSY and says what changes it', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const busy = (other.address() as { port: number }).port;
  await expect(new RtspServer(new Map(), clock).listen(busy, '127.0.0.1')).rejects.toThrow(
    new RegExp(`^PORT_BUSY: sample cameras: 127.0.0.1:${busy} .*--port`),
  );
  await new Promise((resolve) => other.close(resolve));
});
