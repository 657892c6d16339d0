/**
 * Who may talk to the bridge over HTTP. It listens on loopback, but pages of other sites run in the same browser:
 * a `Host` that is no loopback name is DNS rebinding, a foreign `Origin` or `Sec-Fetch-Site` is another site's page.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether the request was addressed to this box by a loopback name. */
export function isLoopbackHost(headers: IncomingHttpHeaders): boolean {
  const host = headers.host;
  if (!host) return false;
  const match = /^(\[[0-9a-f:]+\]|[^:]+)(:\d{1,5})?$/i.exec(host);
  return match !== null && LOOPBACK.has((match[1] ?? '').toLowerCase());
}

/** Whether `Origin` names this very origin. Absent where no page asks; browsers always send it with a WebSocket. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  return origin === undefined || origin.toLowerCase() === `http://${host}`.toLowerCase();
}

/** Whether the request comes from a page of this very origin, or from no page at all. */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  // Not sent by old browsers, which are held off by Origin and by the lack of CORS headers.
  const site = headers['sec-fetch-site'];
  return isOwnOrigin(headers) && (site === undefined || site === 'same-origin');
}

/** Compares in constant time. */
export function isToken(given: string | null, token: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
