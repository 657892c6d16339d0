/** The HTTP server of the centre: console and API. */
import cookie from '@fastify/cookie';
import { asCoded, CodedError } from '@shouwang/protocol';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { authRoutes } from './auth-routes.ts';
import { cameraRoutes } from './camera-routes.ts';
import { caseRoutes } from './case-routes.ts';
import { consoleFiles, consoleMissing } from './console-files.ts';
import { EXPECTED, type HttpContext, sendError } from './context.ts';
import { integratorRoutes } from './integrator-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { API_POLICY, COMMON_HEADERS, checkOrigin } from './security.ts';

const BODY_BYTES = 64 * 1024;
/** A request must have arrived whole within this time. */
const REQUEST_WITHIN_MS = 30_000;
const MAX_CONNECTIONS = 4000;

/** Builds the server; nothing listens yet. */
export async function createHttp(ctx: HttpContext): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: REQUEST_WITHIN_MS,
    routerOptions: { maxParamLength: 64 },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  await app.register(cookie);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(COMMON_HEADERS);
    if (request.url.startsWith('/api/')) void reply.header('content-security-policy', API_POLICY).header('cache-control', 'no-store');
    checkOrigin(request, ctx.config.http.allowedOrigins);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.code === undefined && (error as { statusCode?: number }).statusCode === 404)
      return sendError(reply, new CodedError('NOT_FOUND'));
    const coded = codedOf(error);
    if (coded.code === 'INTERNAL') ctx.log.error({ err: error, url: request.url }, 'request failed');
    else if (!EXPECTED.has(coded.code))
      ctx.log.info({ code: coded.code, detail: coded.detail, method: request.method, path: request.url.split('?')[0] }, 'request refused');
    return sendError(reply, coded);
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.url === '/console' || request.url === '/console/') return consoleMissing(reply);
    return sendError(reply, new CodedError('NOT_FOUND'));
  });
  consoleFiles(app, ctx);
  authRoutes(app, ctx);
  caseRoutes(app, ctx);
  cameraRoutes(app, ctx);
  recordRoutes(app, ctx);
  integratorRoutes(app, ctx);
  await app.ready();
  return app;
}

/** Listens. Throws PORT_BUSY. Returns the port. */
export async function listenHttp(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new CodedError('PORT_BUSY', `HTTP of the broker wants ${host}:${port} (${code}); change http.port or SHOUWANG_BROKER_HTTP_PORT`);
  }
  return (app.server.address() as { port: number }).port;
}

/** Fastify's own errors as codes of our table. */
function codedOf(error: FastifyError): CodedError {
  if (error.statusCode === 413) return new CodedError('TOO_LARGE');
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new CodedError('BAD_JSON');
  if (!(error instanceof CodedError) && error.statusCode !== undefined && error.statusCode < 500)
    return new CodedError('BAD_PAYLOAD', error.message);
  return asCoded(error);
}
