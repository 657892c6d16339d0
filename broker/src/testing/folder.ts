/** Directories of tests, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory that is deleted when the test is over, or when `atEnd` says. */
export function aFolder(atEnd: (clean: () => void) => void = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'shouwang-broker-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
