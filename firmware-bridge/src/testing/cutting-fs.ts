import { writeFileSync } from 'node:fs';
import { nodeSlotFs, type SlotFs } from '../update/slot-fs.ts';

/**
 * Flash under which the power goes in the middle of step number `cutAt` (from 0): a file is half written, nothing after it happens. It
 * waits for no disk: what a cut leaves behind is decided by the steps.
 */
export class CuttingFs implements SlotFs {
  steps = 0;
  readonly #cutAt: number;

  constructor(cutAt = Number.POSITIVE_INFINITY) {
    this.#cutAt = cutAt;
  }

  #step(half?: () => void): void {
    if (this.steps++ < this.#cutAt) return;
    if (this.steps === this.#cutAt + 1) half?.();
    throw new Error('the power is gone');
  }

  readdir = nodeSlotFs.readdir;
  read = nodeSlotFs.read;
  readlink = nodeSlotFs.readlink;

  async mkdir(path: string): Promise<void> {
    this.#step();
    await nodeSlotFs.mkdir(path);
  }
  async writeSynced(path: string, bytes: Uint8Array, executable: boolean): Promise<void> {
    this.#step(() => writeFileSync(path, bytes.subarray(0, bytes.length / 2)));
    writeFileSync(path, bytes, { mode: executable ? 0o755 : 0o644 });
  }
  async symlink(target: string, path: string): Promise<void> {
    this.#step();
    await nodeSlotFs.symlink(target, path);
  }
  async rename(from: string, to: string): Promise<void> {
    this.#step();
    await nodeSlotFs.rename(from, to);
  }
  async remove(path: string): Promise<void> {
    this.#step();
    await nodeSlotFs.remove(path);
  }
  async syncDir(): Promise<void> {
    this.#step();
  }
}
