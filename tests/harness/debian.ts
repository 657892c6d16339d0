/**
 * Debian’s own builds as peers, to measure against or to stand in front of ours. Their packages would start services, so they are never installed: they are fetched and
 * unpacked into the machine cache, once.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

/** The folder in which a peer is unpacked. `binary`: a file below it by which that is known; `packages`: with what a bare system lacks. */
export function unpacked(name: string, binary: string, packages: readonly string[]): string {
  const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shouwang', 'peers', name);
  if (existsSync(join(root, binary))) return root;
  // One that was left half done.
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  console.log(`fetching Debian’s ${name} …`);
  execFileSync('apt-get', ['download', ...packages], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  // The one with the binary last: it says that the rest is there.
  const files = readdirSync(root).filter((n) => n.endsWith('.deb'));
  const first = `${packages[0]}_`;
  for (const file of files.sort((a, b) => Number(a.startsWith(first)) - Number(b.startsWith(first))))
    execFileSync('dpkg-deb', ['-x', file, '.'], { cwd: root });
  return root;
}

export interface Peer {
  pid: number;
  /** The last lines that it printed, for messages. */
  readonly tail: string;
  stops(): Promise<void>;
}

/** Starts a program of an unpacked peer, with the libraries beside it; it ends with this process whatever happens. */
export function runPeer(root: string, command: readonly string[]): Peer {
  const libraries = ['usr/lib', 'lib'].map((d) => join(root, d, 'x86_64-linux-gnu')).join(':');
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'prlimit', '--nofile=20000:20000', ...command], {
    env: { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: libraries },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      tail.push(String(chunk));
      if (tail.length > 40) tail.shift();
    });
  return {
    get pid() {
      return child.pid ?? 0;
    },
    get tail() {
      return tail.join('');
    },
    stops: () => ends(child),
  };
}

/** Waits until something listens on the port. Throws with what the peer printed when nothing does. */
export async function answers(peer: Peer, port: number): Promise<void> {
  await until(`somebody listens on ${port}`, () => listens(port), 30_000).catch((error: Error) => {
    throw new Error(`${error.message}\n${peer.tail}`);
  });
}

function ends(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
