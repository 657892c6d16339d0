/**
 * What a low-latency HLS viewer of one 4 Mbit/s camera costs the server, until a core is full. The peer is nginx with the same files: a
 * mirror writes our playlist and parts below its root as they come, and its viewers ask for the same files at the same moments. They cannot
 * be told to wait for what is not there yet, so the bench tells them when it is.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaPaths } from '@shouwang/protocol';
import { HlsViewer } from '../../harness/media/hls-viewer.ts';
import { MediaNode } from '../../harness/media/node.ts';
import { startFarm } from '../../harness/media/source.ts';
import { until } from '../../harness/until.ts';
import type { Viewer } from '../../harness/viewer.ts';
import { type Case, climb, corePercent, type Figures, type Load, viewerFigures } from './measure.ts';
import { startNginx } from './nginx.ts';

const STEPS = [50, 100, 200, 400];
const MEASURED_MS = 10_000;
const SETTLE_MS = 3000;
const RENEW_MS = 15_000;
/** Viewers come one after the other over the length of a part: a burst of newcomers is not what is measured. */
const JOIN_EVERY_MS = 10;
const EXPECTED = 4_000_000 / 8;
const ENOUGH = 0.9;
/** Parts that the mirror leaves for viewers that are behind. */
const KEPT_PARTS = 60;

export const viewersLlHls: Case = {
  name: 'viewer-llhls',
  systems: { shouwang: ours, 'ffmpeg-nginx': nginx },
  ratios: { peer: 'ffmpeg-nginx', metrics: ['core_percent_per_viewer', 'viewers_at_full_core'] },
};

async function ours(): Promise<Figures> {
  const farm = await startFarm(1);
  const node = await MediaNode.starts({ urls: farm.urls });
  const sessions: Viewer[] = [];
  const renewing = setInterval(() => {
    for (const session of sessions) void session.asks('POST', mediaPaths.renew).catch(() => undefined);
  }, RENEW_MS);
  try {
    return await measure([node.pid], async () => {
      const session = await node.admits('cam-1');
      sessions.push(session);
      return viewerOf(node.url, session);
    });
  } finally {
    clearInterval(renewing);
    await node.stops();
    await farm.stops();
  }
}

async function nginx(): Promise<Figures> {
  const farm = await startFarm(1);
  const node = await MediaNode.starts({ urls: farm.urls });
  const server = await startNginx();
  const session = await node.admits('cam-1');
  const renewing = setInterval(() => void session.asks('POST', mediaPaths.renew).catch(() => undefined), RENEW_MS);
  const mirror = new Mirror(node.url, session, server.root);
  try {
    await mirror.hasSomething();
    return await measure(
      [server.peer.pid],
      async () => new HlsViewer({ base: server.url, path: '/index.m3u8', waits: () => mirror.nextPart() }),
    );
  } finally {
    clearInterval(renewing);
    mirror.stops();
    await server.stops();
    await node.stops();
    await farm.stops();
  }
}

function viewerOf(base: string, session: Viewer, onFile?: (path: string, body: Buffer) => void): HlsViewer {
  const headers = { authorization: `Bearer ${session.session}` };
  return new HlsViewer({ base, path: mediaPaths.hls('cam-1'), headers, ...(onFile ? { onFile } : {}) });
}

/** Our stream as files below another server's root. */
class Mirror {
  readonly #root: string;
  readonly #viewer: HlsViewer;
  readonly #parts: string[] = [];
  /** The newest list, once its last part is known. */
  #playlist: { text: string; lastPart: string } | undefined;
  #waiting: (() => void)[] = [];

  constructor(nodeUrl: string, session: Viewer, root: string) {
    this.#root = root;
    this.#viewer = viewerOf(nodeUrl, session, (path, body) => this.#takes(path, body));
    this.#viewer.watches().catch((error: Error) => console.error(`the mirror ended: ${error.message}`));
  }

  async hasSomething(): Promise<void> {
    await until('the mirror has a part', () => this.#parts.length > 1);
  }

  nextPart(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  stops(): void {
    this.#viewer.leaves();
    this.#wakes();
  }

  #takes(path: string, body: Buffer): void {
    const name = new URL(path, 'http://node').pathname;
    const file = join(this.#root, name);
    if (basename(name).endsWith('.m3u8')) {
      const text = String(body).replace(/^(?=init|part|seg)|(?<=URI=")/gm, `${dirname(name)}/`);
      const lastPart = [...text.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].at(-1)?.[1];
      if (lastPart) this.#playlist = { text, lastPart };
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
    this.#parts.push(file);
    if (this.#parts.length > KEPT_PARTS) rmSync(this.#parts.splice(1, 1)[0]!, { force: true });
    // Not before what it lists last.
    if (this.#playlist?.lastPart === name) this.#publishes(this.#playlist.text);
  }

  #publishes(text: string): void {
    const index = join(this.#root, 'index.m3u8');
    writeFileSync(`${index}.new`, text);
    renameSync(`${index}.new`, index);
    this.#wakes();
  }

  #wakes(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

async function measure(pids: readonly number[], joins: () => Promise<HlsViewer>): Promise<Figures> {
  const viewers: HlsViewer[] = [];
  const broken: Error[] = [];
  const add = async () => {
    const viewer = await joins();
    viewers.push(viewer);
    viewer.watches().catch((error: Error) => broken.push(error));
  };
  try {
    await add();
    await until('the first viewer has its pictures', () => viewers[0]!.parts > 2);
    const one = await corePercent(pids, MEASURED_MS);
    const loads = await climb(STEPS, async (count) => {
      while (viewers.length < count + 1) {
        await add();
        await sleep(JOIN_EVERY_MS);
      }
      await sleep(SETTLE_MS);
      return load(pids, viewers, broken);
    });
    return viewerFigures(one, loads);
  } finally {
    for (const viewer of viewers) viewer.leaves();
  }
}

async function load(pids: readonly number[], viewers: readonly HlsViewer[], broken: readonly Error[]): Promise<Load> {
  const before = viewers.map(({ bytes, stalls }) => ({ bytes, stalls }));
  const startedAt = performance.now();
  const percent = await corePercent(pids, MEASURED_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  if (broken[0]) throw broken[0];
  const whole = viewers.every((v, i) => (v.bytes - before[i]!.bytes) / seconds >= EXPECTED * ENOUGH && v.stalls === before[i]!.stalls);
  return { viewers: viewers.length - 1, percent, whole };
}
