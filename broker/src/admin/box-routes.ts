/** The registry of boxes over HTTP. */
import { type AdminBox, adminPaths, areaContains, CodedError, type EnrolmentRefused } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NO_SECRET } from '../enrolment/box-operations.ts';
import { readBoxesCsvAside } from '../enrolment/csv-worker.ts';
import type { BoxEntry } from '../enrolment/directory.ts';
import type { EnrolmentOutcome } from '../enrolment/registry.ts';
import { FirstInOrder, visitInSlices } from '../fleet/slices.ts';
import { queryNumber } from '../http/context.ts';
import type { AdminContext, WhoAsks } from './context.ts';

/** Twenty thousand lines of a county office fit twice. */
export const CSV_BYTES = 8 * 1024 * 1024;
/** A thousand boxes as JSON. */
const JSON_BYTES = 1024 * 1024;

type ById = { Params: { boxId: string } };

export function boxRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks): void {
  const view = (entry: BoxEntry): AdminBox => ({
    ...entry.household,
    revoked: entry.revoked,
    online: ctx.isOnline(entry.household.boxId),
    hasSecret: entry.secretHash !== NO_SECRET,
  });

  app.get(adminPaths.boxes, async (request) => {
    const by = whoAsks(request);
    const after = queryText(request, 'after');
    const area = queryText(request, 'area');
    const limit = queryNumber(request, 'limit', 200, 1, 1000);
    const found = new FirstInOrder<BoxEntry>(limit, (entry) => entry.household.boxId);
    await visitInSlices(ctx.directory.boxes.values(), (entry) => {
      if (entry.household.boxId > after && areaContains(area, entry.household.area)) found.add(entry);
    });
    const boxes = found.values().map(view);
    // Households are in it: who read them is on the record before they are given out.
    if (boxes.length > 0) await ctx.store.run('recordRegistryRead', { by, area, boxes: boxes.length, at: ctx.clock.now() });
    return { boxes };
  });

  app.get<ById>(adminPaths.box(':boxId'), async (request) => {
    const by = whoAsks(request);
    const entry = ctx.directory.boxes.get(request.params.boxId);
    if (!entry) throw new CodedError('NOT_FOUND', 'this box is not enrolled');
    const { boxId, area } = entry.household;
    await ctx.store.run('recordRegistryRead', { by, boxId, area, at: ctx.clock.now() });
    return view(entry);
  });

  app.post(adminPaths.boxes, { bodyLimit: JSON_BYTES }, async (request, reply) => {
    const by = whoAsks(request);
    const { boxes, partial = false, makeSecrets = false } = validate('BoxesEnrolled', request.body);
    const asked = boxes.map((value, i) => ({ line: i + 1, value }));
    return answer(reply, await ctx.registry.enrol(asked, [], { by, partial, makeSecrets }));
  });

  app.post(
    adminPaths.importBoxes,
    // Whoever may not is told before eight megabytes are read.
    { bodyLimit: CSV_BYTES, onRequest: async (request) => void whoAsks(request) },
    async (request, reply) => {
      const by = whoAsks(request);
      if (!Buffer.isBuffer(request.body)) throw new CodedError('BAD_PAYLOAD', 'expected text/csv');
      const { asked, unreadable } = await readBoxesCsvAside(request.body);
      const options = { by, partial: queryFlag(request, 'partial'), makeSecrets: queryFlag(request, 'makeSecrets') };
      return answer(reply, await ctx.registry.enrol(asked, unreadable, options));
    },
  );

  app.post<ById>(adminPaths.revokeBox(':boxId'), async (request) =>
    view(await ctx.registry.revoke(request.params.boxId, whoAsks(request))),
  );

  app.post<ById>(adminPaths.reinstateBox(':boxId'), async (request) =>
    view(await ctx.registry.reinstate(request.params.boxId, whoAsks(request))),
  );
}

/** Lets `text/csv` bodies in, as bytes: their encoding is found out later. */
export function acceptCsv(app: FastifyInstance): void {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

function answer(reply: FastifyReply, outcome: EnrolmentOutcome): FastifyReply {
  if (outcome.applied) return reply.send(outcome.done);
  const { refused } = outcome;
  const error = new CodedError('BAD_PAYLOAD', `nothing was applied: ${refused.length} bad ${refused.length === 1 ? 'entry' : 'entries'}`);
  return reply.code(error.status).send({ ...error.toBody(), refused } satisfies EnrolmentRefused);
}

function queryText(request: FastifyRequest, name: string): string {
  const text = (request.query as Record<string, unknown>)[name];
  return typeof text === 'string' ? text : '';
}

function queryFlag(request: FastifyRequest, name: string): boolean {
  const text = queryText(request, name);
  if (text !== '' && text !== '0' && text !== '1') throw new CodedError('BAD_PAYLOAD', `${name}: expected 0 or 1`);
  return text === '1';
}
