/** Every route that runs the centre. The HTTP server and the local socket both serve this list. */
import type { FastifyInstance } from 'fastify';
import { activationRoutes } from './activation-routes.ts';
import { boxRoutes } from './box-routes.ts';
import { certificateRoutes } from './certificate-routes.ts';
import type { AdminContext, WhoAsks } from './context.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { remoteConfigRoutes } from './remote-config-routes.ts';

/** `whoAsks` lets admins in, `whoReads` everybody who may see what was refused. */
export function adminRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks, whoReads: WhoAsks): void {
  activationRoutes(app, ctx, whoAsks);
  boxRoutes(app, ctx, whoAsks);
  certificateRoutes(app, ctx, whoAsks);
  deadLetterRoutes(app, ctx, whoAsks, whoReads);
  remoteConfigRoutes(app, ctx, whoAsks);
}
