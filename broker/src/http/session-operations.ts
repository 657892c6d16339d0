/** Store operations about log-ins and look-ups of people. */
import type { Tx } from '../store/tx.ts';

export interface SessionRow {
  /** SHA-256 of the cookie's token, hex. */
  tokenHash: string;
  user: string;
  createdAt: number;
  expiresAt: number;
}

/** Stores a log-in. */
export async function openSession(tx: Tx, s: SessionRow): Promise<void> {
  await tx.db
    .insertInto('sessions')
    .values({ token_hash: s.tokenHash, user: s.user, created_at: s.createdAt, expires_at: s.expiresAt })
    .execute();
  await tx.ledger({ at: s.createdAt, kind: 'operator.login', subject: await tx.pseudonym('operator', s.user), data: {} });
}

/** Ends a log-in; unknown ones are fine. */
export async function endSession(tx: Tx, a: { tokenHash: string; at: number }): Promise<void> {
  const row = await tx.db.deleteFrom('sessions').where('token_hash', '=', a.tokenHash).returning('user').executeTakeFirst();
  if (row) await tx.ledger({ at: a.at, kind: 'operator.logout', subject: await tx.pseudonym('operator', row.user), data: {} });
}

/** The log-ins that are still good. */
export async function readSessions(tx: Tx, a: { at: number }): Promise<SessionRow[]> {
  const rows = await tx.db.selectFrom('sessions').selectAll().where('expires_at', '>', a.at).execute();
  return rows.map((r) => ({ tokenHash: r.token_hash, user: r.user, createdAt: r.created_at, expiresAt: r.expires_at }));
}

/** An integrator looked a household up. */
export async function recordLookup(tx: Tx, a: { integrator: string; caseNo: string; at: number }): Promise<void> {
  await tx.ledger({
    at: a.at,
    kind: 'household.looked-up',
    subject: `case:${a.caseNo}`,
    data: { by: await tx.pseudonym('integrator', a.integrator) },
  });
}
