/** CloudEvents 1.0 in structured JSON: the envelope of every MQTT payload. */
import { type TSchema, Type } from '@sinclair/typebox';
import { Uuid7 } from './ids.ts';

/** Wraps a data schema in the CloudEvents envelope with a fixed `type`. Unknown attributes are refused (additive changes come with a new `type` version). */
export function cloudEvent<const T extends string, D extends TSchema>(type: T, data: D) {
  return Type.Object(
    {
      specversion: Type.Literal('1.0'),
      id: Uuid7,
      type: Type.Literal(type),
      source: Type.String({ minLength: 1, maxLength: 200 }),
      time: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$', maxLength: 40 }),
      datacontenttype: Type.Literal('application/json'),
      data,
    },
    { additionalProperties: false, $id: type },
  );
}

/** A CloudEvent of any type, as far as a dispatcher looks before it knows the type. */
export interface AnyCloudEvent {
  specversion: '1.0';
  id: string;
  type: string;
  source: string;
  time: string;
  datacontenttype: 'application/json';
  data: unknown;
}

/** Builds an envelope. `id` is the idempotency key (UUIDv7), `source` a URI reference such as `box/box-0001`. */
export function makeEvent<const T extends string, D>(type: T, source: string, id: string, time: number, data: D) {
  return {
    specversion: '1.0' as const,
    id,
    type,
    source,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json' as const,
    data,
  };
}
