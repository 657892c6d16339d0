/** Store operations about clips: what was asked for, what the nodes say, when they go. */
import { isDeepStrictEqual } from 'node:util';
import type { CaseClipState, ClipReported } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import type { Case } from '../cases/case.ts';
import { applyCommand, loadCase } from '../cases/case-service.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import { holdUntil } from './hold-operations.ts';

/** A clip as the centre wants it. */
export interface ClipRow {
  clipId: string;
  caseNo: string;
  cameraId: string;
  node: string;
  from: number;
  to: number;
  wanted: 'kept' | 'deleted';
  state: CaseClipState;
  /** A hold stands on its case until then. */
  heldUntil?: number | undefined;
}

export interface NewClip {
  clipId: string;
  cameraId: string;
  node: string;
}

export interface PlanClips {
  caseNo: string;
  from: number;
  to: number;
  clips: NewClip[];
  at: number;
  keepUntil: number;
  /** Clips that may be under way at once at one node. */
  maxOpen: number;
}

const CLIPS_OF_A_CASE = 24;
/** A wish whose range is over for longer than this takes nobody's place: its node is away. ms */
const UNDER_WAY_MS = 900_000;

/** Clips are asked for; a camera whose running clip already goes on beyond `from` gets no second one. Returns those that are new. */
export async function planClips(tx: Tx, a: PlanClips): Promise<ClipRow[]> {
  const known = await tx.db.selectFrom('clips').select(['camera_id', 'to_at']).where('case_no', '=', a.caseNo).execute();
  const open = await openAtNodes(tx, a.at);
  const fresh: ClipRow[] = [];
  let rows = known.length;
  for (const { clipId, cameraId, node } of a.clips) {
    if (rows >= CLIPS_OF_A_CASE) break;
    if (known.some((k) => k.camera_id === cameraId && k.to_at > a.from)) continue;
    const openHere = open.get(node) ?? 0;
    const full = openHere >= a.maxOpen;
    // One row says why there is none; further ones would say the same.
    if (full && rows > 0) continue;
    const body: Partial<ClipReported['data']> = full ? { code: 'RECORDER_BUSY' } : {};
    await tx.db
      .insertInto('clips')
      .values({
        clip_id: clipId,
        case_no: a.caseNo,
        camera_id: cameraId,
        node,
        from_at: a.from,
        to_at: a.to,
        asked_at: a.at,
        keep_until: a.keepUntil,
        wanted: 'kept',
        open: full ? 0 : 1,
        state: full ? 'failed' : 'asked',
        revision: 0,
        body: JSON.stringify(body),
        deleted_at: null,
      })
      .execute();
    await tx.ledger({
      at: a.at,
      kind: full ? 'clip.refused' : 'clip.asked',
      subject: `case:${a.caseNo}`,
      data: { clip: clipId, camera: cameraId, node, from: a.from, to: a.to },
    });
    rows++;
    if (full) continue;
    open.set(node, openHere + 1);
    fresh.push({ clipId, caseNo: a.caseNo, cameraId, node, from: a.from, to: a.to, wanted: 'kept', state: 'asked' });
  }
  return fresh;
}

/**
 * A node says how a clip is. An older word than the last changes nothing; that it is deleted is the last word of all, also of a node that lost
 * its disk and counts from one again. Throws CLIP_UNKNOWN for a clip that nobody asked this node for.
 */
export async function recordClip(tx: Tx, a: { node: string; report: ClipReported['data']; cameraName: string; at: number }): Promise<void> {
  const { report, node, at } = a;
  const row = await tx.db.selectFrom('clips').selectAll().where('clip_id', '=', report.clipId).where('node', '=', node).executeTakeFirst();
  if (!row || row.case_no !== report.caseNo || row.camera_id !== report.cameraId) throw new CodedError('CLIP_UNKNOWN');
  if (row.state === 'deleted' || (report.revision <= row.revision && report.state !== 'deleted')) return;
  const open = report.state === 'recording' || report.state === 'partial' || (row.wanted === 'deleted' && report.state !== 'deleted');
  await tx.db
    .updateTable('clips')
    .set({
      state: report.state,
      revision: report.revision,
      body: JSON.stringify(report),
      open: open ? 1 : 0,
      deleted_at: report.state === 'deleted' ? at : null,
    })
    .where('clip_id', '=', report.clipId)
    .execute();
  const parts = signedOf(report);
  const { parts: before = [] } = JSON.parse(row.body) as Partial<ClipReported['data']>;
  // The same state with other hashes than those that are fixed here is no small thing: it is on the record, too.
  const begun = report.state === 'recording' && before.length === 0;
  if (begun || (row.state === report.state && isDeepStrictEqual(signedOf({ parts: before }), parts))) return;
  await tx.ledger({
    at,
    kind: `clip.${report.state}`,
    subject: `case:${report.caseNo}`,
    data: {
      clip: report.clipId,
      camera: report.cameraId,
      node,
      code: report.code,
      why: report.why,
      // What the node signed is fixed here, too, from now on.
      parts,
      missing: report.gaps.length,
    },
  });
  if (report.state !== 'complete' || row.state === 'complete') return;
  const seconds = Math.round(report.parts.reduce((sum, p) => sum + p.durationMs, 0) / 1000);
  const text = `${a.cameraName}，${seconds} 秒${report.gaps.length > 0 ? '，有缺失' : ''}`;
  const command = { do: 'record', cameraId: report.cameraId, text } as const;
  await applyCommand(tx, await loadCase(tx, report.caseNo), command, { by: 'media', actor: `media:${node}` }, at);
}

function signedOf({ parts }: Pick<ClipReported['data'], 'parts'>) {
  return parts.map((p) => ({ n: p.n, file: p.fileSha256, manifest: p.manifestSha256, kid: p.kid }));
}

/** What has to be said (again): not answered yet, under way, or to be deleted. */
export async function openClips(tx: Tx, a: { nodes: string[]; at: number }): Promise<ClipRow[]> {
  if (a.nodes.length === 0) return [];
  const rows = await tx.db
    .selectFrom('clips')
    .selectAll()
    .where('open', '=', 1)
    .where('node', 'in', a.nodes)
    .orderBy('asked_at')
    .orderBy('clip_id')
    .execute();
  return withHolds(tx, rows, a.at);
}

/** Clips of a case that a node may have, for a word about a new hold. */
export async function keptClips(tx: Tx, a: { caseNo: string; at: number }): Promise<ClipRow[]> {
  const rows = await tx.db.selectFrom('clips').selectAll().where('case_no', '=', a.caseNo).where('wanted', '=', 'kept').execute();
  return withHolds(tx, rows, a.at);
}

/** Clips of a node on whose cases a hold stands, or was ended before its time: while the node was away it heard of neither. */
export async function heldClips(tx: Tx, a: { node: string; at: number }): Promise<ClipRow[]> {
  const rows = await tx.db
    .selectFrom('clips')
    .selectAll()
    .where('node', '=', a.node)
    .where('wanted', '=', 'kept')
    .where('state', '!=', 'deleted')
    // Those that are open are said anyway.
    .where('open', '=', 0)
    .where('case_no', 'in', (eb) => eb.selectFrom('clip_holds').select('case_no').where('until', '>', a.at))
    .execute();
  return withHolds(tx, rows, a.at);
}

/** Cases that came since then and have no clip: the centre died in between, or no camera was there. */
export async function casesWithoutClips(tx: Tx, a: { since: number; limit: number }): Promise<Case[]> {
  const rows = await tx.db
    .selectFrom('cases')
    .select('body')
    .where('received_at', '>=', a.since)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('clips').select('clip_id').whereRef('clips.case_no', '=', 'cases.case_no'))))
    .orderBy('received_at')
    .limit(a.limit)
    .execute();
  return rows.map((r) => JSON.parse(r.body) as Case);
}

const EXPIRED_AT_ONCE = 200;

/** Marks what has been kept long enough and is not held. Returns what its nodes have to delete. */
export async function expireClips(tx: Tx, a: { at: number }): Promise<ClipRow[]> {
  const rows = await tx.db
    .selectFrom('clips')
    .selectAll()
    .where('wanted', '=', 'kept')
    .where('keep_until', '<=', a.at)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('clip_holds')
            .select('hold_id')
            .whereRef('clip_holds.case_no', '=', 'clips.case_no')
            .where('until', '>', a.at)
            .where('ended_at', 'is', null),
        ),
      ),
    )
    .limit(EXPIRED_AT_ONCE)
    .execute();
  const going: ClipRow[] = [];
  for (const row of rows) {
    const gone = row.state === 'deleted';
    await tx.db
      .updateTable('clips')
      .set({ wanted: 'deleted', open: gone ? 0 : 1 })
      .where('clip_id', '=', row.clip_id)
      .execute();
    if (!gone) going.push(rowOf({ ...row, wanted: 'deleted' }));
  }
  return going;
}

/** Everything about a case's clips, in the order in which they were asked for. */
export async function readClips(tx: Tx, a: { caseNo: string }): Promise<Tables['clips'][]> {
  await loadCase(tx, a.caseNo);
  return tx.db.selectFrom('clips').selectAll().where('case_no', '=', a.caseNo).orderBy('asked_at').orderBy('clip_id').execute();
}

/** A clip that may be opened, if it may. Throws CLIP_UNKNOWN, CLIP_NOT_READY. */
export async function readClip(
  tx: Tx,
  a: { caseNo: string; clipId: string },
): Promise<{ node: string; cameraId: string; masked: boolean }> {
  const row = await tx.db
    .selectFrom('clips')
    .selectAll()
    .where('clip_id', '=', a.clipId)
    .where('case_no', '=', a.caseNo)
    .executeTakeFirst();
  if (!row || row.state === 'deleted') throw new CodedError('CLIP_UNKNOWN');
  if (row.state !== 'complete' && row.state !== 'partial') throw new CodedError('CLIP_NOT_READY');
  const { masked = false } = JSON.parse(row.body) as Partial<ClipReported['data']>;
  return { node: row.node, cameraId: row.camera_id, masked };
}

/** Somebody opens a clip: on the record before it is handed out. Throws as `readClip`. */
export async function openClip(
  tx: Tx,
  a: { caseNo: string; clipId: string; user: string; what: string; unmasked: boolean; at: number },
): Promise<void> {
  const { cameraId } = await readClip(tx, a);
  const by = await tx.pseudonym('operator', a.user);
  await tx.ledger({
    at: a.at,
    kind: 'clip.opened',
    subject: `case:${a.caseNo}`,
    data: { clip: a.clipId, camera: cameraId, by, what: a.what, ...(a.unmasked ? { unmasked: true } : {}) },
  });
}

/** How many clips are under way, by node: what is only to be deleted is not. */
async function openAtNodes(tx: Tx, at: number): Promise<Map<string, number>> {
  const rows = await tx.db
    .selectFrom('clips')
    .select(['node', (eb) => eb.fn.countAll<number>().as('open')])
    .where('open', '=', 1)
    .where('wanted', '=', 'kept')
    .where('to_at', '>', at - UNDER_WAY_MS)
    .groupBy('node')
    .execute();
  return new Map(rows.map((r) => [r.node, Number(r.open)]));
}

async function withHolds(tx: Tx, rows: Tables['clips'][], at: number): Promise<ClipRow[]> {
  const held = new Map<string, number | undefined>();
  for (const caseNo of new Set(rows.map((r) => r.case_no))) held.set(caseNo, await holdUntil(tx, caseNo, at));
  return rows.map((row) => ({ ...rowOf(row), heldUntil: held.get(row.case_no) }));
}

function rowOf(row: Tables['clips']): ClipRow {
  const { clip_id, case_no, camera_id, node, from_at, to_at, wanted, state } = row;
  return { clipId: clip_id, caseNo: case_no, cameraId: camera_id, node, from: from_at, to: to_at, wanted, state };
}
