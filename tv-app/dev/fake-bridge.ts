/** Stands in for the bridge while the page is worked on: serves the built page as the bridge does, and shows whatever state it is given. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { NearbyCamera, TvRequest, TvState } from '@shouwang/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

const CSP =
  "default-src 'self'; connect-src 'self' ws: http: https:; media-src blob: http: https:; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; worker-src blob:";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

export class FakeBridge {
  readonly calls: { method: string; params: unknown }[] = [];
  cameras: NearbyCamera[] = [];
  /** What time it is on the box. */
  now: () => number = Date.now;
  /** What the box's keys do: called with each key that the page passes on. */
  onKey: (key: string, action: string) => void = () => {};
  mediaUrl = '';
  #state: TvState;
  #server: Server | undefined;
  #wss: WebSocketServer | undefined;
  #port = 0;
  #grants = 0;
  readonly #dist: string;

  constructor(dist: string, state: TvState) {
    this.#dist = dist;
    this.#state = state;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/tv/`;
  }

  async start(): Promise<void> {
    const token = Math.random().toString(36).slice(2);
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      if (path === '/tv/token') {
        response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify({ token }));
        return;
      }
      const file = join(this.#dist, normalize(path.replace(/^\/tv\/?/, '/').replace(/\/$/, '/index.html')));
      try {
        const body = readFileSync(file);
        response
          .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': CSP })
          .end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#wss = new WebSocketServer({ server, path: '/tv-link' });
    this.#wss.on('connection', (socket) => socket.on('message', (data) => this.#answer(socket, JSON.parse(String(data)) as TvRequest)));
  }

  /** Ends every connection; `start` brings it back on the same port. */
  async stop(): Promise<void> {
    for (const client of this.#wss?.clients ?? []) client.terminate();
    this.#wss?.close();
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  get state(): TvState {
    return this.#state;
  }

  set(state: TvState): void {
    this.#state = state;
    for (const client of this.#wss?.clients ?? [])
      client.send(JSON.stringify({ jsonrpc: '2.0', method: 'state', params: { ...state, now: this.now() } }));
  }

  #answer(socket: WebSocket, request: TvRequest): void {
    this.calls.push({ method: request.method, params: request.params });
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, result: this.#result(request) }));
  }

  #result(request: TvRequest): unknown {
    if (request.method === 'hello') return { ...this.#state, now: this.now() };
    if (request.method === 'cameras') return { cameras: this.cameras };
    if (request.method === 'settings') this.set({ ...this.#state, ...(request.params as Pick<TvState, 'settings'>) });
    if (request.method === 'key') {
      const { key, action } = request.params as { key: string; action: string };
      this.onKey(key, action);
    }
    if (request.method !== 'grants') return null;
    const { cameraIds } = request.params as { cameraIds: string[] };
    const grants = cameraIds.map((cameraId) => ({
      cameraId,
      token: `${cameraId}:${String(++this.#grants).padStart(24, '0')}`,
      mediaUrl: this.mediaUrl,
      expiresAt: this.now() + 60_000,
    }));
    return { grants, refused: [] };
  }
}
