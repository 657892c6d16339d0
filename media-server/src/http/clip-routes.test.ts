import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clipGrantReason, mediaPaths } from '@shouwang/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../lib/log.ts';
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
    sessions: { check: () => session, count: (viewId: string, bytes: number) => counted.push(`${viewId}: ${bytes}`) },
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
