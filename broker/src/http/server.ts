/** The HTTP server of the centre: console and API. */
import cookie from '@fastify/cookie';
import { CodedError } from '@shouwang/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { acceptCsv } from '../admin/box-routes.ts';
import { adminRoutes } from '../admin/routes.ts';
import { boxRoutes } from '../box-http/box-routes.ts';
import { tvFiles } from '../box-http/tv-files.ts';
import { authRoutes } from './auth-routes.ts';
import { cameraRoutes } from './camera-routes.ts';
import { caseRoutes } from './case-routes.ts';
import { consoleFiles, consoleMissing } from './console-files.ts';
import { type HttpContext, personOf, sendError } from './context.ts';
import { answerErrors } from './errors.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { integratorRoutes } from './integrator-routes.ts';
import { metricsRoute } from './metrics-route.ts';
import { noticeRoutes } from './notice-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { API_POLICY, COMMON_HEADERS, checkOrigin } from './security.ts';
import { unmaskRoutes } from './unmasking.ts';

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
    trustProxy: ctx.config.http.trustProxy.length > 0 ? ctx.config.http.trustProxy : false,
    routerOptions: { maxParamLength: 64 },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  await app.register(cookie);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(COMMON_HEADERS);
    if (request.url.startsWith('/api/')) void reply.header('content-security-policy', API_POLICY).header('cache-control', 'no-store');
    checkOrigin(request, ctx.config.http.allowedOrigins);
  });
  answerErrors(app, ctx.log);
  app.setNotFoundHandler((request, reply) => {
    if (request.url === '/console' || request.url === '/console/') return consoleMissing(reply);
    return sendError(reply, new CodedError('NOT_FOUND'));
  });
  consoleFiles(app, ctx);
  authRoutes(app, ctx);
  caseRoutes(app, ctx);
  cameraRoutes(app, ctx);
  unmaskRoutes(app, ctx);
  recordRoutes(app, ctx);
  evidenceRoutes(app, ctx);
  metricsRoute(app, ctx);
  fleetRoutes(app, ctx);
  noticeRoutes(app, ctx);
  integratorRoutes(app, ctx);
  if (ctx.boxHttp) {
    tvFiles(app, ctx);
    boxRoutes(app, ctx.boxHttp);
  }
  acceptCsv(app);
  adminRoutes(
    app,
    ctx.admin,
    (request) => `operator:${personOf(ctx, request, 'admin').user}`,
    (request) => `operator:${personOf(ctx, request).user}`,
  );
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
