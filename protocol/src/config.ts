/**
 * Configuration: one YAML text per service, defaults built in, environment overrides.
 * Pure: text and variables in, values out. An unknown or bad key fails with its dotted path and what was expected.
 */
import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseDocument } from 'yaml';
import { CodedError } from './errors.ts';

export interface ConfigSource {
  /** How the file is named in error messages. */
  name: string;
  /** YAML; an empty text means all defaults. */
  text: string;
  /** Environment; a variable `PREFIX_HTTP_PORT` overrides `http.port` (see `envName`). */
  env?: Record<string, string | undefined>;
  /** E.g. `SHOUWANG_BROKER`. */
  envPrefix?: string;
}

// No leading zero: some read those as octal.
const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const HEX = '[0-9A-Fa-f]{1,4}';
const IPV4 = `(${BYTE}\\.){3}${BYTE}(/([1-9]|[12]\\d|3[0-2]))?`;
const IPV6 = `(?!([0-9A-Fa-f]*:){8})((${HEX}:){7}${HEX}|(${HEX}(:${HEX})*)?::(${HEX}(:${HEX})*)?)(/([1-9]\\d?|1[01]\\d|12[0-8]))?`;
/** An address or a block of addresses (RFC 4632; RFC 4291, 2.3; there without a dotted IPv4 address in it): what is let through nobody else trips over. */
export const AddressBlock = Type.String({
  pattern: `^(${IPV4}|${IPV6})$`,
  description: 'an IP address or a CIDR block such as 10.1.0.0/16',
});

/** Reads a configuration against a schema whose every key has a default (or is optional). Throws CONFIG_INVALID naming the first bad key. */
export function readConfig<S extends TObject>(schema: S, source: ConfigSource): Static<S> {
  const doc = parseDocument(source.text, { uniqueKeys: true });
  const bad = doc.errors[0];
  if (bad) throw invalid(source.name, '(file)', `valid YAML: ${bad.message.split('\n')[0]}`);
  const raw: unknown = doc.toJS() ?? {};
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw invalid(source.name, '(file)', 'a mapping of keys');
  refuseUnknown(schema, raw, '', source.name);
  if (source.env && source.envPrefix) {
    refuseUnknownVariables(schema, source.envPrefix, source.env, source.name);
    overrideFromEnv(schema, raw as Record<string, unknown>, source.envPrefix, source.env, '', source.name);
  }
  const value = Value.Default(schema, raw);
  const error = Value.Errors(schema, value).First();
  if (error) {
    const path = dotted(error.path);
    throw invalid(source.name, path, `${expectation(error.schema)}, found ${shown(error.value)}`);
  }
  return value as Static<S>;
}

/** `http.port` with prefix `SHOUWANG_BROKER` → `SHOUWANG_BROKER_HTTP_PORT`; camelCase words are separated by `_`. */
export function envName(prefix: string, path: string): string {
  return `${prefix}_${path
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\./g, '_')
    .toUpperCase()}`;
}

function overrideFromEnv(
  schema: TSchema,
  raw: Record<string, unknown>,
  prefix: string,
  env: Record<string, string | undefined>,
  at: string,
  file: string,
): void {
  for (const [key, sub] of Object.entries((schema.properties ?? {}) as Record<string, TSchema>)) {
    const path = at ? `${at}.${key}` : key;
    if (sub.type === 'object' && sub.properties) {
      raw[key] ??= {};
      const child = raw[key];
      if (typeof child === 'object' && child !== null && !Array.isArray(child))
        overrideFromEnv(sub, child as Record<string, unknown>, prefix, env, path, file);
      continue;
    }
    const name = envName(prefix, path);
    const text = env[name];
    if (text === undefined) continue;
    raw[key] = sub.type === 'string' ? text : parseScalar(text, name, file);
  }
}

function parseScalar(text: string, name: string, file: string): unknown {
  const doc = parseDocument(text);
  if (doc.errors.length > 0) throw invalid(`${file} (environment ${name})`, name, 'a YAML value');
  return doc.toJS();
}

/** A misspelt variable is a mistake like a misspelt key: whoever set it believes that it works. */
function refuseUnknownVariables(schema: TSchema, prefix: string, env: Record<string, string | undefined>, file: string): void {
  const known = new Set(leafPaths(schema).map((path) => envName(prefix, path)));
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && name.startsWith(`${prefix}_`) && !known.has(name))
      throw invalid(`${file} (environment)`, name, `one of the known variables: ${[...known].join(', ')}`);
}

function leafPaths(schema: TSchema, at = ''): string[] {
  return Object.entries((schema.properties ?? {}) as Record<string, TSchema>).flatMap(([key, sub]) => {
    const path = at ? `${at}.${key}` : key;
    return sub.type === 'object' && sub.properties ? leafPaths(sub, path) : [path];
  });
}

function refuseUnknown(schema: TSchema, value: unknown, at: string, file: string): void {
  // Filling in defaults would quietly turn a mapping into an empty list.
  if (schema.type === 'array' && value !== null && !Array.isArray(value)) throw invalid(file, at, `a list, found ${shown(value)}`);
  if (Array.isArray(value) && schema.type === 'array') {
    for (const [i, v] of value.entries()) refuseUnknown(schema.items as TSchema, v, `${at}[${i}]`, file);
    return;
  }
  if (schema.type !== 'object' || !schema.properties || typeof value !== 'object' || value === null) return;
  const known = schema.properties as Record<string, TSchema>;
  for (const [key, v] of Object.entries(value)) {
    const path = at ? `${at}.${key}` : key;
    const sub = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!sub) throw invalid(file, path, `one of the known keys: ${Object.keys(known).join(', ')}`);
    refuseUnknown(sub, v, path, file);
  }
}

function dotted(pointer: string): string {
  const path = pointer
    .split('/')
    .slice(1)
    .map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((acc, p) => (/^\d+$/.test(p) ? `${acc}[${p}]` : acc ? `${acc}.${p}` : p), '');
  return path || '(file)';
}

function expectation(schema: TSchema): string {
  const parts: string[] = [];
  if (schema.anyOf) parts.push(`one of ${(schema.anyOf as TSchema[]).map((s) => JSON.stringify(s.const ?? s.type)).join(', ')}`);
  else if (schema.const !== undefined) parts.push(JSON.stringify(schema.const));
  else parts.push(String(schema.type ?? 'another value'));
  if (schema.minimum !== undefined || schema.maximum !== undefined)
    parts.push(`from ${schema.minimum ?? '-∞'} to ${schema.maximum ?? '∞'}`);
  if (schema.minLength) parts.push(`of at least ${schema.minLength} characters`);
  if (schema.pattern) parts.push(`matching ${schema.pattern}`);
  if (schema.description) parts.push(`(${schema.description})`);
  return parts.join(' ');
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function invalid(file: string, path: string, expected: string): CodedError {
  return new CodedError('CONFIG_INVALID', `${file}: ${path}: expected ${expected}`);
}
