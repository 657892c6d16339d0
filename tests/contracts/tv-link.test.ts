/** docs/tv-link.md against the code: every method, field of the state and close code is in it, and nothing else. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TvCalls } from '@shouwang/protocol';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const text = read('docs/tv-link.md');

/** What stands in backticks in the first column of the table that begins with this head. */
function firstColumn(head: string): string[] {
  const table = text.slice(text.indexOf(`| ${head} |`)).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map((m) => m[1]!))
    .sort();
}

/** The fields of an interface as the source has them: the first level of its body. */
function fields(name: string): string[] {
  const source = read('protocol/src/tv-link.ts');
  const body = source.slice(source.indexOf(`export interface ${name} {`)).split('\n}')[0] ?? '';
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map((m) => m[1]!).sort();
}

it('every method is documented', () => {
  expect(firstColumn('method')).toEqual(Object.keys(TvCalls).sort());
});

it('every parameter of a method is named', () => {
  for (const [method, schema] of Object.entries(TvCalls)) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${method}\` |`)) ?? '';
    for (const parameter of Object.keys(schema.properties)) expect(row, `${method} ${parameter}`).toContain(`\`${parameter}\``);
  }
});

it.each([
  ['TvState', 'field'],
  ['TvAlarm', 'field of `alarm`'],
])('every field of %s is documented', (name, head) => {
  expect(fields(name).length).toBeGreaterThan(5);
  expect(firstColumn(head)).toEqual(fields(name));
});

it('every close code of ours is documented', () => {
  const source = read('firmware-bridge/src/tv-link/server.ts');
  const codes = [...source.matchAll(/^(?:export )?const CLOSE_\w+ = (\d+);/gm)].map((m) => m[1]!);
  expect(codes.length).toBeGreaterThan(3);
  for (const code of codes) expect(text).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});
