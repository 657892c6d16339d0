/**
 * Whether a process gave back the memory that a fault made it take. V8 collects when it likes, which may be minutes later: so a full
 * collection is asked for through the inspector (SIGUSR1 opens it on loopback), and the resident set is read after it.
 */
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import type { Service } from '../harness/service.ts';
import { until } from '../harness/until.ts';

const ALLOWED = 1.2;
/** The kernel takes freed pages back by and by. */
const PATIENCE_MS = 60_000;

/** Variables of a process whose memory is to be read: its inspector takes any free port. */
export const INSPECTED = { NODE_OPTIONS: '--inspect-port=0' };

const inspectors = new Map<number, string>();

/** Resident set after a full collection, bytes. */
export async function residentBytes(service: Service): Promise<number> {
  await collectsGarbage(service);
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1];
  return Number(kb) * 1024;
}

/** Waits until the process is within 20 % of `before`; gives the ratio. Throws when it never gets there. */
export async function givesMemoryBack(service: Service, before: number): Promise<number> {
  let now = 0;
  const allowed = Math.round((before * ALLOWED) / 2 ** 20);
  await until(
    `at most ${allowed} MB resident`,
    async () => {
      now = await residentBytes(service);
      if (now > before * ALLOWED) throw new Error(`${Math.round(now / 2 ** 20)} MB`);
      return true;
    },
    PATIENCE_MS,
    1000,
  );
  return now / before;
}

async function collectsGarbage(service: Service): Promise<void> {
  const url = await inspectorOf(service);
  const socket = new WebSocket(url);
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const answered = new Promise((resolve, reject) => socket.once('message', resolve).once('close', reject));
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    await answered;
  } finally {
    socket.terminate();
  }
}

async function inspectorOf(service: Service): Promise<string> {
  const pid = service.pid ?? 0;
  const known = inspectors.get(pid);
  if (known) return known;
  process.kill(pid, 'SIGUSR1');
  const url = await until('the inspector listens', () => /Debugger listening on (ws:\S+)/.exec(service.tail)?.[1], 30_000);
  inspectors.set(pid, url);
  return url;
}
