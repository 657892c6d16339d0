/** The hash chain of the ledger. One chain a writer. */
import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** What stands before the first row. */
export const GENESIS = '0'.repeat(64);

/** What is written about. `data` holds pseudonymous ids only. */
export interface LedgerEntry {
  at: number;
  /** E.g. `case.signed`, `view.started`. */
  kind: string;
  /** E.g. `case:20261123-0007`. */
  subject: string;
  data: Record<string, unknown>;
}

/** A row as stored; `event` is canonical JSON and repeats `n`, `at`, `kind`, `subject`, so that the hash covers them. */
export interface ChainedRow {
  n: number;
  at: number;
  kind: string;
  subject: string;
  event: string;
  hash: string;
}

/** The head of a chain: the last row's number and hash. */
export interface Head {
  n: number;
  hash: string;
}

/** SHA-256, hex, over the previous hash (as hex text) followed by the event's text. */
export function chainHash(previous: string, event: string): string {
  return hash('sha256', previous + event, 'hex');
}

/** The next row after `head`. */
export function chain(head: Head, entry: LedgerEntry): ChainedRow {
  const n = head.n + 1;
  const event = canonicalJson({ n, at: entry.at, kind: entry.kind, subject: entry.subject, data: entry.data });
  return { n, at: entry.at, kind: entry.kind, subject: entry.subject, event, hash: chainHash(head.hash, event) };
}
