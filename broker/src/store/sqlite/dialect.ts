/** A small Kysely dialect over `node:sqlite`: one connection, synchronous underneath, statements cached by their text. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** Beyond this many different texts the cache starts anew (lists in `in (…)` make texts of many lengths). */
const MAX_STATEMENTS = 500;

/** Prepared statements of one database by their text. */
export class StatementCache {
  readonly db: DatabaseSync;
  readonly #byText = new Map<string, { statement: StatementSync; reads: boolean }>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  /** The statement, and whether it returns rows. */
  get(sql: string): { statement: StatementSync; reads: boolean } {
    const known = this.#byText.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    const entry = { statement, reads: statement.columns().length > 0 };
    if (this.#byText.size >= MAX_STATEMENTS) this.#byText.clear();
    this.#byText.set(sql, entry);
    return entry;
  }
}

/** What SQLite stores for a value: no booleans, no undefined. */
export function toSql(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as SQLInputValue;
}

class Connection implements DatabaseConnection {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, reads } = this.#statements.get(query.sql);
    const parameters = query.parameters.map(toSql);
    if (reads) return { rows: statement.all(...parameters) as R[] };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: streaming is not offered; the interface asks for the method
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('this dialect does not stream');
  }
}

class NodeSqliteDriver implements Driver {
  readonly #connection: Connection;

  constructor(statements: StatementCache) {
    this.#connection = new Connection(statements);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  /** Whoever opened the database closes it. */
  async destroy(): Promise<void> {}
}

/** A query builder over an open database. Its owner serialises the calls: there is one connection. */
export function kyselyOver<T>(statements: StatementCache): Kysely<T> {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(statements),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<T>({ dialect });
}
