/** Serves the built console at /console. */
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpContext } from './context.ts';
import { consolePolicy, originsOf } from './security.ts';

const MISSING = '控制台页面还没有构建。请运行 npm start，或在 console 目录构建后刷新。 The console has not been built yet.\n';

export function consoleFiles(app: FastifyInstance, ctx: HttpContext): void {
  const root = resolve(ctx.config.http.consoleDir);
  app.register(fastifyStatic, {
    root,
    prefix: '/console/',
    serve: false,
    // Built files carry a hash in their names; the page itself must not be kept.
    cacheControl: false,
    logLevel: 'silent',
  });

  const page = (reply: FastifyReply): FastifyReply => {
    policy(reply);
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  };
  const policy = (reply: FastifyReply): void => {
    const { mediaOrigins } = ctx.config.http;
    void reply.header('content-security-policy', consolePolicy(originsOf([...ctx.catalogue.mediaUrls(), ...mediaOrigins])));
  };

  app.get('/', async (_request, reply) => reply.redirect('/console'));
  app.get('/console', async (_request, reply) => page(reply));
  app.get<{ Params: { '*': string } }>('/console/*', async (request, reply) => {
    const path = request.params['*'];
    // Paths without an ending are pages of the application.
    if (!path.includes('.')) return page(reply);
    policy(reply);
    const lasting = path.startsWith('assets/');
    return reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache').sendFile(path);
  });
}

/** What a browser is told where the console has not been built. */
export function consoleMissing(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain; charset=utf-8').send(MISSING);
}
