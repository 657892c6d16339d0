/** Reads what a power cut left on a disk, on a copy: the journal is replayed as at the next boot, then the files are taken out. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** e2fsck(8): 1 = errors corrected (a replayed journal counts), 4 and more = damage that is left. */
const DAMAGE_LEFT = 4;

export interface Platter {
  /** The folder with the disk's files. */
  files: string;
  /** What e2fsck had to mend beyond the journal, in its words; a journalling file system leaves nothing. */
  damage: string[];
}

/**
 * The disk as the next boot's file system check leaves it: `e2fsck -p`, which is what Debian's boot runs (systemd-fsck@.service). A commit
 * block of the journal that was torn by the cut is set aside there; a mount alone refuses such a disk. Throws where a person would be asked.
 */
export function checkedAtBoot(content: Buffer, dir: string): Buffer {
  const image = join(dir, 'boot.img');
  writeFileSync(image, content);
  const { status, stdout, stderr } = spawnSync('e2fsck', ['-p', image], { encoding: 'utf8' });
  const checked = readFileSync(image);
  rmSync(image);
  if (status === null || status >= DAMAGE_LEFT) throw new Error(`the boot's e2fsck -p: ${status}: ${stdout.trim()} ${stderr.trim()}`);
  return checked;
}

/** Takes every file out into `dir`. */
export function readPlatter(content: Buffer, dir: string): Platter {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const image = join(dir, 'disk.img');
  writeFileSync(image, content);
  const replay = spawnSync('e2fsck', ['-fy', '-E', 'journal_only', image], { encoding: 'utf8' });
  const check = spawnSync('e2fsck', ['-fn', image], { encoding: 'utf8' });
  const damage: string[] = [];
  for (const { status, stdout, stderr } of [replay, check])
    if (status === null || status >= DAMAGE_LEFT)
      damage.push(`e2fsck: ${status}: ${stdout.trim().slice(0, 500)} ${stderr.trim().slice(0, 200)}`);
  const files = join(dir, 'files');
  mkdirSync(files);
  const dump = spawnSync('debugfs', ['-R', `rdump / ${files}`, image], { encoding: 'utf8' });
  if (dump.status !== 0) damage.push(`debugfs: ${dump.stderr}`);
  rmSync(image);
  return { files, damage };
}
