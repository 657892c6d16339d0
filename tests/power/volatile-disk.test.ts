/** The rig's disk must lose what was not flushed, or no power cut proves anything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Random, seeded } from '../harness/random.ts';
import { ByteReader } from './byte-reader.ts';
import { VolatileDisk } from './volatile-disk.ts';

const SIZE = 64 * 1024;
const WRITE = 1;
const FLUSH = 3;
const FUA = 1;
const OPT_GO = 7;

/** A choice that always falls on the first: no unflushed sector survives. */
const unlucky: Random = { ...seeded(1), pick: (from) => from[0]!, chance: (p) => p > 0 };

it('what was flushed survives a cut; what was not, does not', async () => {
  const { disk, client } = await aDisk();
  await client.asks(WRITE, 0, Buffer.alloc(1024, 'a'));
  await client.asks(FLUSH, 0);
  await client.asks(WRITE, 1024, Buffer.alloc(512, 'b'));
  expect(disk.platter.subarray(1024, 1536).every((byte) => byte === 0)).toBe(true);
  disk.cutPower(unlucky);
  expect(disk.platter.toString('latin1', 0, 1024)).toBe('a'.repeat(1024));
  expect(disk.platter[1024]).toBe(0);
  expect(disk.counts).toEqual({ writes: 2, flushes: 1, unflushed: 1, lost: 1 });
});

it('a write with FUA is certain at once, and an older one in the cache does not come back over it', async () => {
  const { disk, client } = await aDisk();
  await client.asks(WRITE, 512, Buffer.alloc(512, 'o'));
  await client.asks(WRITE, 512, Buffer.alloc(512, 'n'), FUA);
  disk.cutPower(seeded(3));
  expect(disk.platter.toString('latin1', 512, 1024)).toBe('n'.repeat(512));
});

it('a cut tears: of many unflushed sectors some survive, by the seed', async () => {
  const { disk, client } = await aDisk();
  await client.asks(WRITE, 0, Buffer.alloc(32 * 1024, 'x'));
  disk.cutPower({ ...seeded(5), pick: (from) => ((from as readonly unknown[]).find((p) => p === 0.5) as never) ?? from[0]! });
  const survived = disk.counts.unflushed - disk.counts.lost;
  expect(survived).toBeGreaterThan(0);
  expect(survived).toBeLessThan(64);
});

it('stops in the middle of writing when told: that write is in the cache, and nothing is answered after it', async () => {
  const { disk, client } = await aDisk();
  const stopped = disk.stopsInWrite(2);
  await client.asks(WRITE, 0, Buffer.alloc(512, 'a'));
  void client.asks(WRITE, 512, Buffer.alloc(512, 'b')).catch(() => undefined);
  await stopped;
  disk.cutPower(unlucky);
  expect(disk.counts).toEqual({ writes: 2, flushes: 0, unflushed: 2, lost: 2 });
});

async function aDisk(): Promise<{ disk: VolatileDisk; client: Client }> {
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-disk-'));
  const disk = new VolatileDisk(Buffer.alloc(SIZE));
  const path = join(dir, 'disk.nbd');
  await disk.listens(path);
  const client = new Client(connect(path));
  onTestFinished(async () => {
    await disk.close();
    rmSync(dir, { recursive: true, force: true });
  });
  await client.opens();
  return { disk, client };
}

/** As much of an NBD client as the test needs. */
class Client {
  readonly #socket: Socket;
  readonly #reader: ByteReader;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    this.#reader = new ByteReader(socket);
  }

  async opens(): Promise<void> {
    await this.#reader.take(18);
    const go = Buffer.alloc(4 + 16 + 6);
    go.writeUInt32BE(3, 0);
    go.write('IHAVEOPT', 4);
    go.writeUInt32BE(OPT_GO, 12);
    go.writeUInt32BE(6, 16);
    this.#socket.write(go);
    const info = await this.#reader.take(20 + 12);
    expect(Number(info.readBigUInt64BE(22))).toBe(SIZE);
    await this.#reader.take(20);
  }

  async asks(type: number, offset: number, data = Buffer.alloc(0), flags = 0): Promise<void> {
    const head = Buffer.alloc(28);
    head.writeUInt32BE(0x25609513, 0);
    head.writeUInt16BE(flags, 4);
    head.writeUInt16BE(type, 6);
    head.writeBigUInt64BE(BigInt(offset), 16);
    head.writeUInt32BE(data.length, 24);
    this.#socket.write(Buffer.concat([head, data]));
    expect((await this.#reader.take(16)).readUInt32BE(4)).toBe(0);
  }
}
