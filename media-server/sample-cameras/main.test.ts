/** The whole process with a real ffmpeg, as `npm start` runs it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { findFfmpeg } from '../src/viewers/stills/find-ffmpeg.ts';
import { HEIGHT, WIDTH } from './picture/scene.ts';
import { RawClient } from './testing/raw-client.ts';
import { clockTime, readClock } from './testing/read-clock.ts';

const MAIN = new URL('./main.ts', import.meta.url).pathname;
// Whole processes on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function run(...args: string[]) {
  const child = fork(MAIN, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  started.push(child);
  let complaint = '';
  child.stdout!.resume();
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const ready = once(child, 'message') as Promise<[{ ready: boolean; rtspUrl: string; port: number }]>;
  return {
    child,
    exit,
    ready: ready.then(([message]) => message),
    complaint: () => complaint,
  };
}

/** Whether a process exists: signal 0 only asks. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Plays a camera with ffmpeg and gives each decoded picture with the time at which it came; what ffmpeg says of the stream goes along. */
async function play(url: string, pictures: number) {
  const ffmpeg = findFfmpeg(process.env);
  if (!ffmpeg) throw new Error('no ffmpeg: apt-get install ffmpeg');
  const low = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '200000', '-analyzeduration', '500000'];
  const child = spawn(ffmpeg, [
    '-hide_banner',
    '-rtsp_transport',
    'tcp',
    ...low,
    '-i',
    url,
    '-frames:v',
    String(pictures),
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    'pipe:1',
  ]);
  started.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const size = WIDTH * HEIGHT * 1.5;
  const came: Array<{ luma: Uint8Array; at: number }> = [];
  let rest = Buffer.alloc(0);
  child.stdout.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (; rest.length >= size; rest = rest.subarray(size))
      came.push({ luma: Uint8Array.from(rest.subarray(0, WIDTH * HEIGHT)), at: Date.now() });
  });
  await once(child, 'close');
  return { came, said };
}

it('a camera plays with ffmpeg over TCP: constrained baseline, moving, and its clock is right', async () => {
  const cameras = await run('--port', '0');
  const { rtspUrl, ready } = await cameras.ready;
  expect(ready).toBe(true);
  const { came, said } = await play(`${rtspUrl}/square`, 40);
  expect(said).toMatch(/Video: h264 \(Constrained Baseline\), yuv420p\(tv.*\), 640x360.*12 fps/);
  expect(came).toHaveLength(40);
  const times = came.map(({ luma }) => clockTime(readClock(luma)));
  for (const [i, time] of times.entries()) if (i > 0) expect(time - times[i - 1]!).toBeOneOf([0, 1000]);
  expect(new Set(times).size).toBeGreaterThanOrEqual(3);
  // The clock shows whole seconds, and a busy machine decodes late: the promptest picture tells.
  const behind = came.map(({ at }, i) => at - times[i]!);
  expect(Math.min(...behind)).toBeGreaterThanOrEqual(0);
  expect(Math.min(...behind)).toBeLessThan(1000);
  cameras.child.kill('SIGTERM');
  expect(await cameras.exit).toEqual([0, null]);
});

it.each([
  ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
  ['SIGINT', (child: ChildProcess) => child.kill('SIGINT')],
  ['the end of its parent', (child: ChildProcess) => child.disconnect()],
  ['SIGKILL', (child: ChildProcess) => child.kill('SIGKILL')],
])('leaves no encode running after %s', async (_how, end) => {
  const cameras = await run('--port', '0');
  const { port } = await cameras.ready;
  const client = new RawClient(port);
  await client.ask('SETUP', `rtsp://127.0.0.1:${port}/gate/trackID=0`, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
  await client.ask('PLAY', `rtsp://127.0.0.1:${port}/gate`);
  await client.until(() => client.packets.length > 5);
  const encoders = childrenOf(cameras.child.pid!);
  expect(encoders).toHaveLength(1);
  end(cameras.child);
  await cameras.exit;
  await expect.poll(() => encoders.some(alive), { timeout: 10_000 }).toBe(false);
  client.socket.destroy();
});

it('a busy port ends it with one clear line', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const cameras = await run('--port', String(port));
  expect(await cameras.exit).toEqual([75, null]);
  expect(cameras.complaint().trim().split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^PORT_BUSY: sample cameras: 127\\.0\\.0\\.1:${port} is in use`)),
  ]);
  await new Promise((resolve) => other.close(resolve));
});

it.each([
  [['--port', 'many'], '--port: expected 0 to 65535, found many'],
  [['--colour', 'red'], 'command line:'],
])('refuses %j', async (args, words) => {
  const cameras = await run(...args);
  expect(await cameras.exit).toEqual([78, null]);
  expect(cameras.complaint()).toContain(words);
});

/** Linux tells in /proc. */
function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return list.split(' ').filter(Boolean).map(Number);
}
