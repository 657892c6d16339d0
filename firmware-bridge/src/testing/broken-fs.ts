import { type DurableFs, nodeFs } from '../outbox/durable-fs.ts';

export type Fault = 'none' | 'full' | 'read-only' | 'hangs';

/** Flash that can be broken while the test runs. Also remembers what was done, in order. */
export class BrokenFs implements DurableFs {
  fault: Fault = 'none';
  readonly done: string[] = [];
  #release: (() => void)[] = [];
  /** With `full`: this many files fit; deleting one makes room. */
  room = 0;
  /** The file whose name ends like this cannot be read; empty: all can. */
  unreadable = '';

  /** What hung goes on. */
  recovers(): void {
    this.fault = 'none';
    for (const go of this.#release.splice(0)) go();
  }

  async #write(what: string): Promise<void> {
    if (this.fault === 'read-only') throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
    if (this.fault === 'full' && what === 'writeSynced') {
      if (this.room <= 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      this.room--;
    }
    if (this.fault === 'hangs') await new Promise<void>((resolve) => this.#release.push(resolve));
    this.done.push(what);
  }

  readdir = nodeFs.readdir;
  async read(path: string): Promise<string> {
    if (this.unreadable && path.endsWith(this.unreadable)) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
    return nodeFs.read(path);
  }

  async mkdir(path: string): Promise<void> {
    await nodeFs.mkdir(path);
  }
  async writeSynced(path: string, text: string): Promise<void> {
    await this.#write('writeSynced');
    await nodeFs.writeSynced(path, text);
  }
  async rename(from: string, to: string): Promise<void> {
    await this.#write('rename');
    await nodeFs.rename(from, to);
  }
  async syncDir(path: string): Promise<void> {
    await this.#write('syncDir');
    await nodeFs.syncDir(path);
  }
  async unlink(path: string): Promise<void> {
    await this.#write('unlink');
    await nodeFs.unlink(path);
    this.room++;
  }
}
