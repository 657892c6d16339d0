/** Store operations about holds: while one stands on a case, its clips outlive their time. */
import { createHash } from 'node:crypto';
import { type CaseHold, CodedError } from '@shouwang/protocol';
import { loadCase } from '../cases/case-service.ts';
import { randomSalt } from '../ids.ts';
import type { Tx } from '../store/tx.ts';

export interface PlaceHold {
  holdId: string;
  caseNo: string;
  user: string;
  reason: string;
  at: number;
  until: number;
}

/** Clips whose time was over, and that no node has deleted yet, are kept again. Throws CASE_UNKNOWN. */
export async function placeHold(tx: Tx, a: PlaceHold): Promise<CaseHold> {
  await loadCase(tx, a.caseNo);
  const salt = randomSalt();
  const { holdId, caseNo, user, reason, at, until } = a;
  await tx.db
    .insertInto('clip_holds')
    .values({ hold_id: holdId, case_no: caseNo, by: user, reason, salt, at, until, ended_at: null })
    .execute();
  await tx.db
    .updateTable('clips')
    .set((eb) => ({
      wanted: 'kept' as const,
      open: eb.case().when('state', 'in', ['asked', 'recording', 'partial']).then(1).else(0).end(),
    }))
    .where('case_no', '=', caseNo)
    .where('wanted', '=', 'deleted')
    .where('state', '!=', 'deleted')
    .execute();
  await tx.ledger({
    at,
    kind: 'hold.placed',
    subject: `case:${caseNo}`,
    data: {
      hold: holdId,
      by: await tx.pseudonym('operator', user),
      until,
      // What people write may hold personal data: a salted commitment only.
      reasonSha256: createHash('sha256').update(salt).update(reason).digest('hex'),
    },
  });
  return { holdId, by: user, reason, at, until };
}

/** Ends a hold before its time; one that has ended stays as it is. Throws NOT_FOUND. */
export async function endHold(tx: Tx, a: { caseNo: string; holdId: string; user: string; at: number }): Promise<CaseHold> {
  const row = await tx.db
    .selectFrom('clip_holds')
    .selectAll()
    .where('hold_id', '=', a.holdId)
    .where('case_no', '=', a.caseNo)
    .executeTakeFirst();
  if (!row) throw new CodedError('NOT_FOUND', 'no such hold of this case');
  const endedAt = row.ended_at ?? a.at;
  if (row.ended_at === null) {
    await tx.db.updateTable('clip_holds').set({ ended_at: a.at }).where('hold_id', '=', a.holdId).execute();
    const by = await tx.pseudonym('operator', a.user);
    await tx.ledger({ at: a.at, kind: 'hold.ended', subject: `case:${a.caseNo}`, data: { hold: a.holdId, by } });
  }
  return { holdId: row.hold_id, by: row.by, reason: row.reason, at: row.at, until: row.until, endedAt };
}

/** All holds of a case, also those that are over. */
export async function readHolds(tx: Tx, a: { caseNo: string }): Promise<CaseHold[]> {
  const rows = await tx.db.selectFrom('clip_holds').selectAll().where('case_no', '=', a.caseNo).orderBy('at').execute();
  return rows.map((r) => ({
    holdId: r.hold_id,
    by: r.by,
    reason: r.reason,
    at: r.at,
    until: r.until,
    ...(r.ended_at === null ? {} : { endedAt: r.ended_at }),
  }));
}

/** When the last hold that stands at `at` expires; undefined: none stands. */
export async function holdUntil(tx: Tx, caseNo: string, at: number): Promise<number | undefined> {
  const row = await tx.db
    .selectFrom('clip_holds')
    .select('until')
    .where('case_no', '=', caseNo)
    .where('until', '>', at)
    .where('ended_at', 'is', null)
    .orderBy('until', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.until;
}
