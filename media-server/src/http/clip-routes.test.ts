import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError, clipGrantReason, mediaPaths } from '@shouwang/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { Sessions } from '../sessions/sessions.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type ClipRoutesOptions, clipRoutes } from './clip-routes.ts';
import { makeServer } from './server.ts';

const CLIP = '0193580a-0000-7000-8000-00000000000a';

let dir: string;
let counted: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-clip-'));
  counted = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The file of a clip, as a session that may play it gets it. */
async function plays(name: string, method: 'GET' | 'HEAD' = 'GET') {
  const session = { viewId: 'v1', grantId: 'g1', cameraId: CLIP, viewer: 'operator:zhiban', why: clipGrantReason(CLIP, 'play') };
  const stand = {
    sessions: {
      check: () => session,
      count: (viewId: string, bytes: number) => counted.push(`${viewId}: ${bytes}`),
      sending: () => () => {},
    },
    clips: { part: () => ({ masks: [], mp4: join(dir, name) }) },
    exports: {},
    copies: {},
  };
  const server = makeServer({ log: silentLog, allowedOrigins: [], trustProxy: [], webrtcRetryAfterS: 1 }, [
    clipRoutes(stand as unknown as ClipRoutesOptions),
  ]);
  const answer = await server.inject({ method, url: mediaPaths.clipFile(CLIP, 1), headers: { authorization: 'Bearer secret' } });
  await server.close();
  return answer;
}

test('what a clip has is counted for its view, when it has gone out', async () => {
  writeFileSync(join(dir, '1.mp4'), Buffer.alloc(300_000, 1));
  const answer = await plays('1.mp4');
  expect([answer.statusCode, answer.headers['content-length'], answer.rawPayload.length]).toEqual([200, '300000', 300_000]);
  await expect.poll(() => counted).toEqual(['v1: 300000']);
});

test('of a clip that is only asked about nothing goes out, and nothing is counted', async () => {
  writeFileSync(join(dir, '1.mp4'), Buffer.alloc(300_000, 1));
  const answer = await plays('1.mp4', 'HEAD');
  expect([answer.statusCode, answer.headers['content-length'], answer.rawPayload.length]).toEqual([200, '300000', 0]);
  // One that is fetched afterwards is read later.
  writeFileSync(join(dir, '2.mp4'), Buffer.alloc(900_000, 1));
  await plays('2.mp4');
  await expect.poll(() => counted).toContain('v1: 900000');
  expect(counted).toEqual(['v1: 900000']);
});

test('a file that went meanwhile is a clip that is not there', async () => {
  const answer = await plays('2.mp4');
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'CLIP_UNKNOWN']);
  expect(counted).toEqual([]);
});

test('a clip that is still being sent when its view is revoked ends there, and what went out is counted', async () => {
  writeFileSync(join(dir, '1.mp4'), '');
  truncateSync(join(dir, '1.mp4'), 64 * 2 ** 20);
  const clock = new ManualClock();
  const claims = { jti: uuid7(clock.now()), cam: CLIP, sub: 'operator:zhiban', why: clipGrantReason(CLIP, 'play') } as never;
  const ended: { bytes: number; why: string }[] = [];
  const sessions = new Sessions({
    clock,
    verify: async () => claims,
    events: { onStarted: () => {}, onEnded: ({ bytes }, _at, why) => ended.push({ bytes, why }) },
  });
  const { secret } = await sessions.open('a grant', () => {});
  const clips = { part: () => ({ masks: [], mp4: join(dir, '1.mp4') }) };
  const server = makeServer({ log: silentLog, allowedOrigins: [], trustProxy: [], webrtcRetryAfterS: 1 }, [
    clipRoutes({ sessions, clips, exports: {}, copies: {} } as unknown as ClipRoutesOptions),
  ]);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${mediaPaths.clipFile(CLIP, 1)}`, { headers: { authorization: `Bearer ${secret}` } });
  const body = answer.body!.getReader();
  // A reader who takes his time: most of it has not left yet.
  await body.read();
  sessions.revoke({ viewer: 'operator:zhiban' }, clock.now());
  const rest = async () => {
    while (!(await body.read()).done);
  };
  await expect(rest()).rejects.toThrow();
  expect(ended).toEqual([{ bytes: expect.any(Number), why: 'revoked' }]);
  expect(ended[0]!.bytes).toBeGreaterThan(0);
  expect(ended[0]!.bytes).toBeLessThan(64 * 2 ** 20);
  await server.close();
});

test('a view that is revoked while its clip is being opened is given nothing of it', async () => {
  writeFileSync(join(dir, '1.mp4'), Buffer.alloc(300_000, 1));
  const session = { viewId: 'v1', grantId: 'g1', cameraId: CLIP, viewer: 'operator:zhiban', why: clipGrantReason(CLIP, 'play') };
  let checks = 0;
  const check = () => {
    if (++checks > 1) throw new CodedError('GRANT_REVOKED');
    return session;
  };
  const sent: string[] = [];
  const stand = {
    sessions: { check, count: () => {}, sending: () => sent.push('begun') },
    clips: { part: () => ({ masks: [], mp4: join(dir, '1.mp4') }) },
  };
  const server = makeServer({ log: silentLog, allowedOrigins: [], trustProxy: [], webrtcRetryAfterS: 1 }, [
    clipRoutes(stand as unknown as ClipRoutesOptions),
  ]);
  const answer = await server.inject({ url: mediaPaths.clipFile(CLIP, 1), headers: { authorization: 'Bearer secret' } });
  expect([answer.statusCode, answer.json().code, sent]).toEqual([401, 'GRANT_REVOKED', []]);
  await server.close();
});
