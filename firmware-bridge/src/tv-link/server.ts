/** ⑧ The link to the TV page: HTTP server, WebSocket at `/tv-link?token=…`, whole states pushed on every change. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { CodedError, TV_LINK_VERSION, type TvNotification, type TvState } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AlarmKey, KeyAction } from '../platform.ts';
import { isLoopbackHost, isOwnOrigin, isToken } from './guard.ts';
import { createPages } from './pages.ts';
import { answer, type TvHandlers } from './rpc.ts';

/** What the page may ask for; everything but `hello` and `key`, which belong to the connection. */
export type PageCalls = Omit<TvHandlers, 'hello' | 'key'>;

export interface TvLinkDeps {
  host: string;
  port: number;
  tvAppDir: string;
  log: Logger;
  state(): TvState;
  calls: PageCalls;
  /** A key edge from the page. Throws NOT_ALLOWED where the device itself sees the keys. */
  key(key: AlarmKey, action: KeyAction): void;
  health(): { ok: boolean } & Record<string, unknown>;
}

export interface TvLink {
  /** Opens the port, then prepares; requests wait until that is done. Throws PORT_BUSY before it prepares anything. Resolves with the port. */
  listen(prepare: () => Promise<void>): Promise<number>;
  /** The state changed: every page gets the whole of it. */
  changed(): void;
  close(): Promise<void>;
}

/** Close codes for the page (RFC 6455, 7.4.2: 4000-4999 are private). */
export const CLOSE_BAD_TOKEN = 4401;
const CLOSE_TOO_MANY = 4429;
const CLOSE_POLICY = 1008;
const CLOSE_GOING_AWAY = 1001;

/** The largest lawful call names 16 cameras. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const MAX_PAGES = 8;
/** More calls a second than any remote control makes. */
const MAX_CALLS_PER_S = 200;
/** A page that does not read is cut off rather than filling the memory. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

export function createTvLink(deps: TvLinkDeps): TvLink {
  const { log } = deps;
  const token = randomBytes(32).toString('base64url');
  /** Every open socket, those that are being refused too. */
  const links = new Set<WebSocket>();
  const pages = new Set<WebSocket>();
  const greeted = new Set<WebSocket>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: false });
  const onRequest = createPages({ tvAppDir: deps.tvAppDir, token, health: deps.health, log });
  const server: Server = createServer((req, res) => void prepared.then(() => onRequest(req, res)));
  let prepared: Promise<void> = Promise.resolve();
  let pushing = false;
  /** The page that last said what is on the screen. */
  let watcher: WebSocket | undefined;
  let closed = false;

  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => socket.destroy());
    const [path, query] = (req.url ?? '').split('?', 2);
    if (path !== '/tv-link') return refuse(socket, 404, 'Not Found');
    if (!isLoopbackHost(req.headers) || !isOwnOrigin(req.headers)) {
      log.warn({ host: req.headers.host, origin: req.headers.origin }, 'a link from another site was refused');
      return refuse(socket, 403, 'Forbidden');
    }
    void prepared.then(() => sockets.handleUpgrade(req, socket, head, (ws) => greet(ws, query)));
  });

  function greet(ws: WebSocket, query: string | undefined): void {
    links.add(ws);
    ws.on('close', () => links.delete(ws));
    ws.on('error', (error) => log.warn({ err: error }, 'the link to a page failed'));
    // Accepted first, so that the page can tell a stale token from a bridge that is not there.
    if (!isToken(new URLSearchParams(query).get('token'), token)) ws.close(CLOSE_BAD_TOKEN, 'token');
    else if (pages.size >= MAX_PAGES) ws.close(CLOSE_TOO_MANY, 'too many pages');
    else open(ws);
  }

  function open(ws: WebSocket): void {
    pages.add(ws);
    const down = new Set<AlarmKey>();
    const handlers: TvHandlers = {
      ...deps.calls,
      hello({ version }) {
        if (version !== TV_LINK_VERSION) throw new CodedError('BAD_PAYLOAD', `/version: ${TV_LINK_VERSION} is spoken here`);
        greeted.add(ws);
        return deps.state();
      },
      watching(params) {
        watcher = ws;
        return deps.calls.watching(params);
      },
      key({ key, action }) {
        deps.key(key, action);
        if (action === 'down') down.add(key);
        else down.delete(key);
      },
    };
    let second = 0;
    let calls = 0;
    ws.on('message', (data, isBinary) => {
      const now = Math.floor(performance.now() / 1000);
      if (now !== second) [second, calls] = [now, 0];
      if (isBinary || ++calls > MAX_CALLS_PER_S) return ws.close(CLOSE_POLICY, isBinary ? 'text only' : 'too many calls');
      void answer(String(data), handlers, log).then((response) => send(ws, response));
    });
    ws.on('close', () => {
      pages.delete(ws);
      greeted.delete(ws);
      // Nobody looks at a page that is gone.
      if (watcher === ws) deps.calls.watching({ onScreen: null });
      // A page that goes away while a key is down has let go of it.
      for (const key of down) deps.key(key, 'up');
    });
  }

  function send(ws: WebSocket, message: unknown): void {
    if (ws.readyState !== ws.OPEN) return;
    if (ws.bufferedAmount > MAX_BUFFERED_BYTES) ws.terminate();
    else ws.send(JSON.stringify(message));
  }

  function listening(): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const busy = error.code === 'EADDRINUSE' || error.code === 'EACCES';
        const detail = `firmware-bridge wants ${deps.host}:${deps.port} for the TV page; change it with http.port or SHOUWANG_BRIDGE_HTTP_PORT`;
        reject(busy ? new CodedError('PORT_BUSY', detail, { cause: error }) : error);
      });
      server.listen(deps.port, deps.host, () => {
        server.removeAllListeners('error');
        server.on('error', (error) => log.error({ err: error }, 'the HTTP server failed'));
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  return {
    async listen(prepare) {
      const port = await listening();
      prepared = prepare();
      await prepared;
      return port;
    },
    changed() {
      if (pushing || closed || greeted.size === 0) return;
      pushing = true;
      // Changes of the same moment are one state, and the answer to a hello of that moment goes first: it may be older.
      setImmediate(() => {
        pushing = false;
        const message: TvNotification = { jsonrpc: '2.0', method: 'state', params: deps.state() };
        for (const ws of greeted) send(ws, message);
      });
    },
    async close() {
      closed = true;
      for (const ws of pages) ws.close(CLOSE_GOING_AWAY);
      const gone = new Promise<void>((resolve) => {
        if (!server.listening) resolve();
        else server.close(() => resolve());
      });
      server.closeAllConnections();
      for (const ws of links) ws.terminate();
      await gone;
    },
  };
}

function refuse(socket: Duplex, status: number, text: string): void {
  // Whoever does not close his side would stay for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
