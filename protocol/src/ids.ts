/** Shapes of identifiers that every package shares. */
import { Type } from '@sinclair/typebox';

/** A box: letters, digits, `-` and `_`; safe inside an MQTT topic (no `/`, `+`, `#`, `$`). */
export const BoxId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$', description: 'box identifier' });

/** A camera of the catalogue; safe inside a URL path and an MQTT topic. */
export const CameraId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$', description: 'camera identifier' });

/** A message or alarm id: UUIDv7 (RFC 9562, 5.7), made once where the message is born. It is the idempotency key. */
export const Uuid7 = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'UUIDv7, lower case',
});

/** A case number that can be read out on the telephone: the day at the centre, a dash, a running number. */
export const CaseNo = Type.String({ pattern: '^[0-9]{8}-[0-9]{4,7}$', description: 'case number, e.g. 20261123-0007' });

/** An administrative code: county 6 digits, township 9, village 12, grid 15 (GB/T 2260, GB/T 10114). */
export const AreaCode = Type.String({ pattern: '^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$', description: 'administrative code' });

/** An instant: milliseconds since 1970-01-01T00:00:00Z by the clock of whoever writes it. */
export const EpochMs = Type.Integer({ minimum: 0, maximum: 8640000000000000, description: 'ms since 1970, UTC' });

/** A short text that a person wrote; control characters other than line breaks are refused. */
export function shortText(maxLength: number, minLength = 1) {
  return Type.String({ minLength, maxLength, pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]*$' });
}

/** Whether area `outer` contains area `inner`: a code contains every code that begins with it. */
export function areaContains(outer: string, inner: string): boolean {
  return inner.startsWith(outer);
}
