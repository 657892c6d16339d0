/** The HTTP of the node: exactly `mediaPaths` of the protocol. Errors are `ErrorBody`; bearers and grants never reach the log. */
import { asCoded, CodedError, type ErrorCode, PICTURE_TIME_HEADER } from '@shouwang/protocol';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Log } from '../lib/log.ts';

export interface ServerOptions {
  log: Log;
  /** Pages that may call, as `Origin` spells them. */
  allowedOrigins: readonly string[];
  /** Proxies in front, by address or block, whose X-Forwarded-For says who asks. */
  trustProxy: string[];
  /** When viewers for whom WebRTC has no room may come again, s. */
  webrtcRetryAfterS: number;
  /** Hears of every refused request. */
  onRefused?: (request: FastifyRequest, error: CodedError) => void;
}

const BODY_LIMIT = 64 * 1024;
/** For a whole request to come in; nothing that is sent here is large. */
const REQUEST_MS = 30_000;

/** When to come again, where that can be said (RFC 9110, 10.2.3). */
const RETRY_AFTER_S: Partial<Record<ErrorCode, number>> = { CAMERA_FULL: 20, NODE_FULL: 20, VIEWER_FULL: 20 };

export type Routes = (server: FastifyInstance) => void;

export function makeServer(
  { log, allowedOrigins, trustProxy, webrtcRetryAfterS, onRefused }: ServerOptions,
  routes: readonly Routes[],
): FastifyInstance {
  const server = Fastify({
    // Its own request log would hold addresses of resources for every still; what matters is logged where it happens.
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_MS,
    // A browser keeps connections open: closing the server must not wait for them.
    forceCloseConnections: true,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    routerOptions: { maxParamLength: 100 },
  });
  server.decorateRequest('admitted', null);
  allowOrigins(server, new Set(allowedOrigins));
  server.setErrorHandler((error, request, reply) => {
    const coded = fromFastify(error) ?? asCoded(error);
    if (coded.code === 'INTERNAL') log.error({ err: coded.cause ?? coded, route: request.routeOptions.url }, 'request failed');
    else log.debug({ code: coded.code, detail: coded.detail, route: request.routeOptions.url }, 'request refused');
    onRefused?.(request, coded);
    const noRoom = coded.code === 'WEBRTC_FULL' || coded.code === 'WHEP_REFUSED';
    const retryS = noRoom ? webrtcRetryAfterS : RETRY_AFTER_S[coded.code];
    if (retryS) reply.header('retry-after', String(retryS));
    return reply.code(coded.status).header('cache-control', 'no-store').send(coded.toBody());
  });
  server.setNotFoundHandler((_request, reply) => {
    const error = new CodedError('NOT_FOUND');
    return reply.code(error.status).header('cache-control', 'no-store').send(error.toBody());
  });
  for (const add of routes) add(server);
  return server;
}

/** The secret of `Authorization: Bearer …` (RFC 6750, 2.1). */
export function bearer(request: FastifyRequest): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/=-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
}

const EXPOSED = `${PICTURE_TIME_HEADER}, Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch`;

/** Cross-origin requests (Fetch, 3.3) of the pages that are configured, and of no others. */
function allowOrigins(server: FastifyInstance, allowed: ReadonlySet<string>): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (!origin || !allowed.has(origin)) return done();
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', EXPOSED);
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return done();
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, PATCH, DELETE')
      .header('access-control-allow-headers', 'Authorization, Content-Type, If-Match')
      .header('access-control-max-age', '600')
      .send();
  });
}

function fromFastify(error: unknown): CodedError | undefined {
  const code = (error as { code?: unknown }).code;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new CodedError('TOO_LARGE');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new CodedError('MEDIA_TYPE');
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new CodedError('BAD_JSON');
  if (typeof code === 'string' && code.startsWith('FST_ERR_') && (error as { statusCode?: number }).statusCode !== 500)
    return new CodedError('BAD_PAYLOAD', 'not a request of this address');
  return undefined;
}
