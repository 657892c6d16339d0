/**
 * A data folder on a disk of a few megabytes that a test can fill, empty, and make read-only. A tmpfs where mounts are allowed (root);
 * elsewhere the file size limit of the process that writes (prlimit(1), RLIMIT_FSIZE) and the folder's mode stand in for it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const FILLER = 'filler';
const PAGE = 4096;

export class SmallDisk {
  readonly folder: string;
  /** Whether it is a file system of its own. */
  readonly mounted: boolean;
  readonly #writer: () => number;

  /** `writer`: the process that the fallback limits. */
  constructor(folder: string, megabytes: number, writer: () => number) {
    this.folder = folder;
    this.#writer = writer;
    mkdirSync(folder, { recursive: true });
    this.mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder]).status === 0;
  }

  /** Nothing more can be written. The soft limit only: the hard one could not be raised again. */
  fills(): void {
    if (!this.mounted) return void execFileSync('prlimit', ['--pid', String(this.#writer()), '--fsize=1:']);
    const file = openSync(join(this.folder, FILLER), 'a');
    try {
      // The process under test writes at the same time: page after page, until the disk itself says no.
      for (;;) writeSync(file, Buffer.alloc(PAGE));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  hasRoomAgain(): void {
    if (this.mounted) rmSync(join(this.folder, FILLER), { force: true });
    else execFileSync('prlimit', ['--pid', String(this.#writer()), '--fsize=unlimited:']);
  }

  /** Fails while a process has a file of it open for writing: then it is to be tried again. */
  becomesReadOnly(): void {
    if (this.mounted) execFileSync('mount', ['-o', 'remount,ro', this.folder], { stdio: 'pipe' });
    else chmodSync(this.folder, 0o500);
  }

  isWritableAgain(): void {
    if (this.mounted) execFileSync('mount', ['-o', 'remount,rw', this.folder]);
    else chmodSync(this.folder, 0o700);
  }

  /** Before the folder is deleted. */
  ends(): void {
    if (this.mounted) spawnSync('umount', ['--lazy', this.folder]);
    else chmodSync(this.folder, 0o700);
  }
}
