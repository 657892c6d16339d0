/** Serves the TV page at /tv for boxes that can run no daemon. The page learns from its own first lines who serves it, and whom to ring. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpContext } from '../http/context.ts';
import { originsOf, tvPolicy } from '../http/security.ts';

/** As `tv-app/index.html` has it. */
const SERVED_BY_BRIDGE = '<meta name="shouwang-served-by" content="bridge" />';
const MISSING = '电视页面还没有构建。 The TV page is not built: npm run build -w tv-app, or set http.tvAppDir.\n';

export function tvFiles(app: FastifyInstance, ctx: HttpContext): void {
  const root = resolve(ctx.config.http.tvAppDir);

  const policy = (reply: FastifyReply): void => {
    const { mediaOrigins } = ctx.config.http;
    void reply.header('content-security-policy', tvPolicy(originsOf([...ctx.catalogue.mediaUrls(), ...mediaOrigins])));
  };
  const page = async (reply: FastifyReply): Promise<FastifyReply> => {
    policy(reply);
    const html = await readFile(join(root, 'index.html'), 'utf8').catch(() => undefined);
    if (html === undefined) return reply.code(503).type('text/plain; charset=utf-8').send(MISSING);
    const { name, phone } = ctx.config.centre;
    const mine = `<meta name="shouwang-served-by" content="centre" data-name="${escaped(name)}" data-phone="${escaped(phone)}" />`;
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html.replace(SERVED_BY_BRIDGE, () => mine));
  };

  app.get('/tv', async (_request, reply) => reply.redirect('/tv/', 308));
  app.get<{ Params: { '*': string } }>('/tv/*', async (request, reply) => {
    const path = request.params['*'];
    if (path === '' || path === 'index.html') return page(reply);
    policy(reply);
    const lasting = path.startsWith('assets/');
    // The console's static files brought `sendFile`; it takes another folder.
    return reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache').sendFile(path, root);
  });
}

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}
