/**
 * Checks of every payload, compiled ahead of time (`generated/checks.ts`), so that no browser needs run-time code
 * generation. `check` is the fast path; the reason for a refusal is worked out only when it is needed.
 */
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { CodedError } from './errors.ts';
import * as checks from './generated/checks.ts';
import * as registry from './registry.ts';

type Registry = typeof registry.SCHEMAS;
export type SchemaName = keyof Registry;
export type ValueOf<N extends SchemaName> = Registry[N] extends TSchema ? Static<Registry[N]> : never;

/** Whether `value` matches the named schema. */
export function isValid<N extends SchemaName>(name: N, value: unknown): value is ValueOf<N> {
  return (checks as Record<string, (v: unknown) => boolean>)[name]!(value);
}

/** Returns `value` typed, or throws BAD_PAYLOAD saying where it is wrong. */
export function validate<N extends SchemaName>(name: N, value: unknown): ValueOf<N> {
  if (isValid(name, value)) return value;
  throw new CodedError('BAD_PAYLOAD', whyInvalid(name, value));
}

/** The first thing that is wrong, as `path: reason`; the value itself is not repeated. */
export function whyInvalid(name: SchemaName, value: unknown): string {
  const error = Value.Errors(registry.SCHEMAS[name] as TSchema, value).First();
  return error ? `${error.path || '/'}: ${error.message}` : 'unknown reason';
}

/** Parses JSON and validates it. Throws BAD_JSON or BAD_PAYLOAD. */
export function parseAs<N extends SchemaName>(name: N, text: string): ValueOf<N> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CodedError('BAD_JSON');
  }
  return validate(name, value);
}
