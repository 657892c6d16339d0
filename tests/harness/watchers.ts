/** Viewers that go on watching whatever happens, and know when they last saw a new picture: by our player in Chromium, by plain HTTP, by aiortc. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mediaPaths } from '@shouwang/protocol';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { Browser } from './browser.ts';
import type { Operator } from './operator.ts';
import { Peer } from './peer.ts';
import { ROOT } from './service.ts';
import { Viewer } from './viewer.ts';

export interface Watcher {
  name: string;
  /** When a new picture was last seen, ms since 1970; 0: never. */
  lastAt(): Promise<number>;
  ends(): Promise<void>;
}

/** What a watcher of the page is, for messages and judgements. */
export interface PlayerReport {
  at: number;
  state: string;
  transport: string | undefined;
  code: string | undefined;
  /** Every state that was told, newest last. */
  told: string[];
}

const RENEW_MS = 15_000;

/** A page with nothing on it but our player, as often as wanted. */
export class PlayerPage {
  readonly #browser = new Browser();
  // Chromium lets a page reach this machine's addresses only when it came from one.
  readonly #server = createServer((_request, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><body></body>'));
  page!: Page;

  /** Where the page will be: an origin that the media node has to allow. */
  async origin(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async opens(origin: string): Promise<this> {
    const { outputFiles } = await build({
      entryPoints: [`${ROOT}player/src/index.ts`],
      bundle: true,
      format: 'iife',
      globalName: 'shouwangPlayer',
      // The script runs inside a function.
      footer: { js: 'globalThis.shouwangPlayer = shouwangPlayer;' },
      write: false,
      logLevel: 'error',
    });
    this.page = await this.#browser.opens(origin, { width: 1280, height: 720 }, outputFiles[0]!.text);
    await this.page.goto(origin);
    return this;
  }

  /** Begins to watch; the grant is exchanged by the player itself. */
  async watches(grant: unknown, prefer: 'webrtc' | 'hls', width = 240): Promise<Watcher & { report(): Promise<PlayerReport> }> {
    const id = await this.page.evaluate(
      async ([theGrant, preferred, wide]) => {
        type Seen = { at: number; state: string; transport: string | undefined; code: string | undefined; told: string[] };
        const world = globalThis as { seen?: Seen[]; players?: Record<number, { close(): void }> };
        const all = world.seen ?? [];
        world.seen = all;
        const { openSession, createPlayer } = (globalThis as unknown as { shouwangPlayer: typeof import('@shouwang/player') })
          .shouwangPlayer;
        const seen: Seen = { at: 0, state: 'opening', transport: undefined, code: undefined, told: [] };
        all.push(seen);
        const place = document.createElement('div');
        place.style.cssText = 'position: relative; display: inline-block';
        const video = document.createElement('video');
        video.style.width = `${wide}px`;
        place.appendChild(video);
        document.body.appendChild(place);
        const count = () => {
          seen.at = Date.now();
          video.requestVideoFrameCallback(count);
        };
        video.requestVideoFrameCallback(count);
        const session = await openSession(theGrant as Parameters<typeof openSession>[0]);
        const player = createPlayer({
          video,
          session,
          prefer: preferred as 'webrtc' | 'hls',
          onState: ({ state, transport, code }) => {
            Object.assign(seen, { state, transport, code });
            seen.told.push([transport, state, code].filter(Boolean).join(' '));
          },
        });
        const number = all.indexOf(seen);
        world.players = { ...world.players, [number]: player };
        return number;
      },
      [grant, prefer, width] as const,
    );
    const report = () => this.page.evaluate((i) => (globalThis as unknown as { seen: PlayerReport[] }).seen[i]!, id);
    const ends = () => this.page.evaluate((i) => (globalThis as unknown as { players: { close(): void }[] }).players[i]!.close(), id);
    return { name: `player ${id} ${prefer}`, report, lastAt: async () => (await report()).at, ends };
  }

  async closes(): Promise<void> {
    await this.#browser.closes();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A viewer by plain HTTP: reads the playlist over and over and fetches what is new in it, as simple players do. */
export async function watchesHls(mediaUrl: string, operator: Operator, cameraId: string, everyMs = 250): Promise<Watcher> {
  const viewer = new Viewer(mediaUrl);
  await viewer.enters((await operator.grant(cameraId)).token);
  const headers = { authorization: `Bearer ${viewer.session}` };
  const known = new Set<string>();
  let lastAt = 0;
  let over = false;
  let renewedAt = Date.now();
  const start = mediaUrl + mediaPaths.hls(cameraId);
  let playlist = start;
  const round = async () => {
    if (Date.now() - renewedAt > RENEW_MS) {
      renewedAt = Date.now();
      await viewer.asks('POST', mediaPaths.renew);
    }
    const answer = await fetch(playlist, { headers, signal: AbortSignal.timeout(5000) });
    const text = await answer.text();
    // An epoch that has ended: from the start again.
    if (!answer.ok) {
      playlist = start;
      return;
    }
    const lines = text.split('\n').map((l) => l.trim());
    const variant = lines.findIndex((l) => l.startsWith('#EXT-X-STREAM-INF'));
    if (variant >= 0) {
      playlist = new URL(lines[variant + 1]!, answer.url).href;
      return;
    }
    playlist = answer.url;
    const parts = lines.flatMap((l) => /^#EXT-X-PART:.*URI="([^"]+)"/.exec(l)?.[1] ?? []);
    const news = (parts.length > 0 ? parts : lines.filter((l) => l && !l.startsWith('#'))).filter((uri) => !known.has(uri));
    const first = known.size === 0;
    for (const uri of news) known.add(uri);
    for (const uri of first ? news.slice(-1) : news) {
      const media = await fetch(new URL(uri, answer.url), { headers, signal: AbortSignal.timeout(5000) });
      if (media.ok && (await media.arrayBuffer()).byteLength > 0) lastAt = Date.now();
    }
  };
  const rounds = (async () => {
    while (!over) {
      await round().catch(() => {
        playlist = start;
      });
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return {
    name: 'plain HLS',
    lastAt: async () => lastAt,
    ends: async () => {
      over = true;
      await rounds;
      await viewer.leaves();
    },
  };
}

/** A WHEP viewer that is not ours and does nothing about a picture that stands. */
export async function watchesByAiortc(mediaUrl: string, operator: Operator, cameraId: string): Promise<Watcher> {
  const viewer = new Viewer(mediaUrl);
  await viewer.enters((await operator.grant(cameraId)).token);
  const args = [mediaUrl + mediaPaths.whep(cameraId), '--pictures', '1000000', '--seconds', '3600', '--tell'];
  const peer = new Peer('aiortc-whep.py', args, { SESSION: viewer.session });
  await peer.says('picture_at', 60_000);
  const renewing = setInterval(() => void viewer.asks('POST', mediaPaths.renew).catch(() => {}), RENEW_MS);
  return {
    name: 'aiortc',
    lastAt: async () => Number(peer.said.filter((s) => 'picture_at' in s).at(-1)?.picture_at ?? 0),
    ends: async () => {
      clearInterval(renewing);
      await peer.stops();
      await viewer.leaves();
    },
  };
}
