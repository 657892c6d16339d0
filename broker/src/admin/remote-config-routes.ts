/** Remote configurations of boxes over HTTP. */
import { adminPaths } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import type { AdminContext, WhoAsks } from './context.ts';

export function remoteConfigRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks): void {
  app.get(adminPaths.remoteConfigs, async (request) => {
    whoAsks(request);
    return { configs: ctx.remoteConfigs.list() };
  });

  app.post(adminPaths.remoteConfigs, async (request) => {
    const by = whoAsks(request);
    return ctx.remoteConfigs.spread(validate('ConfigSpread', request.body), by);
  });
}
