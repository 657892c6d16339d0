/**
 * Debian's mosquitto as the peer. Its package starts a service on port 1883, so it is never installed: the packages are fetched and
 * unpacked into the machine's cache, once.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../harness/until.ts';

/** What it needs beyond a bare system. */
const PACKAGES = ['mosquitto', 'libcjson1', 'libdlt2', 'libwrap0', 'libnsl2', 'libtirpc3', 'libwebsockets17', 'libev4', 'libuv1'];

function unpacked(): string {
  const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shouwang', 'peers', 'mosquitto');
  const binary = join(root, 'usr/sbin/mosquitto');
  if (existsSync(binary)) return root;
  mkdirSync(root, { recursive: true });
  console.log('fetching Debian’s mosquitto to measure against …');
  execFileSync('apt-get', ['download', ...PACKAGES], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const name of readdirSync(root).filter((n) => n.endsWith('.deb'))) execFileSync('dpkg-deb', ['-x', name, '.'], { cwd: root });
  return root;
}

export interface Mosquitto {
  pid: number;
  stops(): Promise<void>;
}

/** Starts one that asks for no password and limits nothing: the limits would only slow it down. */
export async function startMosquitto(port: number, dir: string): Promise<Mosquitto> {
  const root = unpacked();
  const file = join(dir, 'mosquitto.conf');
  writeFileSync(
    file,
    [
      `listener ${port} 127.0.0.1`,
      // Changing the user would undo the parent-death signal.
      'user root',
      'allow_anonymous true',
      'persistence false',
      'max_inflight_messages 0',
      'max_queued_messages 0',
      'set_tcp_nodelay true',
      'log_type error',
      'log_dest stderr',
      '',
    ].join('\n'),
  );
  const binary = join(root, 'usr/sbin/mosquitto');
  const libraries = ['usr/lib', 'lib'].map((d) => join(root, d, 'x86_64-linux-gnu')).join(':');
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'prlimit', '--nofile=20000:20000', binary, '-c', file], {
    env: { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: libraries },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until('mosquitto answers', () => {
    if (child.exitCode !== null) throw new Error(`mosquitto ended (${child.exitCode})`);
    return answers(port);
  });
  return {
    pid: child.pid!,
    stops: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
