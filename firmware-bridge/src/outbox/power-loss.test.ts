import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { quiet } from '../testing/quiet.ts';
import { nodeFs } from './durable-fs.ts';
import { createOutbox } from './outbox.ts';

const WRITER = fileURLToPath(new URL('../testing/outbox-writer.ts', import.meta.url));
const KILLS = 20;

/** Runs the writer until it has accepted `count` more alarms, then kills it at once. Returns the ids accepted. */
function killAfter(dir: string, count: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.split('\n').length > count) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve(text.split('\n').slice(0, -1)));
  });
}

it(`${KILLS} SIGKILLs in the middle of writing: everything accepted is there, nothing is corrupt`, { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'outbox-kill-'));
  const accepted: string[] = [];
  for (let i = 0; i < KILLS; i++) accepted.push(...(await killAfter(dir, 1 + ((i * 7) % 13))));

  const outbox = createOutbox({
    fs: nodeFs,
    dir,
    clock: systemClock,
    log: quiet,
    maxEntries: 100_000,
    storeTimeoutMs: 60_000,
    onStored: () => {},
    onHealth: () => {},
    onEvicted: () => {},
  });
  await outbox.open();
  const there = new Set(outbox.entries().map((e) => e.event.id));
  expect(accepted.length).toBeGreaterThan(KILLS);
  expect(accepted.filter((id) => !there.has(id))).toEqual([]);
  expect(readdirSync(join(dir, 'corrupt'))).toEqual([]);
  expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  for (const id of accepted) expect(JSON.parse(readFileSync(join(dir, `${id}.json`), 'utf8')).event.id).toBe(id);
  rmSync(dir, { recursive: true, force: true });
});
