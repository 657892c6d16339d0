/** Every route that runs the centre. The HTTP server and the local socket both serve this list. */
import type { FastifyInstance } from 'fastify';
import { boxRoutes } from './box-routes.ts';
import { certificateRoutes } from './certificate-routes.ts';
import type { AdminContext, WhoAsks } from './context.ts';

export function adminRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks): void {
  boxRoutes(app, ctx, whoAsks);
  certificateRoutes(app, ctx, whoAsks);
}
