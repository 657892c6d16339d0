/** A whole media node in this process, with the little of a centre that it needs. For test files: started before each test, closed after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorBody, mediaPaths, type ViewerSession } from '@shouwang/protocol';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type App, createApp } from '../app.ts';
import { loadConfig } from '../config.ts';
import { silentLog } from '../lib/log.ts';
import { TestCentre } from './centre.ts';
import { FakeSource } from './fake-source.ts';
import { pictures, track } from './h264-video.ts';

/** A page that may use the node from a browser. */
export const PAGE = 'http://127.0.0.1:8820';
/** Two seconds. */
export const GOP = `I${'P'.repeat(49)}`;

export interface RunningNode {
  /** Its data. */
  dir: string;
  centre: TestCentre;
  app: App;
  url: string;
  /** Cameras that were pulled, by their id: `gate`, `lane`. */
  sources: Map<string, FakeSource>;
  /** Once more on the same data. `rtsp`: cameras that are really pulled; else they are in the test's hand. */
  start(options?: { rtsp?: string; lingerS?: number }): Promise<void>;
  exchange(grant: unknown): Promise<Response>;
  /** The secret of a session for a camera. */
  session(cam?: string): Promise<string>;
  get(path: string, secret?: string, init?: RequestInit): Promise<Response>;
  /** Status and code of a refusal. */
  code(answer: Response | Promise<Response>): Promise<string>;
  plays(id: string, pattern?: string): void;
  /** The path of the first variant of a multivariant playlist. */
  variantOf(answer: Response): Promise<string>;
  /** The camera is pulled. */
  started(id: string): Promise<void>;
}

export function runningNode(): RunningNode {
  let keys: Server;
  const sources = new Map<string, FakeSource>();
  const n: RunningNode = {
    dir: '',
    centre: undefined as unknown as TestCentre,
    app: undefined as unknown as App,
    url: '',
    sources,
    async start({ rtsp, lingerS = 0 } = {}) {
      const jwksUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
      const config = configOf({ dir: n.dir, jwksUrl, lingerS, ...(rtsp ? { rtsp } : {}) });
      const makeSource = ({ id }: { id: string }) => {
        const source = new FakeSource();
        sources.set(id, source);
        return source;
      };
      n.app = createApp(config, { log: silentLog, ...(rtsp ? {} : { makeSource }) });
      n.url = (await n.app.start()).http;
    },
    exchange: (grant) =>
      fetch(n.url + mediaPaths.sessions, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant }),
      }),
    async session(cam = 'gate') {
      return ((await (await n.exchange(await n.centre.grant({ cam }))).json()) as ViewerSession).session;
    },
    get: (path, secret, init = {}) =>
      fetch(n.url + path, { ...init, headers: { ...(secret ? { authorization: `Bearer ${secret}` } : {}), ...init.headers } }),
    async code(answer) {
      const a = await answer;
      return `${a.status} ${((await a.json()) as ErrorBody).code}`;
    },
    plays(id, pattern = `${GOP}${GOP}IP`) {
      sources.get(id)!.answers(track());
      sources.get(id)!.sends(...pictures(pattern));
    },
    async variantOf(answer) {
      const uri = (await answer.text()).split('\n').find((line) => line !== '' && !line.startsWith('#'));
      return new URL(uri ?? '', answer.url).pathname;
    },
    started: (id) => vi.waitFor(() => expect(sources.get(id)!.running).toBe(true)),
  };

  beforeEach(async () => {
    n.dir = mkdtempSync(join(tmpdir(), 'shouwang-media-'));
    n.centre = await TestCentre.make();
    keys = createServer((_request, answer) => answer.end(JSON.stringify(n.centre.jwks)));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    sources.clear();
    await n.start();
  });

  afterEach(async () => {
    await n.app.close();
    await new Promise((resolve) => keys.close(resolve));
    rmSync(n.dir, { recursive: true, force: true });
  });
  return n;
}

function configOf({ dir, jwksUrl, lingerS, rtsp }: { dir: string; jwksUrl: string; lingerS: number; rtsp?: string }) {
  const camera = (id: string) => ({
    ...{ id, name: id, place: 'p', area: '522328101201', householdsOf: [] },
    url: rtsp ?? `rtsp://127.0.0.1/${id}`,
  });
  const text = JSON.stringify({
    cameras: [camera('gate'), camera('lane')],
    dataDir: dir,
    http: { port: 0 },
    webrtc: { port: 0, maxMbit: 0 },
    hub: { lingerS },
    centre: { jwksUrl },
  });
  return loadConfig({ name: 'test', readText: () => '', text });
}
