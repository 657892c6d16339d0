/** Verifies a ledger: every hash, every number, every repeated column, every signed head. Reads only. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type ChainedRow, chainHash, GENESIS } from './chain.ts';
import { headIsSigned, type SignedHead } from './heads.ts';

export interface Verification {
  ok: boolean;
  rows: number;
  /** Hash of the last row. */
  head: string;
  signedHeads: number;
  /** The last row that a valid signature covers; 0: none does, and nothing shows whether the chain was written anew. */
  signedUpTo: number;
  /** What is wrong, in words; the first ten. */
  problems: string[];
}

const PROBLEMS_AT_MOST = 10;

/** The centre signs every minute; rows written over a longer time than this without a signed head mean that heads were taken away. */
const UNSIGNED_AT_MOST_MS = 10 * 60_000;

/**
 * Verifies rows (in order of `n`) against signed heads. Without a key the signatures are not checked, and count for
 * nothing. Rows cut off at the end show only against a signed head: keep heads elsewhere, too. Heads that were taken away show by the
 * rows that they should cover.
 */
export function verifyLedger(rows: Iterable<ChainedRow>, heads: SignedHead[], publicKey: KeyObject | undefined): Verification {
  const problems: string[] = [];
  const note = (text: string): void => {
    if (problems.length < PROBLEMS_AT_MOST) problems.push(text);
  };
  const headAt = new Map(heads.map((h) => [h.n, h]));
  let previous = GENESIS;
  let n = 0;
  let signedUpTo = 0;
  let lastHead = 0;
  let unsignedSince: number | undefined;
  let lastAt = 0;
  for (const row of rows) {
    if (row.n !== n + 1) note(`row ${row.n} follows row ${n}`);
    n = row.n;
    if (chainHash(previous, row.event) !== row.hash) note(`row ${n}: its hash does not fit`);
    if (!columnsAgree(row)) note(`row ${n}: its columns differ from the hashed event`);
    const head = headAt.get(n);
    lastAt = row.at;
    if (head) {
      lastHead = n;
      unsignedSince = undefined;
    } else unsignedSince ??= row.at;
    if (head && publicKey) {
      if (head.hash !== row.hash) note(`row ${n}: differs from the signed head`);
      else if (headIsSigned(publicKey, head)) signedUpTo = n;
      else note(`row ${n}: the head's signature is not valid`);
    }
    previous = row.hash;
  }
  if (unsignedSince !== undefined && lastAt - unsignedSince > UNSIGNED_AT_MOST_MS)
    note(heads.length === 0 ? 'all signed heads are missing' : `the signed heads after row ${lastHead} are missing`);
  for (const head of heads) if (head.n > n) note(`row ${head.n} was signed and is missing`);
  return { ok: problems.length === 0, rows: n, head: previous, signedHeads: heads.length, signedUpTo, problems };
}

function columnsAgree(row: ChainedRow): boolean {
  try {
    const event = JSON.parse(row.event) as Partial<ChainedRow>;
    return event.n === row.n && event.at === row.at && event.kind === row.kind && event.subject === row.subject;
  } catch {
    return false;
  }
}

/** Verifies a database file (also while the centre runs). `privateKeyFile`: the ledger key, for its public half. */
export function verifyDatabase(path: string, privateKeyFile: string | undefined): Verification {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    // One snapshot for rows and heads.
    db.exec('begin');
    const heads = db.prepare('select n, hash, at, alg, kid, signature from ledger_heads order by n').all() as unknown as SignedHead[];
    const rows = db.prepare('select n, at, kind, subject, event, hash from ledger order by n').iterate() as unknown as Iterable<ChainedRow>;
    const key = privateKeyFile === undefined ? undefined : createPublicKey(createPrivateKey(readFileSync(privateKeyFile)));
    return verifyLedger(rows, heads, key);
  } finally {
    db.close();
  }
}
