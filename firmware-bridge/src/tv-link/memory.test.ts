import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BrokenFs } from '../testing/broken-fs.ts';
import { listening } from '../testing/quiet.ts';
import { createTvMemory } from './memory.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tv-memory-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const memory = () => createTvMemory({ fs: new BrokenFs(), dir, log: listening().log, onChange: () => {} });
const SETTINGS = { type: 'huge', contrast: 'high', language: 'zh', voice: 'off' } as const;

it('what the family chose holds at once, and after a restart', async () => {
  const before = memory();
  await before.load();
  before.keep({ settings: SETTINGS });
  before.keep({ testedAt: 7 });
  expect(before.kept).toEqual({ settings: SETTINGS, testedAt: 7 });
  await before.idle();
  const after = memory();
  await after.load();
  expect(after.kept).toEqual({ settings: SETTINGS, testedAt: 7 });
});

it.each(['{', '[]', '{"v":2}'])('a file that cannot be read is as if it never was: %s', async (text) => {
  writeFileSync(join(dir, 'tv.json'), text);
  const found = memory();
  await found.load();
  expect(found.kept).toEqual({});
});
