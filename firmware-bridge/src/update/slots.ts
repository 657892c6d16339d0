/**
 * The versions on a box, below one root. `launch.sh` reads the same links; what each state means is the same in both:
 *
 *   versions/<v>/   a whole version; made under another name and renamed when all of it is on flash
 *   current         link to the version that last reached the centre
 *   previous        link to the one that did before
 *   next            link to a version on trial; `next.tries` counts its starts
 *   rolled-back     link to a version whose trial failed (what it points to may be gone)
 *
 * Every change is one rename of a link, so that whenever the power goes there is a version to start.
 */
import { basename, dirname, join } from 'node:path';
import { MANIFEST, type Package } from './package.ts';
import type { SlotFs } from './slot-fs.ts';
import { VERSION } from './versions.ts';

type Link = 'current' | 'previous' | 'next' | 'rolled-back';
const INCOMING = '.incoming';
const TRIES = 'next.tries';

export interface Slots {
  /** The version that a link names; undefined where there is none. */
  version(link: Link): Promise<string | undefined>;
  /** Puts a checked package on trial: it is started at the next start. Throws what the file system throws; then nothing has changed for the launcher. */
  install(pack: Package): Promise<void>;
  /** `version` has reached the centre: where it was on trial it is the current one from now on. True when it was. */
  confirm(version: string): Promise<boolean>;
}

export function createSlots(root: string, fs: SlotFs): Slots {
  const versions = join(root, 'versions');

  async function version(link: Link): Promise<string | undefined> {
    const target = await fs.readlink(join(root, link));
    return target === undefined ? undefined : basename(target);
  }

  /** Points `link` at a version, in one step. */
  async function point(link: Link, to: string): Promise<void> {
    const temp = join(root, `${link}.tmp`);
    await fs.remove(temp);
    await fs.symlink(`versions/${to}`, temp);
    await fs.rename(temp, join(root, link));
    await fs.syncDir(root);
  }

  /** What no link needs goes: there is room for the next one. */
  async function sweep(): Promise<void> {
    const kept = new Set(await Promise.all((['current', 'previous', 'next'] as const).map(version)));
    for (const name of await fs.readdir(versions)) {
      if (name !== INCOMING && (kept.has(name) || !VERSION.test(name))) continue;
      // The manifest first: half a folder is not taken for a version.
      await fs.remove(join(versions, name, MANIFEST));
      await fs.remove(join(versions, name));
    }
  }

  async function write(pack: Package): Promise<void> {
    const executable = new Set(pack.manifest.files.filter((f) => f.executable).map((f) => f.path));
    const at = join(versions, INCOMING);
    const dirs = new Set([at]);
    for (const path of pack.files.keys()) for (let d = dirname(path); d !== '.'; d = dirname(d)) dirs.add(join(at, d));
    for (const dir of [...dirs].sort()) await fs.mkdir(dir);
    for (const [path, bytes] of pack.files) await fs.writeSynced(join(at, path), bytes, executable.has(path));
    for (const dir of dirs) await fs.syncDir(dir);
  }

  return {
    version,
    async install(pack) {
      const { version: v } = pack.manifest;
      await fs.mkdir(versions);
      // One on trial gives way to a newer one, and to itself.
      await fs.remove(join(root, 'next'));
      await fs.syncDir(root);
      await sweep();
      if ((await version('previous')) === v) await fs.remove(join(root, 'previous'));
      await fs.remove(join(versions, v));
      await write(pack);
      await fs.rename(join(versions, INCOMING), join(versions, v));
      await fs.syncDir(versions);
      await fs.remove(join(root, TRIES));
      await point('next', v);
    },
    async confirm(v) {
      if ((await version('next')) !== v) return false;
      const before = await version('current');
      if (before !== v) {
        if (before !== undefined) await point('previous', before);
        await point('current', v);
      }
      await fs.remove(join(root, 'next'));
      await fs.remove(join(root, TRIES));
      await fs.remove(join(root, 'rolled-back'));
      await fs.syncDir(root);
      return true;
    },
  };
}
