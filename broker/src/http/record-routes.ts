/** The ledger, health. */
import { apiPaths, CodedError } from '@shouwang/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpContext, personOf, queryNumber } from './context.ts';

const HEALTH_WITHIN_MS = 3000;

export function recordRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.get(apiPaths.ledger, async (request) => {
    personOf(ctx, request);
    const after = queryNumber(request, 'after', 0, 0, Number.MAX_SAFE_INTEGER);
    return { rows: await ctx.store.run('readLedger', { after, limit: queryNumber(request, 'limit', 200, 1, 1000) }) };
  });

  /** Healthy means that a commit works now, not that a timer runs. */
  app.get(apiPaths.health, async () => {
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = ctx.clock.after(HEALTH_WITHIN_MS, () => reject(new CodedError('STORE_UNAVAILABLE', 'no commit in time')));
    });
    try {
      await Promise.race([ctx.store.run('ping', undefined), late]);
    } finally {
      cancel();
    }
    return { ok: true, staffed: ctx.staffing.staffed, ...ctx.status() };
  });
}
