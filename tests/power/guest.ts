/**
 * One computer that can lose its power: QEMU under software emulation with Debian's kernel, the product from a read-only disk,
 * and a data disk with a volatile cache. A cut is SIGKILL of QEMU: the guest's memory, and with it its page cache, is gone;
 * then the disk loses what was not flushed. Nothing of the guest gets a chance to run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Random } from '../harness/random.ts';
import { until } from '../harness/until.ts';
import type { Images } from './images.ts';
import { checkedAtBoot } from './platter.ts';
import { VolatileDisk } from './volatile-disk.ts';

/** Software emulation on a busy machine: a boot takes some 10 s, and may take minutes. */
const BOOT_MS = 900_000;
/** Nothing was written for so long: then the cut comes all the same. */
const IDLE_MS = 20_000;
/** A line of `run.sh`. */
const CACHE = 'write cache: ';

export interface GuestOptions {
  name: string;
  images: Images;
  /** A file of `/app` that the guest runs, with its arguments and variables. */
  program: string;
  env: Record<string, string>;
  /** Host port on loopback → port in the guest. */
  forwards: [host: number, guest: number][];
  dir: string;
  /** The content of the data disk at first. */
  disk: Buffer;
  memoryMb: number;
  /** Fsync does nothing inside the guest (libeatmydata): to see that losses are found. */
  withoutFsync: boolean;
  onLine(line: string): void;
}

export class Guest {
  readonly disk: VolatileDisk;
  readonly #o: GuestOptions;
  readonly #socket: string;
  readonly #log: WriteStream;
  #qemu: ChildProcess | undefined;
  #ready = false;
  /** What the guest's kernel says of the data disk's cache, once it has the disk. */
  #cache = '';

  constructor(options: GuestOptions) {
    this.#o = options;
    this.disk = new VolatileDisk(options.disk);
    this.#socket = join(options.dir, `${options.name}.nbd`);
    this.#log = createWriteStream(join(options.dir, `${options.name}.log`));
  }

  async opens(): Promise<void> {
    await this.disk.listens(this.#socket);
  }

  get running(): boolean {
    return this.#qemu !== undefined && this.#qemu.exitCode === null && this.#qemu.signalCode === null;
  }

  /** Turns it on; its boot has the data disk checked. `ready` says when the program is up. */
  powersOn(): void {
    this.disk.becomes(checkedAtBoot(this.disk.platter, this.#o.dir));
    this.#ready = false;
    this.#cache = '';
    const { images, program, env, forwards, memoryMb, withoutFsync, name } = this.#o;
    const forward = forwards.map(([host, guest]) => `,hostfwd=tcp:127.0.0.1:${host}-:${guest}`).join('');
    const variables = Object.entries({ ...env, PROGRAM: program, NO_FSYNC: withoutFsync ? '1' : '' });
    // Spaces would end a variable on the kernel's command line.
    const append = ['console=ttyS0', 'panic=-1', 'quiet', 'mitigations=off', ...variables.map(([k, v]) => `${k}=${v}`)];
    const readOnly = (id: string, file: string) => [
      ...['-blockdev', `driver=raw,node-name=${id},read-only=on,file.driver=file,file.filename=${file}`],
      ...['-device', `virtio-blk-pci,drive=${id}`],
    ];
    const qemu = spawn(
      'qemu-system-x86_64',
      [
        ...['-name', name, '-M', 'pc', '-accel', 'tcg', '-cpu', 'Nehalem', '-smp', '1', '-m', String(memoryMb)],
        ...['-nodefaults', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
        ...['-kernel', images.kernel, '-initrd', images.initrd, '-append', append.join(' ')],
        ...readOnly('system', images.system),
        ...readOnly('app', images.app),
        ...['-blockdev', `driver=nbd,node-name=data,server.type=unix,server.path=${this.#socket}`],
        ...['-device', 'virtio-blk-pci,drive=data,write-cache=on'],
        ...['-netdev', `user,id=net${forward}`, '-device', 'virtio-net-pci,netdev=net,romfile='],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#qemu = qemu;
    for (const stream of [qemu.stdout, qemu.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        const text = line.trim();
        this.#log.write(`${text}\n`);
        // What was said before the cut and read after it was said before the cut.
        if (text.includes('"msg":"ready"')) this.#ready = true;
        if (text.startsWith(CACHE)) this.#cache = text.slice(CACHE.length);
        this.#o.onLine(text);
      });
  }

  /** Resolves when the guest has its data disk. Throws when its kernel would not flush it: then no cut would prove anything. */
  async hasItsDisk(): Promise<void> {
    await this.#until('has its disk', () => this.#cache !== '');
    if (this.#cache !== 'write back') throw new Error(`the guest takes its disk for one that needs no flush: ${this.#cache}`);
  }

  /** Resolves when the program in the guest says that it is ready. Throws like `hasItsDisk`. */
  async ready(): Promise<void> {
    await this.hasItsDisk();
    await this.#until('is ready', () => this.#ready);
  }

  #until(what: string, test: () => boolean): Promise<unknown> {
    return until(
      `${this.#o.name} ${what}`,
      () => {
        // Not thrown: `until` would go on trying.
        if (test()) return 'yes';
        return this.running ? undefined : 'ended';
      },
      BOOT_MS,
    ).then((how) => {
      if (how === 'ended') throw new Error(`QEMU of ${this.#o.name} ended (see ${this.#o.dir})`);
    });
  }

  /**
   * Pulls the plug, at a random instant within 150 ms or, as often, in the middle of what is being written: between a write and
   * its flush. `disk.platter` is what is left.
   */
  async losesPowerAtWork(random: Random): Promise<void> {
    const inWrite = random.chance(0.5) ? this.disk.stopsInWrite(random.int(1, 12)) : undefined;
    const instant = new Promise((resolve) => setTimeout(resolve, inWrite ? IDLE_MS : random.int(0, 150)));
    await (inWrite ? Promise.race([inWrite, instant]) : instant);
    await this.losesPower(random);
  }

  /** Pulls the plug now. */
  async losesPower(random: Random): Promise<void> {
    await this.#ends();
    this.disk.cutPower(random);
  }

  async closes(): Promise<void> {
    await this.#ends();
    await this.disk.close();
    this.#log.end();
    rmSync(this.#socket, { force: true });
  }

  async #ends(): Promise<void> {
    const qemu = this.#qemu;
    if (!qemu) return;
    const closed = new Promise((resolve) => qemu.once('close', resolve));
    if (this.running) qemu.kill('SIGKILL');
    // `close` comes after the last line that it printed was read.
    if (qemu.stdout && !qemu.stdout.closed) await closed;
    this.#qemu = undefined;
  }
}
