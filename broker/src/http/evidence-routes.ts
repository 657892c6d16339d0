/** Clips of cases, holds on them, the keys that sign them, and what is wrong at media nodes. */
import {
  type CaseClip,
  type CaseClips,
  type ClipPurpose,
  CodedError,
  clipGrantReason,
  evidencePaths,
  type MediaFault,
} from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import type { OperatorEntry } from '../enrolment/directory.ts';
import { uuid7 } from '../ids.ts';
import { type HttpContext, personOf } from './context.ts';
import { requireUnmasking } from './unmasking.ts';

interface ClipParams {
  caseNo: string;
  clipId: string;
}

const MAY_OPEN: Record<ClipPurpose, OperatorEntry['role'][]> = {
  play: ['operator'],
  export: ['operator'],
  original: ['operator', 'auditor'],
};
/** Not whoever works on the case: keeping longer is decided by others. */
const MAY_HOLD: OperatorEntry['role'][] = ['admin', 'auditor'];
const DAY_MS = 86_400_000;
/** A hold has to be renewed after that. */
const LONGEST_HOLD_MS = 3 * 366 * DAY_MS;

export function evidenceRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.get<{ Params: { caseNo: string } }>(evidencePaths.clips(':caseNo'), async (request): Promise<CaseClips> => {
    personOf(ctx, request);
    const { caseNo } = request.params;
    const [rows, holds] = await Promise.all([ctx.store.run('readClips', { caseNo }), ctx.store.run('readHolds', { caseNo })]);
    const clips = rows.map((row): CaseClip => {
      const { parts = [], gaps = [], code, masked = false } = JSON.parse(row.body) as Partial<CaseClip>;
      const camera = ctx.catalogue.get(row.camera_id);
      return {
        clipId: row.clip_id,
        cameraId: row.camera_id,
        cameraName: camera?.name ?? row.camera_id,
        from: row.from_at,
        to: row.to_at,
        state: row.state,
        parts,
        gaps,
        code,
        askedAt: row.asked_at,
        keepUntil: row.keep_until,
        ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
        online: ctx.nodeIsOnline(row.node),
        ...(masked || camera?.masked ? { masked: true } : {}),
      };
    });
    return { clips, holds };
  });

  app.post<{ Params: ClipParams }>(evidencePaths.openClip(':caseNo', ':clipId'), async (request) => {
    const { what, unmask } = validate('ClipRequest', request.body);
    const person = personOf(ctx, request, ...(unmask ? [] : MAY_OPEN[what]));
    const { user } = person;
    const { caseNo, clipId } = request.params;
    const { node, cameraId, masked } = await ctx.store.run('readClip', { caseNo, clipId });
    const isMasked = masked || ctx.catalogue.get(cameraId)?.masked === true;
    if (unmask && !isMasked) throw new CodedError('NOT_ALLOWED', 'this clip has no masks');
    // The original is never masked; what is played and exported is, unless a right and a reason are shown.
    const asked = { user, cameraId, what, clipId, caseNo, unmask };
    const unmasking = unmask || (isMasked && what === 'original') ? await requireUnmasking(ctx, person, asked) : undefined;
    await ctx.store.run('openClip', { caseNo, clipId, user, what, unmasked: unmasking !== undefined, at: ctx.clock.now() });
    if (!ctx.nodeIsOnline(node)) throw new CodedError('CAMERA_OFFLINE', 'the media node that has the clip is offline');
    return ctx.granter.forClip(user, { id: clipId, node }, clipGrantReason(clipId, what), unmasking);
  });

  app.post<{ Params: { caseNo: string } }>(evidencePaths.holds(':caseNo'), async (request) => {
    const person = personOf(ctx, request, ...MAY_HOLD);
    const { reason, until } = validate('HoldRequest', request.body);
    const at = ctx.clock.now();
    if (until <= at || until > at + LONGEST_HOLD_MS) throw new CodedError('BAD_PAYLOAD', '/until: expected within the next three years');
    const { caseNo } = request.params;
    const hold = await ctx.store.run('placeHold', { holdId: uuid7(at), caseNo, user: person.user, reason, at, until });
    await ctx.clipDesk.holdsChanged(caseNo);
    return hold;
  });

  app.post<{ Params: { caseNo: string; holdId: string } }>(evidencePaths.endHold(':caseNo', ':holdId'), async (request) => {
    const person = personOf(ctx, request, ...MAY_HOLD);
    const { caseNo, holdId } = request.params;
    const hold = await ctx.store.run('endHold', { caseNo, holdId, user: person.user, at: ctx.clock.now() });
    await ctx.clipDesk.holdsChanged(caseNo);
    return hold;
  });

  app.get(evidencePaths.keys, async (request) => {
    personOf(ctx, request);
    return { keys: await ctx.store.run('readKeys', undefined) };
  });

  app.get(evidencePaths.mediaFaults, async (request) => {
    personOf(ctx, request);
    const rows = await ctx.store.run('readFaults', undefined);
    const told = rows.map(
      (f): MediaFault => ({
        node: f.node,
        ...(f.camera_id ? { cameraId: f.camera_id, cameraName: ctx.catalogue.get(f.camera_id)?.name } : {}),
        fault: f.fault,
        since: f.since,
        ...(f.detail === null ? {} : { detail: f.detail }),
      }),
    );
    return { faults: [...offlineNodes(ctx), ...told.filter((f) => ctx.nodeIsOnline(f.node))] };
  });
}

/** What an absent node told last says nothing of now: that it is absent does. */
function offlineNodes(ctx: HttpContext): MediaFault[] {
  const nodes = [...ctx.directory.mediaNodes.values()].filter((n) => !n.revoked && !ctx.nodeIsOnline(n.node));
  return nodes.map(({ node }) => ({ node, fault: 'node-offline', since: ctx.nodeOfflineSince(node) }));
}
