/**
 * Group commit over SQLite: a batch of operations is one transaction with a savepoint each. An operation that throws is
 * undone alone; a commit that fails fails them all. Nobody hears an answer before the commit is on disk.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { CodedError, type ErrorCode } from '@shouwang/protocol';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Policy } from '../cases/due.ts';
import { chain, GENESIS, type Head, type LedgerEntry } from '../ledger/chain.ts';
import {
  insertAnnouncement,
  insertIdentity,
  insertLedger,
  selectHead,
  selectLastSeq,
  selectMark,
  selectPseudonym,
} from './core-queries.ts';
import { migrations } from './migrations/index.ts';
import { type CompiledPrepared, compile, type Prepared } from './prepared.ts';
import { kyselyOver, StatementCache, toSql } from './sqlite/dialect.ts';
import { openDatabase } from './sqlite/open.ts';
import type { Tables } from './tables.ts';
import type { Announced, IdentityKind, NewAnnouncement, Operations, Tx } from './tx.ts';

export interface Request {
  id: number;
  name: string;
  args: unknown;
}

export type Answer =
  | { id: number; ok: true; value: unknown }
  /** `cause` is for the log only. */
  | { id: number; ok: false; code: ErrorCode; detail?: string | undefined; cause?: string | undefined };

export interface BatchResult {
  answers: Answer[];
  /** In order of `seq`. */
  announced: Announced[];
}

export interface EngineOptions {
  path: string;
  policy: Policy;
  maxPages?: number | undefined;
}

/** What moves with a transaction and goes back with it. */
interface Moving {
  head: Head;
  seq: number;
  announced: number;
}

export class Engine implements Tx {
  readonly db: Kysely<Tables>;
  readonly policy: Policy;
  readonly #database: DatabaseSync;
  readonly #statements: StatementCache;
  readonly #operations: Operations;
  // biome-ignore lint/suspicious/noExplicitAny: queries of every type
  readonly #compiled = new Map<Prepared<any, any>, CompiledPrepared>();
  readonly #pseudonyms = new Map<string, string>();
  #head: Head = { n: 0, hash: GENESIS };
  #seq = 0;
  #announced: Announced[] = [];

  private constructor(database: DatabaseSync, operations: Operations, policy: Policy) {
    this.#database = database;
    this.#statements = new StatementCache(database);
    this.#operations = operations;
    this.db = kyselyOver<Tables>(this.#statements);
    this.policy = policy;
  }

  /** Opens, migrates and reads the heads. Throws what SQLite or a migration throws. */
  static async open(operations: Operations, options: EngineOptions): Promise<Engine> {
    const database = openDatabase(options.path, options.maxPages);
    const engine = new Engine(database, operations, options.policy);
    const { error } = await new Migrator({ db: engine.db, provider: migrations }).migrateToLatest();
    if (error) throw error;
    engine.#readHeads();
    return engine;
  }

  /** Runs the requests in order in one transaction. Never throws: a failed commit is every request's answer. */
  async batch(requests: Request[]): Promise<BatchResult> {
    this.#announced = [];
    const answers: Answer[] = [];
    try {
      this.#database.exec('begin immediate');
      for (const request of requests) answers.push(await this.#one(request));
      this.#database.exec('commit');
      return { answers, announced: this.#announced };
    } catch (cause) {
      this.#undoBatch();
      const text = cause instanceof Error ? cause.message : String(cause);
      return { answers: requests.map(({ id }) => ({ id, ok: false, code: 'STORE_UNAVAILABLE', cause: text })), announced: [] };
    }
  }

  close(): void {
    this.#database.close();
  }

  get<P extends object, R>(query: Prepared<P, R>, params: P): R | undefined {
    const { sql, values } = this.#text(query);
    return this.#statements.get(sql).statement.get(...values(params as Record<string, unknown>).map(toSql)) as R | undefined;
  }

  all<P extends object, R>(query: Prepared<P, R>, params: P): R[] {
    const { sql, values } = this.#text(query);
    return this.#statements.get(sql).statement.all(...values(params as Record<string, unknown>).map(toSql)) as R[];
  }

  run<P extends object, R>(query: Prepared<P, R>, params: P): void {
    const { sql, values } = this.#text(query);
    this.#statements.get(sql).statement.run(...values(params as Record<string, unknown>).map(toSql));
  }

  ledger(entry: LedgerEntry): void {
    const row = chain(this.#head, entry);
    this.run(insertLedger, row);
    this.#head = { n: row.n, hash: row.hash };
  }

  ledgerHead(): Head {
    return this.#head;
  }

  announce(a: NewAnnouncement): void {
    const seq = this.#seq + 1;
    const payload = a.payload(seq);
    this.run(insertAnnouncement, {
      seq,
      kind: a.kind,
      topic: a.topic,
      area: a.area,
      case_no: a.caseNo,
      at: a.at,
      payload,
      silent: a.silent ? 1 : 0,
    });
    this.#seq = seq;
    this.#announced.push({ seq, kind: a.kind, topic: a.topic, payload, case: a.case });
  }

  lastSeq(): number {
    return this.#seq;
  }

  pseudonym(kind: IdentityKind, name: string): string {
    const key = `${kind}:${name}`;
    const known = this.#pseudonyms.get(key) ?? this.get(selectPseudonym, { kind, name })?.pseudonym;
    const pseudonym = known ?? `${kind}-${randomBytes(9).toString('base64url')}`;
    if (!known) this.run(insertIdentity, { kind, name, pseudonym });
    this.#pseudonyms.set(key, pseudonym);
    return pseudonym;
  }

  async #one(request: Request): Promise<Answer> {
    const { id, name, args } = request;
    const operation = Object.hasOwn(this.#operations, name) ? this.#operations[name] : undefined;
    if (!operation) return { id, ok: false, code: 'INTERNAL', cause: `no operation ${name}` };
    const before: Moving = { head: this.#head, seq: this.#seq, announced: this.#announced.length };
    this.#step('savepoint one');
    try {
      const value = await operation(this, args);
      this.#step('release one');
      return { id, ok: true, value };
    } catch (error) {
      // A full disk or an I/O error may have ended the whole transaction: then nobody's work is saved.
      if (!this.#database.isTransaction || isSqliteTrouble(error)) throw error;
      this.#step('rollback to one');
      this.#step('release one');
      this.#head = before.head;
      this.#seq = before.seq;
      this.#announced.length = before.announced;
      this.#pseudonyms.clear();
      if (error instanceof CodedError) return { id, ok: false, code: error.code, detail: error.detail };
      return { id, ok: false, code: 'INTERNAL', cause: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }

  /** A statement without values or rows, prepared once. */
  #step(sql: string): void {
    this.#statements.get(sql).statement.run();
  }

  #undoBatch(): void {
    this.#announced = [];
    this.#pseudonyms.clear();
    try {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      this.#readHeads();
    } catch {
      // The database does not even answer; the next batch says so again.
    }
  }

  #readHeads(): void {
    const head = this.get(selectHead, {});
    this.#head = head ? { n: head.n, hash: head.hash } : { n: 0, hash: GENESIS };
    // Published rows for boxes are pruned after a while: the mark remembers how far the numbers went.
    this.#seq = Math.max(this.get(selectLastSeq, {})?.seq ?? 0, this.get(selectMark, {})?.seq ?? 0);
  }

  #text<P, R>(query: Prepared<P, R>): CompiledPrepared {
    let text = this.#compiled.get(query);
    if (!text) {
      text = compile(query, this.db);
      this.#compiled.set(query, text);
    }
    return text;
  }
}

/** SQLite's primary result codes that mean the store, not the operation, is in trouble: busy, read-only, I/O, corrupt, full, cannot open, not a database. */
const TROUBLE = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

function isSqliteTrouble(error: unknown): boolean {
  const e = error as { code?: unknown; errcode?: unknown };
  return e?.code === 'ERR_SQLITE_ERROR' && typeof e.errcode === 'number' && TROUBLE.has(e.errcode & 0xff);
}
