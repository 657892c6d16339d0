/** The link as a page on the box sees it, and as a page of another site sees it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TvState } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSimulatedBox, type SimulatedBox } from '../../simulator/index.ts';
import { BrokenFs } from '../testing/broken-fs.ts';
import { TvPage } from '../testing/tv-page.ts';
import { until } from '../testing/until.ts';

let dir: string;
let box: SimulatedBox;
let url: URL;

async function startBox(more: Record<string, unknown> = {}, fs?: BrokenFs): Promise<void> {
  const http = { tvAppDir: join(dir, 'dist') };
  // Nobody listens on port 1: the centre is away.
  const config = { dataDir: join(dir, 'data'), http, centre: { mqttUrl: 'mqtt://127.0.0.1:1' }, ...more };
  box = createSimulatedBox(config, { secret: 's', ...(fs ? { fs } : {}) });
  await box.start();
  url = new URL(box.tvUrl);
}
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tv-link-'));
  await startBox();
});
afterEach(async () => {
  await box.close();
  rmSync(dir, { recursive: true, force: true });
});

/** GET with any headers, `Host` too (fetch does not allow that). */
function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: url.port, path, headers }, (res) => {
      let body = '';
      res.on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
    });
    req.on('error', reject).end();
  });
}
async function token(): Promise<string> {
  return JSON.parse((await get('/tv/token')).body).token;
}
/** How opening the link ends: `open`, a close code, or an HTTP status. */
function opening(path: string, headers: Record<string, string> = {}): Promise<string | number> {
  return new Promise((resolve) => {
    const ws = new WebSocket(`ws://127.0.0.1:${url.port}${path}`, { headers });
    ws.on('unexpected-response', (_, res) => resolve(res.statusCode ?? 0));
    ws.on('close', (code) => resolve(code));
    ws.on('error', () => {});
    ws.on('open', () => {
      ws.on('message', () => {
        resolve('open');
        ws.terminate();
      });
      ws.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hello', params: { version: 1 } }));
    });
  });
}

describe('the token', () => {
  it('is given to the page of this box, never cached', async () => {
    const answer = await get('/tv/token', { 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port of this box', { 'sec-fetch-site': 'same-site' }],
    ['a page that names a foreign origin', { origin: 'https://evil.example' }],
    ['a name that was rebound to this address', { host: 'evil.example' }],
    ['a rebound name with our port', { host: 'evil.example:8820' }],
    ['a name that only begins like loopback', { host: '127.0.0.1.evil.example' }],
  ])('is refused to %s', async (_, headers) => {
    const answer = await get('/tv/token', headers);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'NOT_ALLOWED' });
  });

  it('is new at every start', async () => {
    const before = await token();
    await box.close();
    await startBox();
    expect(await token()).not.toBe(before);
    expect(await opening(`/tv-link?token=${before}`)).toBe(4401);
  });
});

describe('the link', () => {
  it('opens for the page of this box', async () => {
    const path = `/tv-link?token=${await token()}`;
    expect(await opening(path, { origin: `http://127.0.0.1:${url.port}` })).toBe('open');
    expect(await opening(path, { host: `localhost:${url.port}`, origin: `http://localhost:${url.port}` })).toBe('open');
  });

  it.each([
    ['without a token', '/tv-link', 4401],
    ['with a wrong token', '/tv-link?token=wrong', 4401],
    ['elsewhere', '/other', 404],
    ['on a broken address', '//', 404],
  ])('closes %s', async (_, path, expected) => {
    expect(await opening(path)).toBe(expected);
  });

  it('is refused to a foreign origin and to a rebound name, even with the token', async () => {
    const path = `/tv-link?token=${await token()}`;
    expect(await opening(path, { origin: 'https://evil.example' })).toBe(403);
    expect(await opening(path, { origin: 'null' })).toBe(403);
    expect(await opening(path, { origin: `http://127.0.0.1:${Number(url.port) + 1}` })).toBe(403);
    expect(await opening(path, { host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
  });

  it('holds nobody up at the end who was refused and does not go', async () => {
    const refused = await Promise.all(
      ['/other', '/tv-link?token=wrong'].map(async (path) => {
        const socket = connect({ host: '127.0.0.1', port: Number(url.port), allowHalfOpen: true });
        const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==`;
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${url.port}\r\n${upgrade}\r\n\r\n`);
        await new Promise((resolve) => socket.once('data', resolve));
        return socket;
      }),
    );
    const began = performance.now();
    await box.close();
    expect(performance.now() - began).toBeLessThan(5000);
    for (const socket of refused) socket.destroy();
  });

  it('takes at most eight pages', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, () => TvPage.opens(box.tvUrl)));
    expect(await opening(`/tv-link?token=${await token()}`)).toBe(4429);
    for (const page of pages) page.close();
  });

  it('cuts off a page that sends too much, and goes on with the others', async () => {
    const [good, huge, many] = await Promise.all([TvPage.opens(box.tvUrl), TvPage.opens(box.tvUrl), TvPage.opens(box.tvUrl)]);
    const closed = (page: TvPage) => new Promise<number>((resolve) => page.socket.once('close', resolve));
    const ends = [closed(huge), closed(many)];
    huge.socket.send('x'.repeat(20_000));
    for (let i = 0; i < 500; i++) many.socket.send('{}');
    expect(await Promise.all(ends)).toEqual([1009, 1008]);
    expect(await good.call('hello', { version: 1 })).toMatchObject({ boxId: 'box-0001' });
    good.close();
  });
});

describe('a call', () => {
  let page: TvPage;
  beforeEach(async () => {
    page = await TvPage.opens(box.tvUrl);
  });
  afterEach(() => page.close());

  it.each([
    ['of an unknown method', 'explode', {}, -32601, 'NOT_FOUND'],
    ['of a method that is only inherited', 'constructor', {}, -32601, 'NOT_FOUND'],
    ['with bad parameters', 'key', { key: 'volume', action: 'down' }, -32602, 'BAD_PAYLOAD'],
    ['with an unknown parameter', 'dismiss', { really: true }, -32602, 'BAD_PAYLOAD'],
    ['of another version', 'hello', { version: 99 }, -32000, 'BAD_PAYLOAD'],
    ['that fails', 'withdraw', {}, -32000, 'ALARM_UNKNOWN'],
  ])('%s is a coded error', async (_, method, params, code, coded) => {
    expect(await page.respond(method, params)).toMatchObject({
      error: { code, data: { code: coded, message: expect.any(String), retry: false } },
    });
  });

  it.each([
    ['not JSON', '{', -32700],
    ['a list', '[]', -32600],
    ['null', 'null', -32600],
    ['without an id', '{"jsonrpc":"2.0","method":"hello"}', -32600],
  ])('that is %s is answered with id null', async (_, text, code) => {
    const response = new Promise((resolve) => page.socket.once('message', (data) => resolve(JSON.parse(String(data)))));
    page.socket.send(text);
    expect(await response).toMatchObject({ id: null, error: { code } });
    expect(await page.call('hello', { version: 1 })).toMatchObject({ version: 1 });
  });
});

describe('the state', () => {
  it('is whole in the answer to hello', async () => {
    const page = await TvPage.opens(box.tvUrl);
    expect(page.state).toEqual({
      version: 1,
      boxId: 'box-0001',
      keysFrom: 'page',
      claims: { stored: true, survivesPowerLoss: true, keyOutsidePage: false },
      now: expect.any(Number),
      centre: { connected: false, name: '综治中心', phone: '110' },
      reports: [],
      notices: [],
    } satisfies TvState);
    page.close();
  });

  it('goes to every page on every change, and shows the open alarm after a restart', async () => {
    const [one, two] = await Promise.all([TvPage.opens(box.tvUrl), TvPage.opens(box.tvUrl)]);
    await one.call('key', { key: 'sos', action: 'down' });
    const alarm = await until('stored, on the other page', () => two.state.alarm?.storedAt !== undefined && two.state.alarm);
    await box.close();
    await startBox();
    const again = await TvPage.opens(box.tvUrl);
    expect(again.states[0]?.alarm).toEqual(alarm);
    again.close();
  });

  it('in the answer to hello is never older than one that was pushed before it', async () => {
    const ws = new WebSocket(`ws://127.0.0.1:${url.port}/tv-link?token=${await token()}`);
    await new Promise((resolve) => ws.once('open', resolve));
    const states: TvState[] = [];
    ws.on('message', (data) => {
      const { params, result } = JSON.parse(String(data));
      if (params ?? result) states.push(params ?? result);
    });
    const call = (id: number, method: string, params: object) => ws.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    // In one segment.
    (ws as unknown as { _socket: Socket })._socket.cork();
    call(1, 'hello', { version: 1 });
    call(2, 'key', { key: 'alarm', action: 'down' });
    (ws as unknown as { _socket: Socket })._socket.uncork();
    await until('both states', () => states.length >= 2);
    expect(states.map((state) => state.gesture?.kind)).toEqual([undefined, 'holding']);
    ws.terminate();
  });

  it('claims nothing that broken flash cannot keep, and the alarm is still taken', async () => {
    await box.close();
    const fs = new BrokenFs();
    fs.fault = 'read-only';
    await startBox({}, fs);
    const page = await TvPage.opens(box.tvUrl);
    expect(page.state).toMatchObject({ claims: { stored: false, survivesPowerLoss: false }, flashBroken: true });
    await page.call('key', { key: 'sos', action: 'down' });
    const alarm = await until('an alarm', () => page.state.alarm);
    expect(alarm.storedAt).toBeUndefined();
    expect((await get('/health')).status).toBe(503);
    page.close();
  });

  it('counts a page that goes away while the key is down as letting go, and forgets what it showed', async () => {
    await box.close();
    await startBox({ keys: { holdMs: 500, bridgeGapMs: 0 } });
    const [gone, stays] = await Promise.all([TvPage.opens(box.tvUrl), TvPage.opens(box.tvUrl)]);
    await gone.call('watching', { onScreen: { cameraId: 'gate', pictureAt: 1 } });
    await gone.call('key', { key: 'alarm', action: 'down' });
    gone.close();
    await until('the hint', () => stays.state.gesture?.kind === 'hint');
    expect(stays.state.alarm).toBeUndefined();
    stays.close();
  });
});

describe('the page', () => {
  function build(html: string): void {
    mkdirSync(join(dir, 'dist/assets'), { recursive: true });
    writeFileSync(join(dir, 'dist/index.html'), html);
    writeFileSync(join(dir, 'dist/assets/app-BE9HpcCF.js'), 'let a');
    writeFileSync(join(dir, 'dist/assets/start.js'), 'let a');
    writeFileSync(join(dir, 'secret.json'), '{}');
    symlinkSync(join(dir, 'secret.json'), join(dir, 'dist/link.json'));
  }

  it('says plainly that it is not built where it is not', async () => {
    const answer = await get('/tv/');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('电视页面还没有构建');
  });

  it('is served at /tv with a strict policy, not cached; its hashed files are cached', async () => {
    build('<!doctype html><script>boot()</script><script type="module" src="/tv/assets/app-BE9HpcCF.js"></script>');
    expect(await get('/tv')).toMatchObject({ status: 308, headers: { location: '/tv/' } });
    const page = await get('/tv/');
    expect(page.headers['cache-control']).toBe('no-store');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    // printf 'boot()' | openssl dgst -sha256 -binary | base64
    expect(policy).toContain("script-src 'self' 'sha256-MeZS89WlF0u+o0hCvHTBt4q1WHU+U+sJKgbdRUc36mY=';");
    expect(policy).toContain(`ws://127.0.0.1:${url.port}`);
    const script = await get('/tv/assets/app-BE9HpcCF.js');
    expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'x-content-type-options': 'nosniff' });
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await get('/tv/assets/start.js')).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/tv/../secret.json',
    '/tv/%2e%2e/secret.json',
    '/tv/..%2fsecret.json',
    '/tv/link.json',
    '/tv/assets',
    '/tv/nothing.js',
    '/tv/%00.js',
    '/tv/%',
    '/etc/passwd',
  ])('gives 404 for %s', async (path) => {
    build('<!doctype html>');
    expect((await get(path)).status).toBe(404);
  });
});
