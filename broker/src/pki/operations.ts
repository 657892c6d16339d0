/** Store operations about certificates. */
import { CodedError } from '@shouwang/protocol';
import { actorPseudonym } from '../cases/case-service.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';

export type CertificateRow = Tables['certificates'];

/** A box that asks more often has something wrong with it: each certificate is a row that stays. */
const ISSUED_A_DAY = 10;
const DAY_MS = 86_400_000;

export interface RecordCertificate {
  row: CertificateRow;
  /** `box`, `local` or `operator:NAME`. */
  by: string;
  /** A fresh enrolment: what the box had before is refused from now on. */
  replaces: boolean;
}

/**
 * The certificate that was made for this request before: a request that is repeated gets the same answer. Throws RATE_EXCEEDED where
 * there is none and this box may have no other today: before anything is signed, because signing keeps alarms waiting.
 */
export async function certificateFor(
  tx: Tx,
  a: { boxId: string; requestId: string; by: string; at: number },
): Promise<CertificateRow | undefined> {
  const before = await tx.db
    .selectFrom('certificates')
    .selectAll()
    .where('box_id', '=', a.boxId)
    .where('request_id', '=', a.requestId)
    .executeTakeFirst();
  if (!before) await mayHaveAnother(tx, a);
  return before;
}

async function mayHaveAnother(tx: Tx, a: { boxId: string; by: string; at: number }): Promise<void> {
  if (a.by !== 'box') return;
  const recent = await tx.db
    .selectFrom('certificates')
    .select('serial')
    .where('box_id', '=', a.boxId)
    .where('issued_at', '>', a.at - DAY_MS)
    .limit(ISSUED_A_DAY)
    .execute();
  if (recent.length === ISSUED_A_DAY) throw new CodedError('RATE_EXCEEDED', `${ISSUED_A_DAY} certificates a day`);
}

/** Puts a certificate on the record, before anybody gets it. Throws RATE_EXCEEDED. Returns the serials that it replaces. */
export async function recordCertificate(tx: Tx, { row, by, replaces }: RecordCertificate): Promise<string[]> {
  await mayHaveAnother(tx, { boxId: row.box_id, by, at: row.issued_at });
  let replaced: string[] = [];
  if (replaces) {
    const older = await tx.db
      .selectFrom('certificates')
      .select('serial')
      .where('box_id', '=', row.box_id)
      .where('revoked', '=', 0)
      .execute();
    replaced = older.map((r) => r.serial);
    await tx.db.updateTable('certificates').set({ revoked: 1 }).where('box_id', '=', row.box_id).execute();
  }
  await tx.db.insertInto('certificates').values(row).execute();
  const box = await tx.pseudonym('box', row.box_id);
  await tx.ledger({
    at: row.issued_at,
    kind: 'certificate.issued',
    subject: box,
    data: {
      by: by === 'box' ? box : await actorPseudonym(tx, by),
      serial: row.serial,
      notAfter: row.not_after,
      replaced: replaced.length,
    },
  });
  return replaced;
}

/** Notes with which certificate a box came: one that had expired (`expired`), or one that is good. */
export async function noteCertificateUse(tx: Tx, a: { boxId: string; serial: string; expired: boolean }): Promise<void> {
  await tx.db.updateTable('certificates').set({ came_expired: 0 }).where('box_id', '=', a.boxId).execute();
  if (a.expired) await tx.db.updateTable('certificates').set({ came_expired: 1 }).where('serial', '=', a.serial).execute();
}

/** Every certificate that was ever made, without its text. */
export async function readCertificates(tx: Tx): Promise<Omit<CertificateRow, 'pem' | 'request_id'>[]> {
  return tx.db
    .selectFrom('certificates')
    .select(['serial', 'box_id', 'not_before', 'not_after', 'issued_at', 'revoked', 'came_expired'])
    .execute();
}
