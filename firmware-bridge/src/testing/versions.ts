/** A box with versions on it, for tests: real packages, the real launcher, and a program in node's place that only says what was started. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PackFile, pack } from '../../packaging/pack.ts';
import { openPackage, type Package } from '../update/package.ts';
import type { SlotFs } from '../update/slot-fs.ts';
import { createSlots, type Slots } from '../update/slots.ts';
import { CuttingFs } from './cutting-fs.ts';
import { Signer } from './signer.ts';

export const LAUNCHER = fileURLToPath(new URL('../../packaging/launch.sh', import.meta.url));

export class VersionedBox {
  readonly root = mkdtempSync(join(tmpdir(), 'versions-'));
  readonly signer = new Signer('maker');
  /** Stands in for node: says which version was started, and ends. */
  readonly node = join(this.root, 'node');

  constructor() {
    writeFileSync(this.node, '#!/bin/sh\nfor a; do case $a in *.cjs) echo "$a" ;; esac; done\n');
    chmodSync(this.node, 0o755);
  }

  packed(version: string, more: PackFile[] = [], node = 20): Buffer {
    const files = [
      { path: 'bridge.cjs', bytes: Buffer.from(`// ${version}`) },
      { path: 'tv-app/assets/a.js', bytes: Buffer.from('1') },
    ];
    return pack([...files, ...more], { version, node }, { kid: this.signer.kid, pem: this.signer.privatePem });
  }

  package(version: string): Package {
    return openPackage(this.packed(version), { keys: [this.signer.trusted], current: undefined, node: 20 });
  }

  slots(fs: SlotFs = new CuttingFs()): Slots {
    return createSlots(this.root, fs);
  }

  /** As `install.sh` leaves it: this version is the current one. */
  async installedByHand(version: string): Promise<this> {
    await this.slots().install(this.package(version));
    rmSync(join(this.root, 'next'));
    symlinkSync(`versions/${version}`, join(this.root, 'current'));
    return this;
  }

  link(name: string): string | undefined {
    return existsSync(join(this.root, name)) ? basename(readlinkSync(join(this.root, name))) : undefined;
  }

  /** Runs the launcher until what it started has ended. The version that it started, or undefined. */
  launch(env: NodeJS.ProcessEnv = {}): string | undefined {
    const all = { PATH: this.#shims('quick', ['sync'], () => 'exit 0'), SHOUWANG_SLOTS: this.root, SHOUWANG_NODE: this.node, ...env };
    const { stdout } = spawnSync('sh', [LAUNCHER], { env: all, encoding: 'utf8' });
    return /versions\/([\d.]+)\/bridge\.cjs/.exec(stdout)?.[1];
  }

  /** A PATH whose `rm`, `mv` and `sync` kill the launcher instead of their call number `at` (from 0), as if the power went. */
  cuttingPath(at: number): string {
    const dir = join(this.root, `shims-${at}`);
    return this.#shims(`shims-${at}`, ['rm', 'mv', 'sync'], (real) =>
      [
        `n=$(cat ${dir}/n 2>/dev/null || echo 0); echo $((n + 1)) >${dir}/n`,
        `[ "$n" -ge ${at} ] && { : >${dir}/cut; kill -9 $PPID; exit 1; }`,
        real.endsWith('/sync') ? 'exit 0' : `exec ${real} "$@"`,
      ].join('\n'),
    );
  }

  /** Programs that stand before the real ones in PATH. A real `sync` waits for the whole machine's disks. */
  #shims(name: string, programs: string[], body: (real: string) => string): string {
    const dir = join(this.root, name);
    mkdirSync(dir, { recursive: true });
    for (const program of programs) {
      const real = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
      writeFileSync(join(dir, program), `#!/bin/sh\n${body(real)}\n`);
      chmodSync(join(dir, program), 0o755);
    }
    return `${dir}:${process.env.PATH}`;
  }

  wasCut(at: number): boolean {
    return existsSync(join(this.root, `shims-${at}`, 'cut'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
