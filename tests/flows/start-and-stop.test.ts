/** What `npm start` runs, as a user runs it: one table, Ctrl-C, nothing left; and the mistakes that users make. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../harness/ports.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';

let dir: string;
let child: ChildProcess | undefined;
let printed: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-start-'));
  printed = '';
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
});

async function starts(env: Record<string, string> = {}): Promise<Record<string, string>> {
  const [http = 0, mqtt = 0, media = 0, webrtc = 0, bridge = 0, rtsp = 0] = await freePorts(6);
  const ports = {
    SHOUWANG_BROKER_HTTP_PORT: String(http),
    SHOUWANG_BROKER_MQTT_PORT: String(mqtt),
    SHOUWANG_MEDIA_HTTP_PORT: String(media),
    SHOUWANG_MEDIA_WEBRTC_PORT: String(webrtc),
    SHOUWANG_BRIDGE_HTTP_PORT: String(bridge),
    SHOUWANG_SAMPLES_PORT: String(rtsp),
  };
  child = spawn(process.execPath, [join(ROOT, 'scripts/run.ts')], {
    cwd: ROOT,
    env: { ...process.env, SHOUWANG_DATA_DIR: dir, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (d: Buffer) => (printed += String(d)));
  return ports;
}

/** Processes that have our data folder or checkout in their command line or environment, other than us. */
function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((l) => l.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  for (let next = [pid]; next.length > 0; ) {
    next = rows.filter(([, parent]) => next.includes(parent ?? -1)).map(([child = 0]) => child);
    found.push(...next);
  }
  return found;
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('prints one table with a TV and a Console row, and Ctrl-C leaves no process and no half-written file', {
  timeout: 120_000,
}, async () => {
  const ports = await starts();
  await until('the table of addresses', () => /TV\s.*http/.test(printed) && /Console\s.*http/.test(printed), 60_000);
  const tv = printed.match(/TV\s+.*?(http:\/\/\S+)/)?.[1] ?? '';
  const console = printed.match(/Console\s+.*?(http:\/\/\S+)/)?.[1] ?? '';
  expect(tv).toBe(`http://127.0.0.1:${ports.SHOUWANG_BRIDGE_HTTP_PORT}/tv`);
  expect(console).toBe(`http://127.0.0.1:${ports.SHOUWANG_BROKER_HTTP_PORT}/console`);
  for (const url of [tv, console]) expect((await fetch(url)).status, url).toBe(200);
  expect(printed.match(/http:\/\/\S+\/tv/g)).toHaveLength(1);

  const children = descendants(child?.pid ?? 0);
  expect(children.length).toBeGreaterThanOrEqual(4);
  child?.kill('SIGINT');
  const [code] = (await once(child!, 'exit')) as [number];
  expect(code).toBe(0);
  await until('every process has ended', () => !children.some(alive), 15_000);
  const left = readdirSync(dir, { recursive: true }).map(String);
  expect(
    left.filter((f) => f.endsWith('.tmp')),
    'half-written files',
  ).toEqual([]);
});

it('a process that dies is started again, at the same address', { timeout: 120_000 }, async () => {
  const ports = await starts();
  await until('the table of addresses', () => /Console\s.*http/.test(printed), 60_000);
  const health = `http://127.0.0.1:${ports.SHOUWANG_BROKER_HTTP_PORT}/api/v1/health`;
  const broker = descendants(child?.pid ?? 0).find((pid) =>
    execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes('broker/src/main.ts'),
  );
  process.kill(broker ?? 0, 'SIGKILL');
  await until('the broker answers again', async () => !alive(broker ?? 0) && (await fetch(health)).ok, 30_000);
  expect(printed).toMatch(/broker/);
});

it('a busy port says which service wanted it and how to change it', { timeout: 60_000 }, async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  await starts({ SHOUWANG_BROKER_HTTP_PORT: String(port) });
  const [code] = (await once(child!, 'exit')) as [number];
  expect(code).not.toBe(0);
  expect(printed).toContain(String(port));
  expect(printed).toContain('broker');
  expect(printed).toContain('SHOUWANG_BROKER_HTTP_PORT');
  await new Promise((resolve) => taken.close(resolve));
});

it('a bad key stops the start with its dotted path and what was expected', { timeout: 60_000 }, async () => {
  await starts({ SHOUWANG_BROKER_DEADLINES_SIGN_S: 'soon' });
  const [code] = (await once(child!, 'exit')) as [number];
  expect(code).not.toBe(0);
  expect(printed).toMatch(/deadlines\.signS/);
  expect(printed).toMatch(/expected/);
});
