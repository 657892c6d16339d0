/** Cameras and grants for operators; the key with which media nodes check grants. */
import { apiPaths, CodedError } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import { type HttpContext, personOf } from './context.ts';

/** As long as the case is on the board. */
const LOOKED_AT_AFTER_CLOSING_MS = 24 * 3_600_000;

export function cameraRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.get(apiPaths.cameras, async (request) => {
    personOf(ctx, request);
    return { cameras: ctx.catalogue.all() };
  });

  app.post(apiPaths.grants, async (request) => {
    const person = personOf(ctx, request, 'operator');
    const { cameraId, why } = validate('GrantRequest', request.body);
    // A look-up for a case needs that case to be open, or closed not long ago; otherwise a reason of the list.
    if ('caseNo' in why) await requireLookUp(ctx, why.caseNo);
    return ctx.granter.forOperator(person.user, cameraId, 'caseNo' in why ? `case:${why.caseNo}` : why.reason);
  });

  app.get(apiPaths.jwks, async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(ctx.signer.jwks));
}

/** Throws CASE_UNKNOWN, or CASE_STATE for a case that is over. */
export async function requireLookUp(ctx: HttpContext, caseNo: string): Promise<void> {
  const { closedAt } = (await ctx.store.run('readCase', { caseNo })).case;
  if (closedAt !== undefined && ctx.clock.now() - closedAt > LOOKED_AT_AFTER_CLOSING_MS)
    throw new CodedError('CASE_STATE', 'the case was closed more than 24 h ago');
}
