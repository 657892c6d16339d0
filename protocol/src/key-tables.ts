/**
 * Which code of which kind of remote is which key. Data only, one file a family with its source: evdev and RDKShell are read on the box,
 * the browser families in the page. An operator's own remote is a file of the same shape.
 */
import { type Static, Type } from '@sinclair/typebox';
import android from './key-tables/android.json' with { type: 'json' };
import cea2014 from './key-tables/cea-2014.json' with { type: 'json' };
import coship from './key-tables/coship.json' with { type: 'json' };
import evdev from './key-tables/evdev.json' with { type: 'json' };
import hdmiCec from './key-tables/hdmi-cec.json' with { type: 'json' };
import ipanel from './key-tables/ipanel.json' with { type: 'json' };
import iptv from './key-tables/iptv.json' with { type: 'json' };
import rdkshell from './key-tables/rdkshell.json' with { type: 'json' };

/** Names that every table uses for the same key. A table may have more of its own. */
export const KEY_NAMES = [
  'up',
  'down',
  'left',
  'right',
  'ok',
  'back',
  'red',
  'green',
  'yellow',
  'blue',
  'digit0',
  'digit1',
  'digit2',
  'digit3',
  'digit4',
  'digit5',
  'digit6',
  'digit7',
  'digit8',
  'digit9',
  /** A key made for alarms. */
  'sos',
  'help',
] as const;

export const KEY_FAMILIES = ['evdev', 'rdkshell', 'hdmi-cec', 'android', 'cea-2014', 'ipanel', 'coship', 'iptv'] as const;
export type KeyFamily = (typeof KEY_FAMILIES)[number];

export const KeyName = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,29}$', description: 'a key name, e.g. red' });

/** A key table: of this folder, or an operator's. A code stands under one name only. */
export const KeyTable = Type.Object(
  {
    family: Type.Union(
      KEY_FAMILIES.map((f) => Type.Literal(f)),
      { description: 'whose codes these are' },
    ),
    source: Type.String({ minLength: 1, maxLength: 300, description: 'where the codes are from' }),
    keys: Type.Record(KeyName, Type.Array(Type.Integer({ minimum: 0, maximum: 0xffff }), { maxItems: 20 }), {
      additionalProperties: false,
      description: 'names of keys (a small letter, then letters and digits), each with its codes',
    }),
  },
  { additionalProperties: false },
);
export type KeyTable = Static<typeof KeyTable>;

export const KEY_TABLES: Readonly<Record<KeyFamily, KeyTable>> = {
  evdev: evdev as KeyTable,
  rdkshell: rdkshell as KeyTable,
  'hdmi-cec': hdmiCec as KeyTable,
  android: android as KeyTable,
  'cea-2014': cea2014 as KeyTable,
  ipanel: ipanel as KeyTable,
  coship: coship as KeyTable,
  iptv: iptv as KeyTable,
};
