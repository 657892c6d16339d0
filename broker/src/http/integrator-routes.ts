/** What integrators ask for over HTTP, with their MQTT credentials by Basic authentication (RFC 7617). */
import { apiPaths, areaContains, CodedError } from '@shouwang/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IntegratorEntry } from '../enrolment/directory.ts';
import { secretMatches } from '../enrolment/secrets.ts';
import { Attempts } from './attempts.ts';
import { basicCredentials } from './basic.ts';
import { type HttpContext, queryNumber } from './context.ts';

const FAILURES_A_MINUTE = 30;

export function integratorRoutes(app: FastifyInstance, ctx: HttpContext): void {
  const attempts = new Attempts(ctx.clock, FAILURES_A_MINUTE);

  function integratorOf(request: FastifyRequest): IntegratorEntry {
    if (attempts.tooMany(request.ip)) throw new CodedError('TOO_MANY');
    const given = basicCredentials(request.headers.authorization, 'integrator');
    const entry = given && ctx.directory.integrators.get(given.name);
    if (given && entry && !entry.revoked && secretMatches(given.secret, entry.secretHash)) return entry;
    attempts.failed(request.ip);
    throw new CodedError('BAD_CREDENTIALS');
  }

  app.get(apiPaths.integratorEvents, async (request, reply) => {
    const { areas, maySeeSilent } = integratorOf(request);
    const after = queryNumber(request, 'after', 0, 0, Number.MAX_SAFE_INTEGER);
    const limit = queryNumber(request, 'limit', 200, 1, 1000);
    const payloads = await ctx.store.run('readEventsOf', { after, limit, areas, silent: maySeeSilent });
    // They are JSON already: no parsing and writing again.
    return reply.type('application/json; charset=utf-8').send(`{"events":[${payloads.join(',')}]}`);
  });

  app.get<{ Params: { caseNo: string } }>(apiPaths.integratorCase(':caseNo'), async (request) => {
    const integrator = integratorOf(request);
    if (!integrator.maySeeHouseholds) throw new CodedError('NOT_ALLOWED');
    const { caseNo } = request.params;
    const found = await ctx.store.run('readCase', { caseNo });
    if (!integrator.areas.some((area) => areaContains(area, found.case.area)) || (found.case.silent && !integrator.maySeeSilent))
      throw new CodedError('CASE_UNKNOWN');
    await ctx.store.run('recordLookup', { integrator: integrator.name, caseNo, at: ctx.clock.now() });
    return ctx.view(found.case);
  });
}
