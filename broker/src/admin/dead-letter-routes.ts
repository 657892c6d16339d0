/** Dead letters over HTTP: list, inspect, replay. */
import { apiPaths, CodedError } from '@shouwang/protocol';
import type { FastifyInstance } from 'fastify';
import { queryNumber } from '../http/context.ts';
import type { AdminContext, WhoAsks } from './context.ts';

type ById = { Params: { id: string } };

/** `whoReads`: who may see the list with the beginnings of the payloads. */
export function deadLetterRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks, whoReads: WhoAsks): void {
  app.get(apiPaths.deadLetters, async (request) => {
    whoReads(request);
    const before = queryNumber(request, 'before', 0, 0, Number.MAX_SAFE_INTEGER);
    const limit = queryNumber(request, 'limit', 100, 1, 1000);
    return { deadLetters: await ctx.store.run('readDeadLetters', { before: before > 0 ? before : undefined, limit }) };
  });

  app.get<ById>(apiPaths.deadLetter(':id'), async (request) => {
    const by = whoAsks(request);
    return ctx.store.run('readDeadLetter', { id: idOf(request.params.id), by, at: ctx.clock.now() });
  });

  app.post<ById>(apiPaths.replayDeadLetter(':id'), async (request) => {
    const by = whoAsks(request);
    return ctx.replays.replay(idOf(request.params.id), by);
  });
}

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CodedError('NOT_FOUND');
  return Number(text);
}
