/** Versions on a box: on trial, proven, rolled back, and the power going at every step of it. The launcher is the real one. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CuttingFs } from '../testing/cutting-fs.ts';
import { VersionedBox } from '../testing/versions.ts';

let box: VersionedBox;
beforeEach(async () => {
  box = await new VersionedBox().installedByHand('1.0.0');
});
afterEach(() => box.remove());

const folders = () => readdirSync(join(box.root, 'versions')).sort();

describe('a new version', () => {
  it('is started on trial, and stays once it has reached the centre', async () => {
    await box.slots().install(box.package('1.1.0'));
    expect(box.launch()).toBe('1.1.0');
    expect(box.link('current')).toBe('1.0.0');
    expect(await box.slots().confirm('1.1.0')).toBe(true);
    expect([box.link('current'), box.link('previous'), box.link('next')]).toEqual(['1.1.0', '1.0.0', undefined]);
    expect(box.launch()).toBe('1.1.0');
    expect(await box.slots().confirm('1.1.0')).toBe(false);
  });

  it('that ends three times without having reached the centre is rolled back', async () => {
    await box.slots().install(box.package('1.1.0'));
    expect([1, 2, 3, 4, 5].map(() => box.launch())).toEqual(['1.1.0', '1.1.0', '1.1.0', '1.0.0', '1.0.0']);
    expect(box.link('rolled-back')).toBe('1.1.0');
  });

  it('that runs and does not reach the centre in time is ended and rolled back', async () => {
    await box.slots().install(box.package('1.1.0'));
    const waits = { SHOUWANG_NODE: join(import.meta.dirname, '../testing/endless.sh'), SHOUWANG_TRIAL_S: '1' };
    box.launch(waits);
    expect([box.link('next'), box.link('rolled-back')]).toEqual([undefined, '1.1.0']);
    expect(box.launch()).toBe('1.0.0');
  });

  it('whose trial is over is asked to end, not made to: an alarm may be nowhere but in its memory', async () => {
    await box.slots().install(box.package('1.1.0'));
    box.launch({ SHOUWANG_NODE: join(import.meta.dirname, '../testing/holding.sh'), SHOUWANG_TRIAL_S: '1' });
    expect(readdirSync(box.root)).toContain('asked');
    expect(box.link('rolled-back')).toBe('1.1.0');
  });

  it('whose files are gone is rolled back at once', async () => {
    await box.slots().install(box.package('1.1.0'));
    rmSync(join(box.root, 'versions/1.1.0/bridge.cjs'));
    expect(box.launch()).toBe('1.0.0');
    expect(box.link('rolled-back')).toBe('1.1.0');
  });

  it('after a roll-back may be tried again, and a newer one takes its place; what nobody needs any more goes', async () => {
    await box.slots().install(box.package('1.1.0'));
    for (let i = 0; i < 4; i++) box.launch();
    await box.slots().install(box.package('1.1.0'));
    expect(box.launch()).toBe('1.1.0');
    await box.slots().install(box.package('1.2.0'));
    expect(folders()).toEqual(['1.0.0', '1.2.0']);
    expect(box.launch()).toBe('1.2.0');
    await box.slots().confirm('1.2.0');
    await box.slots().install(box.package('1.3.0'));
    await box.slots().confirm('1.3.0');
    await box.slots().install(box.package('1.4.0'));
    expect(folders()).toEqual(['1.2.0', '1.3.0', '1.4.0']);
    expect(box.link('rolled-back')).toBe(undefined);
  });

  it('is not started where the flash cannot count its starts', async () => {
    await box.slots().install(box.package('1.1.0'));
    // A folder where the counter is written: root may write to what is read-only.
    mkdirSync(join(box.root, 'next.tries.tmp'));
    expect(box.launch()).toBe('1.0.0');
  });
});

it('a current version that is broken gives way to the one before', async () => {
  await box.slots().install(box.package('1.1.0'));
  await box.slots().confirm('1.1.0');
  rmSync(join(box.root, 'versions/1.1.0/bridge.cjs'));
  expect(box.launch()).toBe('1.0.0');
});

describe('when the power goes', () => {
  /** Every start gives a whole version; after a trial without the centre it is the old one again, and the update can be made once more. */
  async function recovers(at: number): Promise<void> {
    for (let i = 0; i < 4; i++) expect(box.launch(), `cut at ${at}, start ${i}`).toMatch(/^1\.[01]\.0$/);
    expect(box.launch(), `cut at ${at}`).toBe('1.0.0');
    await box.slots().install(box.package('1.1.0'));
    expect(box.launch(), `cut at ${at}, once more`).toBe('1.1.0');
    expect(await box.slots().confirm('1.1.0')).toBe(true);
    expect(box.launch()).toBe('1.1.0');
  }

  it('at any step of an installation, there is a version to start', { timeout: 120_000 }, async () => {
    let cuts = 0;
    for (let at = 0; ; at++) {
      box.remove();
      box = await new VersionedBox().installedByHand('1.0.0');
      const fs = new CuttingFs(at);
      const failed = await box
        .slots(fs)
        .install(box.package('1.1.0'))
        .catch(() => 'cut');
      if (failed !== 'cut') break;
      cuts++;
      await recovers(at);
    }
    expect(cuts).toBeGreaterThan(15);
  });

  it('at any step of the proof, the proven version or the trial is started, and the proof can be given again', {
    timeout: 60_000,
  }, async () => {
    let cuts = 0;
    for (let at = 0; ; at++) {
      box.remove();
      box = await new VersionedBox().installedByHand('1.0.0');
      await box.slots().install(box.package('1.1.0'));
      const failed = await box
        .slots(new CuttingFs(at))
        .confirm('1.1.0')
        .catch(() => 'cut');
      if (failed !== 'cut') break;
      cuts++;
      expect(box.launch(), `cut at ${at}`).toBe('1.1.0');
      await box.slots().confirm('1.1.0');
      expect([box.link('current'), box.link('next')]).toEqual(['1.1.0', undefined]);
      expect(box.launch()).toBe('1.1.0');
    }
    expect(cuts).toBeGreaterThan(8);
  });

  it('at any step of the launcher, the next start gives a whole version', { timeout: 120_000 }, async () => {
    let cuts = 0;
    for (let at = 0; ; at++) {
      box.remove();
      box = await new VersionedBox().installedByHand('1.0.0');
      await box.slots().install(box.package('1.1.0'));
      const PATH = box.cuttingPath(at);
      // Four starts: three that count, one that rolls back.
      for (let i = 0; i < 4 && !box.wasCut(at); i++) box.launch({ PATH });
      if (!box.wasCut(at)) break;
      cuts++;
      await recovers(at);
    }
    expect(cuts).toBeGreaterThan(6);
  });
});
