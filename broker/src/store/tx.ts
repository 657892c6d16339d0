/** What an operation may do inside its transaction. Operations await everything, so that another engine may be asynchronous. */
import type { Kysely } from 'kysely';
import type { Case } from '../cases/case.ts';
import type { Policy } from '../cases/due.ts';
import type { LedgerEntry } from '../ledger/chain.ts';
import type { Prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Awaitable<T> = T | Promise<T>;

/** Said outside once the transaction is on disk, in order of `seq`. `payload` is JSON text. */
export interface Announced {
  seq: number;
  kind: 'case' | 'box';
  topic: string;
  payload: string;
  /** Of kind `case`: the case after this event, for the console. */
  case?: Case | undefined;
}

export interface NewAnnouncement {
  kind: 'case' | 'box';
  topic: string;
  area: string;
  caseNo: string;
  at: number;
  /** Gets the announcement's own number and returns the JSON text. */
  payload: (seq: number) => string;
  case?: Case | undefined;
  /** About a silent alarm. */
  silent?: true | undefined;
}

export type IdentityKind = Tables['identities']['kind'];

/** One operation's view of the store. Whatever it throws undoes this operation and no other. */
export interface Tx {
  /** For queries that run seldom. */
  readonly db: Kysely<Tables>;
  readonly policy: Policy;
  get<P extends object, R>(query: Prepared<P, R>, params: P): Awaitable<R | undefined>;
  all<P extends object, R>(query: Prepared<P, R>, params: P): Awaitable<R[]>;
  run<P extends object, R>(query: Prepared<P, R>, params: P): Awaitable<void>;
  /** Appends to the hash chain. */
  ledger(entry: LedgerEntry): Awaitable<void>;
  /** Head of the chain as this operation sees it. */
  ledgerHead(): { n: number; hash: string };
  announce(announcement: NewAnnouncement): Awaitable<void>;
  /** The last announcement's number as this operation sees it. */
  lastSeq(): number;
  /** The pseudonym under which somebody appears in the ledger; made when first needed. */
  pseudonym(kind: IdentityKind, name: string): Awaitable<string>;
}

/** A named piece of work. */
export type Operation<A, R> = (tx: Tx, args: A) => Awaitable<R>;
// biome-ignore lint/suspicious/noExplicitAny: a table of operations of every type
export type Operations = Record<string, Operation<any, any>>;
