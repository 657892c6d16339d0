/** The line to the centre over real TLS: who is believed to be the centre, and when. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock.ts';
import { type ServerKeys, TestAuthority } from '../testing/authority.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { until } from '../testing/until.ts';
import { createDialler, type DialDeps } from './dial.ts';

const NOW = 1_800_000_000_000;
const YEAR_MS = 365 * 86_400_000;
let ours: TestAuthority;
beforeAll(async () => {
  ours = await TestAuthority.make();
});

/** A TLS server that says one letter. */
async function serving(keys: ServerKeys): Promise<{ url: string }> {
  const sockets: TLSSocket[] = [];
  const server: Server = createServer({ ...keys, minVersion: 'TLSv1.3' }, (socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    socket.write('x');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function dialler(more: Partial<DialDeps> = {}) {
  return createDialler({ clock: systemClock, pins: [ours.pin], now: () => NOW, identity: () => undefined, ...more });
}

/** `line`, or why there is none. */
async function outcome(url: string, more: Partial<DialDeps> = {}): Promise<string> {
  const { line } = dialler(more).dial(url);
  return line.then(
    (socket) => {
      socket.destroy();
      return 'line';
    },
    (error: Error) => error.message,
  );
}

describe('the centre is known by its pinned key', () => {
  it('of its CA, or its own', async () => {
    const { url } = await serving(await ours.server(['127.0.0.1']));
    expect(await outcome(url)).toBe('line');
    const why = await outcome(url, { pins: [] });
    const own = /its own is (sha256\/[^)]+)/.exec(why)?.[1];
    expect(await outcome(url, { pins: [own!] })).toBe('line');
  });

  it.each<[string, () => Promise<ServerKeys>, RegExp]>([
    ['another CA', async () => (await TestAuthority.make()).server(['127.0.0.1']), /not signed by a pinned key/],
    [
      'another CA that sends ours along',
      async () => {
        const { key, cert } = await (await TestAuthority.make()).server(['127.0.0.1']);
        return { key, cert: cert.split(/(?=-----BEGIN)/)[0]! + ours.pem };
      },
      /not signed by a pinned key/,
    ],
    ['another name', () => ours.server(['192.0.2.1', 'centre.example']), /not for 127\.0\.0\.1/],
    ['a box that plays the centre', () => ours.server(['127.0.0.1'], undefined, 'client'), /not for a server/],
  ])('not %s', async (_what, keys, why) => {
    const { url } = await serving(await keys());
    expect(await outcome(url)).toMatch(why);
  });
});

describe('dates', () => {
  it.each<[string, number, number, number | undefined, string | RegExp]>([
    ['valid', NOW - YEAR_MS, NOW + YEAR_MS, NOW, 'line'],
    ['expired', NOW - 2 * YEAR_MS, NOW - YEAR_MS, NOW, /expired/],
    ['expired, and the box does not know the time', NOW - 2 * YEAR_MS, NOW - YEAR_MS, undefined, 'line'],
    ['not yet valid: the box’s clock is behind', NOW + YEAR_MS, NOW + 2 * YEAR_MS, NOW, 'line'],
  ])('%s', async (_what, notBefore, notAfter, now, result) => {
    const { url } = await serving(await ours.server(['127.0.0.1'], { notBefore, notAfter }));
    expect(await outcome(url, { now: () => now })).toMatch(result);
  });
});

describe('the line', () => {
  it('resumes its TLS session the second time; a certificate that expired meanwhile is not resumed', async () => {
    const { url } = await serving(await ours.server(['127.0.0.1'], { notBefore: 0, notAfter: NOW + YEAR_MS }));
    let now = NOW;
    const one = dialler({ now: () => now });
    const opens = async (): Promise<boolean> => {
      const socket = (await one.dial(url).line) as TLSSocket;
      socket.resume();
      await until('something was read', () => socket.bytesRead > 0);
      await new Promise((resolve) => setImmediate(resolve));
      const reused = socket.isSessionReused();
      socket.destroy();
      return reused;
    };
    expect([await opens(), await opens()]).toEqual([false, true]);
    now = NOW + 2 * YEAR_MS;
    await expect(one.dial(url).line).rejects.toThrow('expired');
  });

  it('shows the box’s certificate', async () => {
    const keys = await ours.server(['127.0.0.1']);
    const shown: string[] = [];
    const server = createServer({ ...keys, requestCert: true, rejectUnauthorized: false }, (socket) => {
      shown.push(socket.getPeerX509Certificate()?.subject ?? '');
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { makeRequest } = await import('../identity/request.ts');
    const { key, csr } = makeRequest('box-0001');
    const chain = await ours.signs(csr, { notBefore: 0, notAfter: 1000 });
    const url = `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const socket = await dialler({ identity: () => ({ key, chain }) }).dial(url).line;
    await until('it was shown', () => shown.length > 0);
    expect(shown).toEqual(['CN=box-0001']);
    socket.destroy();
  });

  it('is given up after 10 s without a handshake, and when nobody wants it any more', async () => {
    const { createServer: createTcp } = await import('node:net');
    const held: Socket[] = [];
    const mute = createTcp((socket) => void held.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of held) socket.destroy();
      mute.close();
    });
    const url = `mqtts://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const clock = new FakeClock();
    const slow = dialler({ clock }).dial(url);
    await until('connected', () => held.length === 1);
    clock.passes(10_000);
    await expect(slow.line).rejects.toThrow('no answer within 10 s');
    const unwanted = dialler({ clock }).dial(url);
    unwanted.cancel();
    await expect(unwanted.line).rejects.toThrow('given up');
    expect(clock.armed).toBe(0);
  });

  it('tells what is no TLS', async () => {
    expect(await outcome('mqtts://127.0.0.1:1')).toMatch(/ECONNREFUSED/);
  });
});
