/** The documents are tested: every link, error code, topic and message type in them exists, and the other way round. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CASE_EVENT_NAMES, ERRORS } from '@shouwang/protocol';
import { SCHEMAS } from '@shouwang/protocol/registry';
import { isValid, type SchemaName } from '@shouwang/protocol/validators';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe.each(documents)('%s', (path) => {
  const text = read(path);

  it('links only to what exists', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1] ?? '').filter((t) => !/^https?:/.test(t));
    for (const target of targets) {
      const [file = '', anchor] = target.split('#');
      const full = file ? join(dirname(path), file) : path;
      expect(existsSync(join(root, full)), `${target}`).toBe(true);
      if (anchor) expect(headings(read(full)), `${target}`).toContain(anchor);
    }
  });

  it('names only files and folders that exist', () => {
    const named = [
      ...text.matchAll(/`((?:protocol|firmware-bridge|broker|console|media-server|player|tv-app|tests|scripts|config|docs)\/[\w./-]*)`/g),
    ];
    for (const [, name = ''] of named) expect(existsSync(join(root, name)), name).toBe(true);
  });

  it('shows only payloads that are valid', () => {
    for (const [, block = ''] of text.matchAll(/```json\n([\s\S]*?)```/g)) {
      const payload = JSON.parse(block) as { type?: string };
      const name = Object.entries(SCHEMAS).find(([, s]) => '$id' in s && s.$id === payload.type)?.[0];
      expect(name, `a schema for ${payload.type}`).toBeDefined();
      expect(isValid(name as SchemaName, payload), payload.type).toBe(true);
    }
  });

  it('names only error codes of the table', () => {
    const table = /^\| `([A-Z][A-Z0-9_]{3,})` \|/gm;
    for (const [, code = ''] of text.matchAll(table)) if (!/_(BIN|LIB)$/.test(code)) expect(Object.keys(ERRORS)).toContain(code);
  });
});

it('the operations guide lists every error code as the table has it', () => {
  const rows = [...read('docs/operations.md').matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (.+) \/ (.+) \| (yes|no) \|$/gm)];
  expect(
    Object.fromEntries(rows.map(([, code, status, zh, en, retry]) => [code, { status: Number(status), zh, en, retry: retry === 'yes' }])),
  ).toEqual(ERRORS);
});

it('the integrators’ guide names every case event', () => {
  const text = read('docs/integrators/README.md');
  for (const name of CASE_EVENT_NAMES) expect(text).toContain(`\`${name}\``);
});

function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((m) =>
    (m[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}
