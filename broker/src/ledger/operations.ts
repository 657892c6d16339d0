/** Store operations about the ledger. */
import type { LedgerRow } from '@shouwang/protocol';
import type { Tx } from '../store/tx.ts';
import type { SignedHead } from './heads.ts';
import { signHead } from './heads.ts';

/** Rows after `after`, in order. */
export async function readLedger(tx: Tx, a: { after: number; limit: number }): Promise<LedgerRow[]> {
  return tx.db.selectFrom('ledger').selectAll().where('n', '>', a.after).orderBy('n').limit(a.limit).execute();
}

/** Signs the present head, unless it is signed already or there is none. */
export async function signLedgerHead(tx: Tx, a: { privatePem: string; at: number }): Promise<SignedHead | undefined> {
  const head = tx.ledgerHead();
  if (head.n === 0) return undefined;
  const last = await tx.db.selectFrom('ledger_heads').select('n').orderBy('n', 'desc').limit(1).executeTakeFirst();
  if (last && last.n >= head.n) return undefined;
  const signed = signHead(a.privatePem, { n: head.n, hash: head.hash, at: a.at });
  await tx.db.insertInto('ledger_heads').values(signed).execute();
  return signed;
}
