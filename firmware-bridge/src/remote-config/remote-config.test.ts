import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RemoteSettings } from '@shouwang/protocol';
import type { TSchema } from '@sinclair/typebox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BridgeConfig, readBridgeConfig } from '../config.ts';
import { createFaults, type Faults } from '../faults/register.ts';
import { BrokenFs } from '../testing/broken-fs.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { Signer } from '../testing/signer.ts';
import { createRemoteConfigFile } from './file.ts';
import { createRemoteConfig, type RemoteConfigService } from './remote-config.ts';

const TRIAL_MS = 300_000;
const signer = new Signer();
let dir: string;
let fs: BrokenFs;
let clock: FakeClock;
let faults: Faults;
let applied: { config: BridgeConfig; prove: boolean }[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'remote-config-'));
  fs = new BrokenFs();
  clock = new FakeClock();
  faults = createFaults({ clock, log: quiet, say: () => {}, onChange: () => {} });
  applied = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A bridge that starts: `own` is what its file says beside the trusted keys. */
async function start(own: object = {}, keys = [signer.trusted]): Promise<RemoteConfigService> {
  const service = createRemoteConfig({
    clock,
    log: quiet,
    file: createRemoteConfigFile({ fs, dir, log: quiet }),
    own: readBridgeConfig(JSON.stringify({ remoteConfig: { keys }, ...own })),
    boxId: () => 'box-0001',
    faults,
    apply: (config, prove) => applied.push({ config, prove }),
  });
  await service.load();
  await service.start();
  return service;
}
const inForce = () => applied.at(-1)!.config;
const fault = () => faults.lasting().find((f) => f.fault === 'config')?.detail;

describe('a signed configuration', () => {
  it('is put in force at once over the box’s own, and is there after a restart', async () => {
    const box = await start({ alarm: { lateAfterS: 30, withdrawWindowS: 5 } });
    await box.take(signer.config(4, { alarm: { lateAfterS: 15 }, log: { level: 'warn' } }));
    expect(inForce()).toMatchObject({ alarm: { lateAfterS: 15, withdrawWindowS: 5 }, log: { level: 'warn' } });
    expect(applied.at(-1)?.prove, 'the centre is asked whether it can be reached').toBe(true);
    expect(box.version).toBe(4);
    await box.reached();
    expect((await start()).version).toBe(4);
    expect(inForce().alarm.lateAfterS).toBe(15);
    expect(faults.kinds()).toEqual([]);
  });

  it('takes the place of the one before as a whole', async () => {
    const box = await start();
    await box.take(signer.config(1, { alarm: { lateAfterS: 15 } }));
    await box.reached();
    await box.take(signer.config(2, { keys: { presses: 4 } }));
    expect(inForce()).toMatchObject({ alarm: { lateAfterS: 20 }, keys: { presses: 4 } });
  });

  const stranger = new Signer();
  const signed = signer.config(9);
  it.each([
    ['another key under the same name', stranger.config(9), 'SIGNATURE_INVALID: the signature does not fit'],
    ['a key that is not trusted', new Signer('other').config(9), 'SIGNATURE_INVALID: kid'],
    ['an algorithm that is not known', { ...signed, alg: 'SM2' }, 'SIGNATURE_INVALID: alg'],
    ['bytes that were not signed', { ...signed, payload: signer.config(10).payload }, 'SIGNATURE_INVALID: the signature'],
    ['a signature of the wrong length', { ...signed, signature: 'QUJD' }, 'SIGNATURE_INVALID: the signature'],
    ['something that is no JSON', { payload: 'QUJD', ...signer.sign(Buffer.from('ABC')) }, 'BAD_JSON'],
    ['an unknown key', signer.config(9, { http: { port: 1 } } as never), 'BAD_PAYLOAD: /settings/http'],
    ['a key that is not for remote hands', signer.config(9, { uplink: { url: 'x' } } as never), 'BAD_PAYLOAD: /settings/uplink/url'],
    ['a value out of bounds', signer.config(9, { keys: { holdMs: 60_000 } }), 'BAD_PAYLOAD: /settings/keys/holdMs'],
    ['bounds that cross', signer.config(9, { uplink: { retryMinMs: 9000, retryMaxMs: 5000 } }), 'CONFIG_INVALID: uplink.retryMinMs'],
    ['another box’s name', signer.config(9, {}, { boxId: 'box-0002' }), 'CONFIG_INVALID: boxId'],
    ['another area', signer.config(9, {}, { area: '520424' }), 'CONFIG_INVALID: area'],
  ])('with %s is refused, said, and changes nothing', async (_, bad, reason) => {
    const box = await start({ box: { area: '520423001' } });
    const before = applied.length;
    await box.take(bad);
    expect(fault()).toContain(reason);
    expect(applied).toHaveLength(before);
    expect(box.version).toBe(0);
    await box.take(signer.config(1, {}, { area: '520423', boxId: 'box-0001' }));
    await box.reached();
    expect(faults.kinds(), 'a good one ends the fault').toEqual([]);
  });

  it('made out to an area is not taken by a box that does not know its own', async () => {
    const box = await start();
    await box.take(signer.config(1, {}, { area: '520423' }));
    expect(fault()).toContain('box.area');
  });

  it('cannot be played again: an older one is refused, and the same one is no news', async () => {
    const box = await start();
    const [old, current] = [signer.config(1), signer.config(2)];
    await box.take(current);
    await box.reached();
    const before = applied.length;
    await box.take(current);
    expect(applied).toHaveLength(before);
    expect(faults.kinds()).toEqual([]);
    await box.take(old);
    expect(fault()).toContain('version 1 is not newer than 2');
    await box.take(signer.config(2, { keys: { presses: 4 } }));
    expect(fault()).toContain('version 2 is not newer than 2');
    expect(applied).toHaveLength(before);
    await box.take(current);
    expect(faults.kinds(), 'the centre has the right one again').toEqual([]);
  });

  it('that the flash does not take is not put in force', async () => {
    const box = await start();
    fs.fault = 'read-only';
    await box.take(signer.config(1));
    expect(box.version).toBe(0);
    fs.fault = 'none';
    await box.take(signer.config(1));
    expect(box.version).toBe(1);
  });

  it('whose key the box no longer trusts is not in force after the next start', async () => {
    const box = await start();
    await box.take(signer.config(1, { keys: { presses: 4 } }));
    await box.reached();
    const before = applied.length;
    expect((await start({}, [new Signer('next').trusted])).version).toBe(0);
    expect(applied).toHaveLength(before);
  });
});

describe('on trial', () => {
  async function good(): Promise<RemoteConfigService> {
    const box = await start();
    await box.take(signer.config(1, { keys: { presses: 4 } }));
    await box.reached();
    await box.take(signer.config(2, { keys: { presses: 5 } }));
    return box;
  }
  const settled = async (box: RemoteConfigService) => {
    // Whatever is in progress comes first.
    await box.take(signer.config(1, { keys: { presses: 4 } }));
  };

  it('without the centre in time, the last good one comes back by itself, and the bad one is not taken again', async () => {
    const box = await good();
    const bad = signer.config(2, { keys: { presses: 5 } });
    clock.passes(TRIAL_MS - 1);
    expect(inForce().keys.presses).toBe(5);
    clock.passes(1);
    await settled(box);
    expect(inForce().keys.presses).toBe(4);
    expect(applied.at(-1)?.prove).toBe(true);
    expect(box.version).toBe(1);
    const before = applied.length;
    await box.take(bad);
    expect(applied).toHaveLength(before);
    await box.take(signer.config(3));
    expect(box.version).toBe(3);
  });

  it('the fault of a roll-back is said again after a restart', async () => {
    const box = await good();
    clock.passes(TRIAL_MS);
    await settled(box);
    faults.clear('config');
    expect((await start()).version).toBe(1);
    expect(fault()).toBe('version 2 was rolled back');
  });

  it('with the centre in time, it stays', async () => {
    const box = await good();
    await box.reached();
    clock.passes(TRIAL_MS * 2);
    expect((await start()).version).toBe(2);
  });

  it('a restart gives it the time once more, three times, then the last good one is back', async () => {
    await good();
    for (let i = 0; i < 2; i++) expect((await start()).version).toBe(2);
    expect((await start()).version).toBe(1);
    expect(inForce().keys.presses).toBe(4);
    expect((await start()).version).toBe(1);
  });

  it('a file that was cut short leaves the box’s own configuration, and is set aside', async () => {
    await good();
    const path = join(dir, 'remote-config.json');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40));
    const before = applied.length;
    expect((await start()).version).toBe(0);
    expect(applied).toHaveLength(before);
    expect(readFileSync(`${path}.corrupt`, 'utf8')).toHaveLength(40);
  });
});

it('only settings that the bridge has can be set from afar, and only within its own bounds', () => {
  const own = BridgeConfig.properties as unknown as Record<string, TSchema>;
  for (const [section, schema] of Object.entries(RemoteSettings.properties))
    for (const [key, sub] of Object.entries(schema.properties as Record<string, TSchema>)) {
      const mine = own[section]?.properties[key] as TSchema | undefined;
      expect(mine, `${section}.${key}`).toBeDefined();
      if (sub.type !== 'integer') continue;
      expect(sub.minimum, `${section}.${key}`).toBeGreaterThanOrEqual(mine!.minimum);
      expect(sub.maximum, `${section}.${key}`).toBeLessThanOrEqual(mine!.maximum);
    }
});
