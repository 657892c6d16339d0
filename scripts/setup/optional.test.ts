import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SetUpFailure } from './failure.mjs';
import { optionalStep } from './optional.mjs';

let folder: string;
let there: boolean;
let asked: number;
let at: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shouwang-optional-'));
  [there, asked, at] = [false, 0, Date.now()];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function step(install: () => Promise<void>) {
  const counted = () => {
    asked++;
    return install();
  };
  return optionalStep({ name: 'a thing', pack: 'thing', purpose: 'comfort', found: () => there, folder, now: () => at, install: counted });
}

const none = () => Promise.reject(new SetUpFailure('apt-get install', 'no network', ['sudo apt-get install thing']));
const works = (what: ReturnType<typeof step>) => what.work(() => {});

it('is installed where it is missing, and then not needed', async () => {
  const thing = step(async () => {
    there = true;
  });
  expect(await thing.needed()).toBe('none found');
  expect([await works(thing), await thing.needed()]).toEqual(['installed by apt', undefined]);
});

it('that cannot be had stops nothing, says what to type, and is asked for again a day later', async () => {
  const thing = step(none);
  expect(await works(thing)).toBe('going on without; for comfort type: sudo apt-get install thing');
  expect(await thing.needed()).toBeUndefined();
  at += 25 * 3600_000;
  expect(await thing.needed()).toBe('none found');
});

it('that is of no use here, though installed, is not installed at each start', async () => {
  const thing = step(async () => {});
  expect([await works(thing), await thing.needed(), asked]).toEqual(['going on without', undefined, 1]);
});
