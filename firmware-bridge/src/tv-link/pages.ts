/** HTTP of the bridge: the TV page at `/tv/`, its token, and health. Loopback only. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { asCoded, CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { isLoopbackHost, isOwnPage } from './guard.ts';
import { contentSecurityPolicy, NO_TV_APP, readStatic } from './static-files.ts';

/** Vite puts a hash of the content into the names of what it bundles. */
const HASHED = /^assets\/[^/]+-[\w-]{8}\.\w+$/;

export interface PagesDeps {
  tvAppDir: string;
  token: string;
  /** What `/health` answers. */
  health(): { ok: boolean } & Record<string, unknown>;
  log: Logger;
}

export function createPages(deps: PagesDeps): RequestListener {
  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (!isLoopbackHost(req.headers)) throw new CodedError('NOT_ALLOWED', 'this address is for the box itself');
    if (req.method !== 'GET' && req.method !== 'HEAD') throw new CodedError('NOT_FOUND', 'only GET');
    const path = pathOf(req);
    if (path === '/' || path === '/tv') return redirect(res, '/tv/');
    if (path === '/health') {
      const health = deps.health();
      return json(res, health.ok ? 200 : 503, health);
    }
    if (path === '/tv/token') {
      if (!isOwnPage(req.headers)) throw new CodedError('NOT_ALLOWED', 'only for the page of this box');
      return json(res, 200, { token: deps.token });
    }
    if (path.startsWith('/tv/')) return file(req, res, path.slice('/tv/'.length) || 'index.html');
    throw new CodedError('NOT_FOUND');
  }

  async function file(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const found = await readStatic(deps.tvAppDir, path);
    if (!found && path !== 'index.html') throw new CodedError('NOT_FOUND');
    const { body, type } = found ?? { body: Buffer.from(NO_TV_APP), type: 'text/html; charset=utf-8' };
    const html = type.startsWith('text/html');
    if (html) res.setHeader('content-security-policy', contentSecurityPolicy(body.toString('utf8'), req.headers.host ?? ''));
    res.setHeader('cache-control', html ? 'no-store' : HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    send(res, 200, type, body);
  }

  return (req, res) => {
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'no-referrer');
    res.setHeader('cross-origin-resource-policy', 'same-origin');
    handle(req, res).catch((error) => {
      const coded = asCoded(error);
      if (coded.code === 'INTERNAL') deps.log.error({ err: error }, 'a request failed');
      if (!res.headersSent) json(res, coded.status, coded.toBody());
    });
  };
}

/** Path without the query, decoded. Throws NOT_FOUND where it cannot be. */
function pathOf(req: IncomingMessage): string {
  try {
    return decodeURIComponent((req.url ?? '/').split('?', 1)[0] ?? '/');
  } catch {
    throw new CodedError('NOT_FOUND');
  }
}

function redirect(res: ServerResponse, to: string): void {
  res.writeHead(308, { location: to, 'cache-control': 'no-store' }).end();
}

function json(res: ServerResponse, status: number, value: unknown): void {
  res.setHeader('cache-control', 'no-store');
  send(res, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(value)));
}

/** Node leaves the body out for HEAD by itself. */
function send(res: ServerResponse, status: number, type: string, body: Buffer): void {
  res.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}
