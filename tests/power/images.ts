/** The guest's disks: `scripts/power/system.mjs` made kernel, initrd and system once; the product is bundled anew for each run. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, bundleBroker } from '../harness/bundle.ts';
import { ROOT } from '../harness/service.ts';

export interface Images {
  kernel: string;
  initrd: string;
  system: string;
  /** The product. */
  app: string;
}

const DATA_MB = 128;

/** Bundles what runs in the guests and puts it on a read-only disk. `system`: the folder that set-up made. */
export async function makeImages(system: string, dir: string, files: Record<string, string>): Promise<Images> {
  const app = join(dir, 'app');
  mkdirSync(app, { recursive: true });
  await bundleBroker(app);
  await bundle('tests/power/guest/boxes.ts', join(app, 'boxes.mjs'));
  copyFileSync(join(ROOT, 'tests/power/guest/run.sh'), join(app, 'run.sh'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(app, name), text);
  const image = join(dir, 'app.img');
  makeExt4(image, 24, ['-O', '^has_journal', '-d', app]);
  return { kernel: join(system, 'vmlinuz'), initrd: join(system, 'initrd.gz'), system: join(system, 'system.img'), app: image };
}

/** An empty data disk with a journal, as Debian's installer makes one. */
export function emptyDisk(dir: string): Buffer {
  const image = join(dir, 'empty.img');
  makeExt4(image, DATA_MB, ['-E', 'lazy_itable_init=0,lazy_journal_init=0']);
  const content = readFileSync(image);
  rmSync(image);
  return content;
}

function makeExt4(image: string, megabytes: number, options: string[]): void {
  rmSync(image, { force: true });
  execFileSync('mke2fs', ['-q', '-F', '-t', 'ext4', ...options, image, `${megabytes}M`], { stdio: ['ignore', 'ignore', 'inherit'] });
}
