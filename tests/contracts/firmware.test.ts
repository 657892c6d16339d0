/** docs/firmware.md has the key tables as they are, and shows a remote's table that would be taken. */
import { readFileSync } from 'node:fs';
import { readBridgeConfig } from '@shouwang/firmware-bridge';
import { readConfig } from '@shouwang/protocol/config';
import { KEY_FAMILIES, KEY_NAMES, KEY_TABLES, KeyTable } from '@shouwang/protocol/key-tables';
import { expect, it } from 'vitest';

const text = readFileSync(new URL('../../docs/firmware.md', import.meta.url), 'utf8');
const cells = (row: string) =>
  row
    .split('|')
    .slice(1, -1)
    .map((c) => c.trim().replaceAll('`', ''));

it('each key table stands in the document with its codes and its source', () => {
  const head = text.split('\n').find((l) => l.startsWith('| key |')) ?? '';
  expect(cells(head).slice(1)).toEqual([...KEY_FAMILIES]);
  const rows = text
    .slice(text.indexOf(head))
    .split('\n')
    .slice(2)
    .filter((l) => l.startsWith('|'))
    .map(cells);
  expect(rows).toEqual(KEY_NAMES.map((name) => [name, ...KEY_FAMILIES.map((f) => KEY_TABLES[f].keys[name]?.join(', ') ?? '–')]));
  for (const family of KEY_FAMILIES)
    expect(
      text.split('\n').some((l) => cells(l)[0] === family && cells(l)[2] === KEY_TABLES[family].source.replaceAll('`', '')),
      family,
    ).toBe(true);
});

it('the example of a remote is valid, and the functions are the defaults', () => {
  const [table = '', config = ''] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1] ?? '');
  const own = readConfig(KeyTable, { name: 'example', text: table });
  const { functions } = readBridgeConfig(config).keys;
  for (const name of functions.sos) expect([...KEY_NAMES, ...Object.keys(own.keys)]).toContain(name);
  for (const [fn, names] of Object.entries(readBridgeConfig('').keys.functions))
    expect(text).toContain(`| \`${fn}\` | ${names.map((n) => `\`${n}\``).join(', ')} |`);
});
