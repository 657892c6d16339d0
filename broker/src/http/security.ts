/** Headers of every answer, and where state-changing requests may come from. */
import { CodedError } from '@shouwang/protocol';
import type { FastifyRequest } from 'fastify';

/** Headers that every answer carries. */
export const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const;

/**
 * Content-Security-Policy of the console (CSP Level 3). Styles may be inline because its component library writes them;
 * scripts may not. Pictures and video come as blobs; requests go here and to the media nodes.
 */
export function consolePolicy(mediaOrigins: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src ${["'self'", ...mediaOrigins].join(' ')}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Content-Security-Policy of the TV page. A box's own player loads the video itself, from a media node anywhere on the operator's
 * network.
 */
export function tvPolicy(mediaOrigins: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: data: http: https:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src ${["'self'", 'blob:', ...mediaOrigins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** API answers are data: nothing in them may run, whatever shows them. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The origins of URLs, each once; what is no URL is left out. */
export function originsOf(urls: string[]): string[] {
  return [...new Set(urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])))];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a state-changing request that a page of another origin sent (NOT_ALLOWED). Browsers always send `Origin` with
 * these (Fetch Standard, 3.2); programs that send none carry no cookie of a victim.
 */
export function checkOrigin(request: FastifyRequest, allowed: string[]): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined) {
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new CodedError('NOT_ALLOWED', 'request of another site');
    return;
  }
  if (allowed.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new CodedError('NOT_ALLOWED', 'request of another origin');
}
