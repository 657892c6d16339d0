import { Value } from '@sinclair/typebox/value';
import { describe, expect, it } from 'vitest';
import { KEY_FAMILIES, KEY_NAMES, KEY_TABLES, KeyTable } from './key-tables.ts';

describe.each(KEY_FAMILIES)('the key table %s', (family) => {
  const table = KEY_TABLES[family];

  it('has the shape that an operator’s file has, and says whose codes they are', () => {
    expect([...Value.Errors(KeyTable, table)]).toEqual([]);
    expect(table.family).toBe(family);
  });

  it('uses the common names, and has arrows, OK, back, red and all digits', () => {
    const names = Object.keys(table.keys);
    for (const name of names) expect(KEY_NAMES).toContain(name);
    for (const name of KEY_NAMES) if (name !== 'sos' && name !== 'help') expect(table.keys[name]?.length, name).toBeGreaterThan(0);
  });

  it('gives a code to one key only', () => {
    const codes = Object.values(table.keys).flat();
    expect(new Set(codes).size).toBe(codes.length);
  });
});
