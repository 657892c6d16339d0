/** The bridge as a process: ready message, exit codes, signals. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TvPage } from './testing/tv-page.ts';
import { until } from './testing/until.ts';

const SIMULATOR = fileURLToPath(new URL('../simulator/main.ts', import.meta.url));
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let dir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'bridge-main-'));
  writeFileSync(join(dir, 'secret'), 'a secret\n');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

function start(main: string, env: Record<string, string> = {}, args: string[] = []) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: dir,
    env: {
      SHOUWANG_BRIDGE_BOX_SECRET_FILE: join(dir, 'secret'),
      SHOUWANG_BRIDGE_DATA_DIR: join(dir, 'data'),
      SHOUWANG_BRIDGE_HTTP_PORT: '0',
      SHOUWANG_BRIDGE_CENTRE_MQTT_URL: 'mqtt://127.0.0.1:1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text.stderr += chunk;
  });
  const exit = new Promise<number | string | null>((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const ended = Promise.all([exit, finished(child.stdout!), finished(child.stderr!)]).then(([how]) => how);
  const ready = new Promise<Record<string, unknown>>((resolve) =>
    child.once('message', (message) => resolve(message as Record<string, unknown>)),
  );
  return { child, text, ended, ready };
}

describe('the process', () => {
  it('says where the TV page is, without the centre being there, and logs no secret', async () => {
    const { ready, text, child, ended } = start(SIMULATOR);
    const message = await ready;
    expect(message).toMatchObject({ ready: true, tvUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/tv$/) });
    expect((await fetch(String(message.tvUrl))).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(text.stderr).toBe('');
    expect(text.stdout).not.toContain('a secret');
    for (const line of text.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ name: 'firmware-bridge' });
  });

  it('whose trial is over ends; not while an alarm is in its memory only', async () => {
    const launched = { SHOUWANG_SLOTS: dir };
    const free = start(SIMULATOR, launched);
    await free.ready;
    free.child.kill('SIGUSR2');
    expect(await free.ended).toBe(0);
    // Nothing can be written below a file.
    const { child, ready, text, ended } = start(SIMULATOR, { ...launched, SHOUWANG_BRIDGE_DATA_DIR: join(dir, 'secret') });
    const page = await TvPage.opens(String((await ready).tvUrl));
    await page.call('key', { key: 'sos', action: 'down' });
    await until('the alarm', () => page.state.alarm);
    child.kill('SIGUSR2');
    await until('it waits', () => text.stdout.includes('ends as soon as nothing is lost by it'));
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each<[string, (child: ChildProcess) => void]>([
    ['on SIGINT', (child) => child.kill('SIGINT')],
    ['when its parent is gone', (child) => child.disconnect()],
  ])('closes %s', async (_, stop) => {
    const { ready, ended, child } = start(SIMULATOR);
    await ready;
    stop(child);
    expect(await ended).toBe(0);
  });

  it.each<[string, Record<string, string>, string[], string]>([
    ['a bad value', { SHOUWANG_BRIDGE_HTTP_PORT: 'eighty' }, [], 'http.port: expected integer'],
    ['a missing secret', { SHOUWANG_BRIDGE_BOX_SECRET_FILE: '/nowhere' }, [], 'box.secretFile: expected a file'],
    ['an unknown option', {}, ['--verbose'], 'command line'],
    ['a missing file', {}, ['--config', '/nowhere.yaml'], '/nowhere.yaml: cannot be read'],
  ])('with %s ends with one line and code 78', async (_, env, args, expected) => {
    const { ended, text } = start(SIMULATOR, env, args);
    expect(await ended).toBe(78);
    expect(text.stderr.trim().split('\n')).toEqual([expect.stringContaining(expected)]);
  });

  it('on a busy port ends with code 75, names the keys, and touches no file', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { ended, text } = start(SIMULATOR, { SHOUWANG_BRIDGE_HTTP_PORT: String(port) });
    expect(await ended).toBe(75);
    expect(text.stderr.trim().split('\n')).toEqual([expect.stringMatching(/firmware-bridge.*http\.port.*SHOUWANG_BRIDGE_HTTP_PORT/)]);
    server.close();
  });

  it('in production takes a real platform, and asks for the box’s name where that has none', async () => {
    const { ended, text } = start(MAIN, { SHOUWANG_BRIDGE_PLATFORM: 'evdev' });
    expect(await ended).toBe(78);
    expect(text.stderr).toContain('box.id: expected a box identifier');
    const named = start(MAIN, {
      SHOUWANG_BRIDGE_PLATFORM: 'evdev',
      SHOUWANG_BRIDGE_BOX_ID: 'box-0007',
      SHOUWANG_BRIDGE_EVDEV_DEVICES: '[/dev/null]',
    });
    expect(await named.ready).toMatchObject({ ready: true });
    named.child.kill('SIGTERM');
    expect(await named.ended).toBe(0);
  });
});
