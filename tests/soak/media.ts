/**
 * Random viewers over fifty cameras: by WebRTC, by low-latency HLS and by stills, coming, going, and dying without a word. In the end, when
 * everybody is gone, so must be what they made the media node take: its memory and that of its workers is within 20 % of what it was when
 * the first viewers had left, no descriptor is left open, no camera is pulled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes as collectedBytes, INSPECTED } from '../faults/memory.ts';
import { MediaNode } from '../harness/media/node.ts';
import { startFarm } from '../harness/media/source.ts';
import { descriptors, familyOf, residentBytes } from '../harness/process-usage.ts';
import type { Random } from '../harness/random.ts';
import { until } from '../harness/until.ts';
import type { SoakContext } from './all.ts';
import { KINDS, type Visit, visits } from './media-visits.ts';

const CAMERAS = 50;
const MIN_MS = 60_000;
/** Part of the time in which the first viewers come and go: caches fill, code is compiled, allocators take what a crowd needs. */
const WARM_UP = 0.25;
const ALLOWED = 1.2;
/** Connections that keep-alive still holds, and the inspector's. */
const SPARE_DESCRIPTORS = 8;
/** A session that nobody renews ends after a minute, and what hangs on it within some seconds. */
const GONE_MS = 150_000;
const SAY_EVERY_MS = 60_000;
/** How much longer a crowd goes on, on a machine so busy that nobody has seen a picture of some kind yet. */
const LATE_MS = 120_000;

export interface MediaSoakSize {
  /** How many viewers there are at a time. */
  viewers: number;
  /** By so much a process may grow anyway, bytes: a fifth of a small one is less than what an allocator takes at a time. */
  spareBytes: number;
  /** Up to which part of the time viewers may die, of the first ones and of the others: all is at rest a minute after the last who did. */
  mayVanish: readonly [number, number];
  /** What a watched camera's past is kept for, s; the product's own unless said. */
  ringS?: number;
}

const WHOLE: MediaSoakSize = { viewers: 24, spareBytes: 8 * 2 ** 20, mayVanish: [1, 1] };

export async function soakMedia({ random, minutes, say }: SoakContext, size = WHOLE): Promise<void> {
  const { viewers, mayVanish, ringS } = size;
  const farm = await startFarm(CAMERAS);
  const env: Record<string, string> = { ...INSPECTED, SHOUWANG_MEDIA_HUB_LINGER_S: '2' };
  if (ringS !== undefined) env.SHOUWANG_MEDIA_RECORDER_RING_S = String(ringS);
  const node = await MediaNode.starts({ urls: farm.urls, env });
  try {
    const counts = new Counts();
    await crowd(node, random, { viewers, ms: minutes * MIN_MS * WARM_UP, mayVanish: mayVanish[0], counts, say });
    await everybodyGone(node);
    const before = await usage(node);
    say(`after the first ${counts.visits} visits: ${text(before)}`);
    await crowd(node, random, { viewers, ms: minutes * MIN_MS * (1 - WARM_UP), mayVanish: mayVanish[1], counts, say });
    await everybodyGone(node);
    say(`after ${counts}`);
    counts.everyKindSaw();
    await gaveBack(node, before, size.spareBytes, say);
  } finally {
    await node.stops();
    await farm.stops();
  }
}

interface Crowd {
  viewers: number;
  ms: number;
  /** Up to which part of the time. */
  mayVanish: number;
  counts: Counts;
  say: (text: string) => void;
}

/** So many viewers, each going from camera to camera until the time is over. */
async function crowd(node: MediaNode, random: Random, { viewers, ms, mayVanish, counts, say }: Crowd): Promise<void> {
  const end = performance.now() + ms;
  const vanishing = performance.now() + ms * mayVanish;
  const saying = setInterval(async () => {
    const health = await node.health().catch(() => undefined);
    say(`${counts}; ${health?.pulled} cameras pulled, ${residentBytes(node.pid) >> 20} MB`);
  }, SAY_EVERY_MS);
  const one = async (own: Random) => {
    while (performance.now() < end || (counts.unseen.length > 0 && performance.now() < end + LATE_MS)) {
      const visit: Visit = {
        kind: own.pick(KINDS),
        cameraId: `cam-${own.int(1, CAMERAS)}`,
        stayMs: Math.min(own.int(500, 12_000), Math.max(500, end - performance.now())),
        vanishes: own.chance(0.3) && performance.now() < vanishing,
      };
      counts.add(visit, await visits(node, visit));
      await sleep(own.int(0, 1500));
    }
  };
  await Promise.all(Array.from({ length: viewers }, () => one(random.fork())));
  clearInterval(saying);
}

async function everybodyGone(node: MediaNode): Promise<void> {
  await until(
    'nobody watches, no camera is pulled, and nothing is kept of its past',
    async () => {
      const { pulled, viewers, recorder } = await node.health();
      const { ringBytes } = recorder;
      if (pulled + viewers.sessions + viewers.hls + viewers.webrtc + ringBytes > 0)
        throw new Error(JSON.stringify({ pulled, viewers, ringBytes }));
      return true;
    },
    GONE_MS,
    500,
  );
}

interface Usage {
  node: number;
  /** Resident bytes of the workers, in the order of their ids. */
  workers: number[];
  descriptors: number[];
}

async function usage(node: MediaNode): Promise<Usage> {
  const [pid = 0, ...workers] = familyOf(node.pid);
  return { node: await collectedBytes(node.service), workers: workers.map(residentBytes), descriptors: [pid, ...workers].map(descriptors) };
}

/** Throws where something stayed. */
async function gaveBack(node: MediaNode, before: Usage, spareBytes: number, say: (text: string) => void): Promise<void> {
  const limit = (bytes: number) => Math.max(bytes * ALLOWED, bytes + spareBytes);
  await until(
    'memory and descriptors are what they were',
    async () => {
      const after = await usage(node);
      const grew =
        after.workers.length !== before.workers.length ||
        after.node > limit(before.node) ||
        after.workers.some((bytes, i) => bytes > limit(before.workers[i]!)) ||
        after.descriptors.some((open, i) => open > before.descriptors[i]! + SPARE_DESCRIPTORS);
      if (grew) throw new Error(`${text(before)} → ${text(after)}`);
      say(`in the end: ${text(after)}`);
      return true;
    },
    // Connections that nobody uses are closed after a while, and the kernel takes freed pages back by and by.
    GONE_MS,
    1000,
  );
}

/** What came of the visits. */
class Counts {
  visits = 0;
  #vanished = 0;
  readonly #seen = new Map<string, number>();
  readonly #failed = new Map<string, number>();

  /** `why`: undefined where the viewer saw pictures. */
  add({ kind, vanishes }: Visit, why: string | undefined): void {
    this.visits++;
    if (vanishes) this.#vanished++;
    if (why === undefined) this.#seen.set(kind, (this.#seen.get(kind) ?? 0) + 1);
    else this.#failed.set(`${kind}: ${why}`, (this.#failed.get(`${kind}: ${why}`) ?? 0) + 1);
  }

  /** Ways of watching that never worked yet. */
  get unseen(): string[] {
    return KINDS.filter((kind) => !this.#seen.get(kind));
  }

  /** Throws where one way of watching never worked: nothing was tried then. */
  everyKindSaw(): void {
    if (this.unseen.length > 0) throw new Error(`nobody ever saw a picture by ${this.unseen.join(', ')}: ${this}`);
  }

  toString(): string {
    const list = (of: Map<string, number>) => [...of].map(([what, n]) => `${n} × ${what}`).join(', ') || 'none';
    return `${this.visits} visits (${this.#vanished} vanished): saw pictures ${list(this.#seen)}; did not ${list(this.#failed)}`;
  }
}

function text({ node, workers, descriptors: open }: Usage): string {
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return `node ${mb(node)}, workers ${workers.map(mb).join(' ')}, descriptors ${open.join(' ')}`;
}
