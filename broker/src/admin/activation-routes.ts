/** Activation codes over HTTP: for people with the role `admin`, and the command line. */
import { adminPaths, CodedError } from '@shouwang/protocol';
import type { FastifyInstance } from 'fastify';
import type { AdminContext, WhoAsks } from './context.ts';

type ById = { Params: { boxId: string } };

export function activationRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks): void {
  app.post<ById>(adminPaths.activation(':boxId'), async (request) => {
    const by = whoAsks(request);
    if (!ctx.activation) throw new CodedError('NOT_FOUND', 'boxes without a daemon are not served here: http.tvAppDir is not set');
    return ctx.activation.issue(request.params.boxId, by);
  });

  app.get<ById>(adminPaths.activation(':boxId'), async (request) => {
    whoAsks(request);
    const { boxId } = request.params;
    if (!ctx.directory.boxes.has(boxId)) throw new CodedError('NOT_FOUND', `box ${boxId} is not enrolled`);
    return ctx.store.run('readActivation', { boxId, at: ctx.clock.now() });
  });
}
