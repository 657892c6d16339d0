/** The outbox on a real file system that is full or read-only: a tiny tmpfs in a mount namespace that goes with its process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const STORY = fileURLToPath(new URL('../testing/flash-story.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'flash-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a command with a fresh 64 KiB file system on `dir`. Throws where this machine allows no mount. */
function onTinyFlash(...command: string[]): string {
  const script = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"';
  return execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script, dir, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function mayMount(): boolean {
  try {
    onTinyFlash('true');
    return true;
  } catch (error) {
    process.stderr.write(`NOT TESTED on a real file system, this machine allows no mount: ${(error as Error).message}\n`);
    return false;
  }
}

it.skipIf(!mayMount()).each(['full', 'read-only'])(
  'a %s one: the alarm is offered for sending and not claimed as stored, and is stored when there is room again',
  (story) => {
    expect(JSON.parse(onTinyFlash(process.execPath, STORY, story, dir))).toEqual({
      first: true,
      second: false,
      during: { healthy: false, offered: [true, true] },
      after: { healthy: true, files: 2 },
    });
  },
);
