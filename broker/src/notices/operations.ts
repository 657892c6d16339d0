/** Store operations about the township's notices. */
import { createHash } from 'node:crypto';
import { CodedError } from '@shouwang/protocol';
import { randomSalt } from '../ids.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import { mostForOneBox } from './standing.ts';

export type NoticeRow = Tables['notices'];
export type NewNotice = Omit<NoticeRow, 'salt' | 'withdrawn_at' | 'withdrawn_by'>;

/** Notices of the past that are shown beside those that stand. */
const PAST = 50;

/**
 * Keeps a notice. The same id with the same content is the notice that is there. Throws ID_CONFLICT, and NOTICES_FULL where more than
 * `maxStanding` would stand for a household at one time.
 */
export async function sendNotice(tx: Tx, a: { notice: NewNotice; maxStanding: number }): Promise<NoticeRow> {
  const { notice, maxStanding } = a;
  const before = await tx.db.selectFrom('notices').selectAll().where('notice_id', '=', notice.notice_id).executeTakeFirst();
  if (before) {
    const same = (['area', 'title', 'text', 'until'] as const).every((key) => before[key] === notice[key]);
    if (!same) throw new CodedError('ID_CONFLICT');
    return before;
  }
  const standing = await standingNotices(tx, { at: notice.at });
  if (mostForOneBox(standing, notice.area) >= maxStanding) throw new CodedError('NOTICES_FULL', `at most ${maxStanding} at one time`);
  const row: NoticeRow = { ...notice, salt: randomSalt(), withdrawn_at: null, withdrawn_by: null };
  await tx.db.insertInto('notices').values(row).execute();
  await tx.ledger({
    at: row.at,
    kind: 'notice.sent',
    subject: `notice:${row.notice_id}`,
    data: {
      by: await tx.pseudonym('operator', row.sent_by),
      area: row.area,
      until: row.until,
      // It may hold personal data: only a salted commitment goes into the chain.
      textSha256: createHash('sha256').update(row.salt).update(`${row.title}\n${row.text}`).digest('hex'),
    },
  });
  return row;
}

/** Ends a notice before its time. One that is over, or withdrawn already, stays as it is. Throws NOTICE_UNKNOWN. */
export async function withdrawNotice(tx: Tx, a: { id: string; user: string; at: number }): Promise<NoticeRow> {
  const row = await tx.db.selectFrom('notices').selectAll().where('notice_id', '=', a.id).executeTakeFirst();
  if (!row) throw new CodedError('NOTICE_UNKNOWN');
  if (row.withdrawn_at !== null || row.until <= a.at) return row;
  const withdrawn = { withdrawn_at: a.at, withdrawn_by: a.user };
  await tx.db.updateTable('notices').set(withdrawn).where('notice_id', '=', a.id).execute();
  await tx.ledger({
    at: a.at,
    kind: 'notice.withdrawn',
    subject: `notice:${a.id}`,
    data: { by: await tx.pseudonym('operator', a.user) },
  });
  return { ...row, ...withdrawn };
}

/** The newest first. */
export function standingNotices(tx: Tx, a: { at: number }): Promise<NoticeRow[]> {
  return tx.db
    .selectFrom('notices')
    .selectAll()
    .where('until', '>', a.at)
    .where('withdrawn_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('notice_id', 'desc')
    .execute();
}

/** All that stand and the last of the past, each the newest first. */
export async function readNotices(tx: Tx, a: { at: number }): Promise<NoticeRow[]> {
  const past = await tx.db
    .selectFrom('notices')
    .selectAll()
    .where((eb) => eb.or([eb('until', '<=', a.at), eb('withdrawn_at', 'is not', null)]))
    .orderBy('at', 'desc')
    .orderBy('notice_id', 'desc')
    .limit(PAST)
    .execute();
  return [...(await standingNotices(tx, a)), ...past];
}
