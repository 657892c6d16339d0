import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

let dir: string;
let children: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-main-'));
  children = [];
});

afterEach(() => {
  for (const c of children) c.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

function run(env: Record<string, string>, ...args: string[]) {
  const base = { SHOUWANG_MEDIA_HTTP_PORT: '0', SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '0', SHOUWANG_MEDIA_DATA_DIR: join(dir, 'data') };
  const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url)), ...args], {
    env: { PATH: process.env.PATH ?? '', ...base, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  let stderr = '';
  child.stderr!.on('data', (d: Buffer) => {
    stderr += d.toString();
  });
  return {
    child,
    ended: Promise.all([once(child, 'exit'), once(child.stderr!, 'close')]).then(([[code]]) => ({ code: code as number, stderr })),
  };
}

async function ready(child: ChildProcess): Promise<Record<string, unknown>> {
  const [message] = await once(child, 'message');
  return message as Record<string, unknown>;
}

test('says when it is ready and where, and ends on SIGTERM', async () => {
  const { child, ended } = run({});
  expect(await ready(child)).toEqual({
    ready: true,
    http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    publicUrl: expect.any(String),
    webrtc: null,
  });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
});

test('ends when its parent has let go of it', async () => {
  const { child, ended } = run({});
  await ready(child);
  child.disconnect();
  expect(await ended).toMatchObject({ code: 0 });
});

test('a bad key stops the start with its path, in one line', async () => {
  const file = join(dir, 'media.yaml');
  writeFileSync(file, 'http:\n  prot: 3\n');
  const { code, stderr } = await run({}, '--config', file).ended;
  expect(code).toBe(78);
  expect(stderr).toMatch(/^CONFIG_INVALID: .*media\.yaml: http\.prot: expected one of the known keys.*\n$/);
});

test('a secret that cannot be read stops the start', async () => {
  const { code, stderr } = await run({ SHOUWANG_MEDIA_CENTRE_SECRET_FILE: join(dir, 'nowhere') }).ended;
  expect(code).toBe(78);
  expect(stderr).toContain('centre.secretFile');
});

test('a busy port stops the start with the key that changes it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await run({ SHOUWANG_MEDIA_HTTP_PORT: String(port) }).ended;
  other.close();
  expect(code).toBe(75);
  expect(stderr).toMatch(/^PORT_BUSY: media-server: 127\.0\.0\.1:\d+ is in use; change http\.port \(SHOUWANG_MEDIA_HTTP_PORT\)\n$/);
});

test('a data directory that cannot be written to stops the start', async () => {
  const file = join(dir, 'a-file');
  writeFileSync(file, '');
  const { code, stderr } = await run({ SHOUWANG_MEDIA_DATA_DIR: join(file, 'data') }).ended;
  expect(code).toBe(78);
  expect(stderr).toContain('dataDir: expected a directory that can be written to');
});
