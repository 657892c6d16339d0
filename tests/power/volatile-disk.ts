/**
 * A disk with a volatile write cache, as an NBD server (the NetworkBlockDevice protocol document, "fixed newstyle"). What the guest
 * wrote is certain only after FLUSH, or with FUA; `cutPower` decides for each 512-byte sector written since then whether
 * it got to the platter, so that unflushed writes are lost, torn and out of order, as on a real disk.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Random } from '../harness/random.ts';
import { ByteReader } from './byte-reader.ts';

const SECTOR = 512;
const MAGIC = { server: 'NBDMAGIC', option: 'IHAVEOPT', reply: 0x3e889045565a9n, request: 0x25609513, simpleReply: 0x67446698 } as const;
const HANDSHAKE_FLAGS = 0b11; // NBD_FLAG_FIXED_NEWSTYLE, NBD_FLAG_NO_ZEROES
const EXPORT_FLAGS = 0b1101; // NBD_FLAG_HAS_FLAGS, NBD_FLAG_SEND_FLUSH, NBD_FLAG_SEND_FUA
const OPT = { abort: 2, info: 6, go: 7 } as const;
const REP = { ack: 1, info: 3, unsupported: 0x80000001 } as const;
const CMD = { read: 0, write: 1, disconnect: 2, flush: 3 } as const;
const CMD_FLAG_FUA = 1;
const EINVAL = 22;

export interface DiskCounts {
  writes: number;
  flushes: number;
  /** Sectors that were in the cache at a cut, and those of them that were lost. */
  unflushed: number;
  lost: number;
}

export class VolatileDisk {
  readonly counts: DiskCounts = { writes: 0, flushes: 0, unflushed: 0, lost: 0 };
  /** What is certain. */
  readonly #platter: Buffer;
  /** What a reader sees: the platter and the cache. */
  readonly #seen: Buffer;
  /** Sectors written since the last flush, by number, with every version that the cache held. */
  readonly #cache = new Map<number, Buffer[]>();
  #server: Server | undefined;
  /** After so many writes the disk answers nothing more. */
  #stop: { left: number; stopped: () => void } | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(content: Buffer) {
    this.#platter = content;
    this.#seen = Buffer.from(content);
  }

  /** Serves the disk on a Unix socket. */
  async listens(path: string): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#serve(socket).catch(() => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    this.#server = server;
  }

  /**
   * The power is gone: nothing that is still on its way to the disk counts, and each unflushed sector survives with a
   * probability chosen for this cut (never, sometimes, or always).
   */
  cutPower(random: Random): void {
    for (const socket of this.#sockets) socket.destroy();
    const survives = random.pick([0, 0, 0.25, 0.5, 0.75, 1]);
    for (const [sector, versions] of this.#cache) {
      this.counts.unflushed++;
      if (random.chance(survives)) random.pick(versions).copy(this.#platter, sector * SECTOR);
      else this.counts.lost++;
    }
    this.#cache.clear();
    this.#stop = undefined;
    this.#platter.copy(this.#seen);
  }

  /** Other content, of the same size, while nobody is connected. */
  becomes(content: Buffer): void {
    content.copy(this.#platter);
    content.copy(this.#seen);
  }

  /** Resolves when the `nth` write from now is in the cache; nothing is answered any more after that, until the power is cut. */
  stopsInWrite(nth: number): Promise<void> {
    return new Promise((resolve) => {
      this.#stop = { left: nth, stopped: resolve };
    });
  }

  /** What is certain, to be read only. */
  get platter(): Buffer {
    return this.#platter;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
  }

  async #serve(socket: Socket): Promise<void> {
    const reader = new ByteReader(socket);
    socket.write(Buffer.concat([Buffer.from(MAGIC.server + MAGIC.option), u16(HANDSHAKE_FLAGS)]));
    await reader.take(4);
    if (!(await this.#negotiates(reader, socket))) return void socket.end();
    while (await this.#answers(reader, socket));
    socket.end();
  }

  /** Options until one of them starts the transmission. */
  async #negotiates(reader: ByteReader, socket: Socket): Promise<boolean> {
    for (;;) {
      const head = await reader.take(16);
      const option = head.readUInt32BE(8);
      await reader.take(head.readUInt32BE(12));
      const reply = (type: number, data = Buffer.alloc(0)) =>
        socket.write(Buffer.concat([u64(MAGIC.reply), u32(option), u32(type), u32(data.length), data]));
      if (option === OPT.go || option === OPT.info) {
        // NBD_INFO_EXPORT
        reply(REP.info, Buffer.concat([u16(0), u64(BigInt(this.#seen.length)), u16(EXPORT_FLAGS)]));
        reply(REP.ack);
        if (option === OPT.go) return true;
      } else if (option === OPT.abort) {
        reply(REP.ack);
        return false;
      } else reply(REP.unsupported);
    }
  }

  /** One request. False: the client leaves. */
  async #answers(reader: ByteReader, socket: Socket): Promise<boolean> {
    const head = await reader.take(28);
    if (head.readUInt32BE(0) !== MAGIC.request) return false;
    const flags = head.readUInt16BE(4);
    const type = head.readUInt16BE(6);
    const cookie = head.subarray(8, 16);
    const offset = Number(head.readBigUInt64BE(16));
    const length = head.readUInt32BE(24);
    if (type === CMD.disconnect) return false;
    // Taken out of the stream whole before anything is done: half a request is none.
    const data = type === CMD.write ? Buffer.from(await reader.take(length)) : undefined;
    if (socket.destroyed) return false;
    const outside = offset + length > this.#seen.length;
    const known = type === CMD.read || type === CMD.write || type === CMD.flush;
    if (!known || outside) {
      socket.write(Buffer.concat([u32(MAGIC.simpleReply), u32(EINVAL), cookie]));
      return true;
    }
    if (data) this.#write(offset, data, (flags & CMD_FLAG_FUA) !== 0);
    if (data && this.#stop && --this.#stop.left <= 0) {
      this.#stop.stopped();
      await new Promise((resolve) => socket.once('close', resolve));
      return false;
    }
    if (type === CMD.flush) this.#flush();
    const ok = Buffer.concat([u32(MAGIC.simpleReply), u32(0), cookie]);
    socket.write(type === CMD.read ? Buffer.concat([ok, this.#seen.subarray(offset, offset + length)]) : ok);
    return true;
  }

  #write(offset: number, data: Buffer, certain: boolean): void {
    this.counts.writes++;
    data.copy(this.#seen, offset);
    if (certain) data.copy(this.#platter, offset);
    for (let at = 0; at < data.length; at += SECTOR) {
      const sector = (offset + at) / SECTOR;
      if (certain) this.#cache.delete(sector);
      else this.#remember(sector, data.subarray(at, at + SECTOR));
    }
  }

  #flush(): void {
    this.counts.flushes++;
    for (const [sector, versions] of this.#cache) versions.at(-1)!.copy(this.#platter, sector * SECTOR);
    this.#cache.clear();
  }

  #remember(sector: number, data: Buffer): void {
    const versions = this.#cache.get(sector);
    if (versions) versions.push(data);
    else this.#cache.set(sector, [data]);
  }
}

function u16(value: number): Buffer {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(value);
  return b;
}

function u32(value: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(value);
  return b;
}

function u64(value: bigint): Buffer {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(value);
  return b;
}
