/** Reads inbound payloads: JSON, envelope, schema; and what can still be read of a broken one. */
import { hash } from 'node:crypto';
import { CodedError, Uuid7 } from '@shouwang/protocol';
import { type SchemaName, type ValueOf, validate } from '@shouwang/protocol/validators';
import { canonicalJson } from '../ledger/canonical-json.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const uuid7Pattern = new RegExp(Uuid7.pattern!);

/** JSON text in UTF-8 (RFC 8259, 8.1). Throws BAD_JSON. */
export function readJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(payload));
  } catch {
    throw new CodedError('BAD_JSON');
  }
}

/** A payload of a known schema. Throws BAD_JSON, BAD_PAYLOAD. */
export function readMessage<N extends SchemaName>(name: N, payload: Uint8Array): ValueOf<N> {
  return validate(name, readJson(payload));
}

/** The ids of a message that could not be accepted, as far as they can be read. */
export function readableIds(payload: Uint8Array): { id?: string; alarmId?: string } {
  try {
    const value = readJson(payload) as { id?: unknown; data?: { alarmId?: unknown } } | null;
    return { id: asId(value?.id), alarmId: asId(value?.data?.alarmId) };
  } catch {
    return {};
  }
}

function asId(value: unknown): string | undefined {
  return typeof value === 'string' && uuid7Pattern.test(value) ? value : undefined;
}

/** SHA-256 over what a message says: its type and data, not when or how its envelope was written. */
export function contentDigest(event: { type: string; data: unknown }): string {
  return hash('sha256', canonicalJson({ type: event.type, data: event.data }), 'base64');
}
