/** The box's certificate over its life, with the flash that a test breaks and a centre that a test plays. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnownTime, type KnownTime } from '../known-time.ts';
import { TestAuthority } from '../testing/authority.ts';
import { BrokenFs } from '../testing/broken-fs.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { createIdentityFile } from './identity-file.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { makeRequest } from './request.ts';

const DAY_MS = 86_400_000;
const BOX = 'box-0001';
let dir: string;
let fs: BrokenFs;
let clock: FakeClock;
let time: KnownTime;
let authority: TestAuthority;
let asked: { id: string; csr: string }[];
let news: number;
let faults: string[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'bridge-identity-'));
  fs = new BrokenFs();
  clock = new FakeClock();
  time = createKnownTime(clock);
  authority = await TestAuthority.make();
  asked = [];
  news = 0;
  faults = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function aKeeper(): Promise<Keeper> {
  let n = 0;
  const keeper = createKeeper({
    boxId: BOX,
    file: createIdentityFile({ fs, dir, log: quiet }),
    clock,
    random: () => 1,
    newId: () => `id-${++n}`,
    time,
    faults: { begin: (_kind, detail) => faults.push(detail ?? ''), clear: () => faults.splice(0) },
    log: quiet,
    ask: async (request) => void asked.push({ ...request }),
    onNew: () => news++,
  });
  await keeper.load();
  return keeper;
}
const isAsked = (times: number) => until('the centre is asked', () => asked.length === times);
const answers = async (keeper: Keeper, notAfter = clock.now() + 90 * DAY_MS) => {
  const { id, csr } = asked.at(-1)!;
  await keeper.take({ requestId: id, chain: await authority.signs(csr, { notBefore: clock.now(), notAfter }) });
};
const serial = (keeper: Keeper) => new X509Certificate(keeper.identity()!.chain).serialNumber;

describe('the box’s certificate', () => {
  it('is asked for where there is none, kept, and there after a restart', async () => {
    const keeper = await aKeeper();
    expect(keeper.identity()).toBeUndefined();
    keeper.connected();
    await isAsked(1);
    await answers(keeper);
    expect(news).toBe(1);
    expect(serial(await aKeeper())).toBe(serial(keeper));
    expect(readdirSync(join(dir, 'identity')).sort()).toEqual(['current.pem']);
  });

  it('is renewed with a new key when two thirds of its life are over, not before; the one before is kept', async () => {
    const keeper = await aKeeper();
    keeper.connected();
    await isAsked(1);
    await answers(keeper);
    const first = keeper.identity()!;
    clock.passes(59 * DAY_MS);
    expect(asked).toHaveLength(1);
    clock.passes(DAY_MS + 3_600_000);
    await isAsked(2);
    expect(asked[1]?.csr).not.toBe(asked[0]?.csr);
    await answers(keeper);
    expect(keeper.identity()?.key).not.toBe(first.key);
    expect(readdirSync(join(dir, 'identity')).sort()).toEqual(['current.pem', 'previous.pem']);
    expect(faults).toEqual([]);
  });

  it('is not judged by a clock that shows 1970; once the centre has said the time, it is', async () => {
    const keeper = await aKeeper();
    keeper.connected();
    await isAsked(1);
    const now = clock.now();
    await answers(keeper);
    clock.jumpWall(-now);
    keeper.connected();
    expect(asked).toHaveLength(1);
    time.heard(now + 61 * DAY_MS);
    keeper.connected();
    await isAsked(2);
  });

  it('that was refused by the centre gives way to the one before, and is renewed with that', async () => {
    const keeper = await aKeeper();
    keeper.connected();
    await isAsked(1);
    await answers(keeper);
    const good = serial(keeper);
    clock.passes(61 * DAY_MS);
    await isAsked(2);
    await answers(keeper);
    keeper.disconnected();
    keeper.refused();
    expect(serial(keeper)).toBe(good);
    expect(faults).toEqual(['the centre refused the new certificate']);
    keeper.connected();
    await isAsked(3);
    await answers(keeper);
    expect(serial(keeper)).not.toBe(good);
    expect(faults).toEqual([]);
  });
});

describe('a renewal that fails', () => {
  it.each<[string, (keeper: Keeper) => Promise<unknown> | unknown, RegExp]>([
    ['refused by the centre', (k) => k.rejected(asked[0]!.id, 'CSR_INVALID'), /CSR_INVALID/],
    ['without an answer', () => clock.passes(30_000), /did not answer/],
    [
      'with a certificate for another key',
      async (k) => k.take({ requestId: asked[0]!.id, chain: await authority.signs(makeRequest(BOX).csr, { notBefore: 0, notAfter: 1 }) }),
      /not for the key/,
    ],
    [
      'with a certificate for another box',
      async (k) => {
        const chain = await authority.signs(asked[0]!.csr, { notBefore: 0, notAfter: 1 }, 'box-0002');
        await k.take({ requestId: asked[0]!.id, chain });
      },
      /for CN=box-0002/,
    ],
    [
      'because the flash is full',
      async (k) => {
        fs.fault = 'full';
        await answers(k);
      },
      /no space left/,
    ],
  ])('%s: is a fault, is tried again after a minute, then later and later', async (_what, goesWrong, why) => {
    const keeper = await aKeeper();
    keeper.connected();
    await isAsked(1);
    await goesWrong(keeper);
    expect(faults.at(-1)).toMatch(why);
    expect(keeper.identity()).toBeUndefined();
    fs.recovers();
    fs.room = 1000;
    expect(clock.nextIn).toBe(60_000);
    clock.passes(60_000);
    await isAsked(2);
    clock.passes(30_000);
    expect(clock.nextIn).toBe(120_000);
    clock.passes(120_000);
    await isAsked(3);
    await answers(keeper);
    expect(faults).toEqual([]);
  });

  it('a certificate that nobody asked for is not taken', async () => {
    const keeper = await aKeeper();
    await keeper.take({ requestId: 'other', chain: await authority.signs(makeRequest(BOX).csr, { notBefore: 0, notAfter: 1 }) });
    expect(keeper.identity()).toBeUndefined();
  });

  it('an answer that comes after a restart still finds its key', async () => {
    const keeper = await aKeeper();
    keeper.connected();
    await isAsked(1);
    const later = await aKeeper();
    await answers(later);
    expect(later.identity()).toBeDefined();
  });
});
