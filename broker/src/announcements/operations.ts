/** Store operations about announcements: replay, the published mark, catching up. */
import { sql } from 'kysely';
import type { Case } from '../cases/case.ts';
import { prepare } from '../store/prepared.ts';
import type { Announced, Tx } from '../store/tx.ts';

/** An event for the console: its announcement and the case as it is now. */
export interface FeedRow {
  seq: number;
  /** `CaseAnnounced` as JSON text. */
  payload: string;
  case: Case;
}

const MARK = 'publisher';
/** Spelled out in the query's text, or its partial index is not used. */
const CASE = sql.lit<'case'>('case');

const upsertMark = prepare<{ name: string; seq: number }>()((db, p) =>
  db
    .insertInto('marks')
    .values({ name: p('name'), seq: p('seq') })
    .onConflict((oc) => oc.column('name').doUpdateSet((eb) => ({ seq: eb.ref('excluded.seq') }))),
);

/** Remembers that everything up to `seq` was handed to MQTT. */
export async function markPublished(tx: Tx, a: { seq: number }): Promise<void> {
  await tx.run(upsertMark, { name: MARK, seq: a.seq });
}

/** How far the publisher got, and the last announcement there is. */
export async function readMarks(tx: Tx): Promise<{ published: number; last: number }> {
  const row = await tx.db.selectFrom('marks').select('seq').where('name', '=', MARK).executeTakeFirst();
  return { published: row?.seq ?? 0, last: tx.lastSeq() };
}

/** Announcements of both kinds after `after`, in order. */
export async function readAnnouncements(tx: Tx, a: { after: number; limit: number }): Promise<Announced[]> {
  return tx.db
    .selectFrom('announcements')
    .select(['seq', 'kind', 'topic', 'payload'])
    .where('seq', '>', a.after)
    .orderBy('seq')
    .limit(a.limit)
    .execute();
}

/** Case events after `after` with their cases as they are now, in order. */
export async function readFeed(tx: Tx, a: { after: number; limit: number }): Promise<FeedRow[]> {
  const rows = await tx.db
    .selectFrom('announcements')
    .innerJoin('cases', 'cases.case_no', 'announcements.case_no')
    .select(['announcements.seq', 'announcements.payload', 'cases.body'])
    .where('announcements.kind', '=', CASE)
    .where('announcements.seq', '>', a.after)
    .orderBy('announcements.seq')
    .limit(a.limit)
    .execute();
  return rows.map((r) => ({ seq: r.seq, payload: r.payload, case: JSON.parse(r.body) as Case }));
}

/** Payloads (JSON texts) of case events after `after` inside any of the areas, in order; those of silent alarms only with `silent`. */
export async function readEventsOf(tx: Tx, a: { after: number; limit: number; areas: string[]; silent: boolean }): Promise<string[]> {
  if (a.areas.length === 0) return [];
  const rows = await tx.db
    .selectFrom('announcements')
    .select('payload')
    .where('kind', '=', CASE)
    .where('seq', '>', a.after)
    .where((eb) => eb.or(a.areas.map((area) => eb('area', 'like', `${area}%`))))
    .$if(!a.silent, (q) => q.where('silent', '=', 0))
    .orderBy('seq')
    .limit(a.limit)
    .execute();
  return rows.map((r) => r.payload);
}

const KEPT_FOR_BOXES_MS = 7 * 24 * 3600 * 1000;

/** Deletes what is only of use for a while: published rows for boxes, ended log-ins. Case events stay for integrators. */
export async function prune(tx: Tx, a: { at: number }): Promise<void> {
  const { published } = await readMarks(tx);
  await tx.db
    .deleteFrom('announcements')
    .where('kind', '=', 'box')
    .where('seq', '<=', published)
    .where('at', '<', a.at - KEPT_FOR_BOXES_MS)
    .execute();
  await tx.db.deleteFrom('sessions').where('expires_at', '<', a.at).execute();
}
