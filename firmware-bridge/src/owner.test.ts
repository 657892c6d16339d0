import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkOwner } from './owner.ts';

it('a command of an engineer is refused for anybody but the owner of the folder, whose files the bridge could not replace', () => {
  const dir = mkdtempSync(join(tmpdir(), 'owner-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const { uid } = statSync(dir);
  checkOwner(dir, uid);
  checkOwner(join(dir, 'not-there-yet'), uid + 1);
  expect(() => checkOwner(dir, uid + 1)).toThrow(/belongs to user/);
});
