/** Seeing without masks: the right to it, checked and its refusal recorded; and the grant for a live camera. */
import { apiPaths, CodedError, UNMASK_ROLES, type Unmask } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import type { OperatorEntry } from '../enrolment/directory.ts';
import type { Unmasking } from '../grants/unmask-operations.ts';
import { requireLookUp } from './camera-routes.ts';
import { type HttpContext, personOf } from './context.ts';

export function unmaskRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.post(apiPaths.unmaskedGrants, async (request) => {
    const person = personOf(ctx, request);
    const { cameraId, caseNo, unmask } = validate('UnmaskedGrantRequest', request.body);
    const asked = { user: person.user, cameraId, what: 'live', caseNo, unmask } as const;
    await requireUnmasking(ctx, person, asked);
    if (caseNo !== undefined) await requireLookUp(ctx, caseNo);
    return ctx.granter.unmasked(asked);
  });
}

/** The right by role, and a reason. Throws NOT_ALLOWED, which is on the record. */
export async function requireUnmasking(
  ctx: HttpContext,
  { role }: OperatorEntry,
  asked: Unmasking,
): Promise<Unmasking & { unmask: Unmask }> {
  const { unmask, what } = asked;
  const roles: readonly OperatorEntry['role'][] = UNMASK_ROLES[what];
  if (unmask && roles.includes(role)) return { ...asked, unmask };
  await ctx.store.run('recordUnmaskRefusal', { ...asked, code: 'NOT_ALLOWED', at: ctx.clock.now() });
  throw new CodedError('NOT_ALLOWED', unmask ? 'not without the masks' : 'not without the masks, unless a reason is given');
}
