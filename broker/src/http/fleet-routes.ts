/** The boxes' well-being: counts, lists, work orders, and a person's word about an address. */
import { CodedError, FLEET_FILTERS, type FleetFilter, fleetPaths, type HouseholdLookUp } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OperatorEntry } from '../enrolment/directory.ts';
import { boxView, markedHousehold, orderView, overview, page } from '../fleet/views.ts';
import { type HttpContext, personOf, queryNumber } from './context.ts';

const MAY_LOOK_UP: Record<HouseholdLookUp['why'], OperatorEntry['role']> = { repair: 'operator', address: 'operator', activation: 'admin' };

export function fleetRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.get(fleetPaths.fleet, async (request) => {
    personOf(ctx, request);
    const area = areaOf(request);
    return overview(ctx, area, await ctx.store.run('countOrders', undefined), ctx.clock.now());
  });

  app.get(fleetPaths.fleetBoxes, async (request) => {
    personOf(ctx, request);
    const { after = '' } = request.query as { after?: string };
    return page(ctx, {
      area: areaOf(request),
      state: choice<FleetFilter>(request, 'state', FLEET_FILTERS),
      after: String(after),
      limit: queryNumber(request, 'limit', 100, 1, 500),
    });
  });

  app.post<{ Params: { boxId: string } }>(fleetPaths.household(':boxId'), async (request) => {
    const person = personOf(ctx, request, ...new Set(Object.values(MAY_LOOK_UP)));
    const { why } = validate('HouseholdLookUp', request.body);
    if (person.role !== MAY_LOOK_UP[why]) throw new CodedError('NOT_ALLOWED');
    const box = ctx.directory.boxes.get(request.params.boxId);
    if (!box) throw new CodedError('BOX_UNKNOWN');
    const { boxId, area } = box.household;
    await ctx.store.run('recordHouseholdLookUp', { boxId, area, why, user: person.user, at: ctx.clock.now() });
    return markedHousehold(ctx, box.household);
  });

  app.post<{ Params: { boxId: string } }>(fleetPaths.confirmAddress(':boxId'), async (request) => {
    const person = personOf(ctx, request, 'operator');
    const { boxId } = request.params;
    await ctx.fleet.confirmAddress(boxId, person.user);
    const box = ctx.directory.boxes.get(boxId);
    if (!box) throw new CodedError('BOX_UNKNOWN');
    return boxView(ctx, box.household);
  });

  app.get(fleetPaths.workOrders, async (request) => {
    personOf(ctx, request);
    const limit = queryNumber(request, 'limit', 100, 1, 500);
    const found = await ctx.store.run('readOrders', {
      area: areaOf(request),
      state: choice(request, 'state', ['open', 'closed'] as const) ?? 'open',
      after: queryNumber(request, 'after', 0, 0, Number.MAX_SAFE_INTEGER),
      limit: limit + 1,
    });
    const orders = found.slice(0, limit).map((o) => orderView(ctx, o));
    return { orders, next: found.length > limit ? orders.at(-1)?.id : undefined };
  });

  app.post<{ Params: { id: string } }>(fleetPaths.workOrderNotes(':id'), async (request) => {
    const person = personOf(ctx, request, 'operator');
    const note = validate('WorkOrderNote', request.body);
    if (!/^\d{1,15}$/.test(request.params.id)) throw new CodedError('ORDER_UNKNOWN');
    const id = Number(request.params.id);
    return orderView(ctx, await ctx.store.run('noteOrder', { id, note, user: person.user, post: person.post, at: ctx.clock.now() }));
  });
}

/** An administrative code or the beginning of one; empty: everywhere. Throws BAD_PAYLOAD. */
function areaOf(request: FastifyRequest): string {
  const { area = '' } = request.query as { area?: unknown };
  if (typeof area !== 'string' || !/^\d{0,15}$/.test(area)) throw new CodedError('BAD_PAYLOAD', 'area: expected up to 15 digits');
  return area;
}

function choice<T extends string>(request: FastifyRequest, name: string, allowed: readonly T[]): T | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  if (value === undefined || value === '') return undefined;
  if (!allowed.includes(value as T)) throw new CodedError('BAD_PAYLOAD', `${name}: expected one of ${allowed.join(', ')}`);
  return value as T;
}
