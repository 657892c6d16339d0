/**
 * Queries of the hot path: built and type-checked once with Kysely, compiled for the engine's dialect on first use, then
 * run as prepared statements with named values. No building and no compiling per call.
 */
import type { Compilable, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands for a value that comes with each call. */
class Param {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Marks the place of the value named `name` in a query under construction. */
export type ParamOf<P> = <K extends keyof P & string>(name: K) => P[K];

/** A query with values of type `P` and rows of type `R`. */
export interface Prepared<P, R> {
  build(db: Kysely<Tables>, p: ParamOf<P>): Compilable<R>;
}

/** A compiled query: its text, and for each `?` either a named value or a constant. */
export interface CompiledPrepared {
  sql: string;
  values(params: Record<string, unknown>): unknown[];
}

/** Declares a query of the hot path. */
export function prepare<P>() {
  return <R>(build: (db: Kysely<Tables>, p: ParamOf<P>) => Compilable<R>): Prepared<P, R> => ({ build });
}

/** Compiles for the dialect of `db`. */
export function compile<P, R>(prepared: Prepared<P, R>, db: Kysely<Tables>): CompiledPrepared {
  const { sql, parameters } = prepared.build(db, (name) => new Param(name) as never).compile();
  const slots = parameters.map((v) => (v instanceof Param ? { name: v.name } : { constant: v }));
  return { sql, values: (params) => slots.map((s) => ('name' in s ? params[s.name as string] : s.constant)) };
}
