/** The table of docs/firmware.md is what the platforms claim, row by row, and no platform is missing. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { edge, FifoDevice, inputEvents } from '../../simulator/remote.ts';
import { readBridgeConfig } from '../config.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { PLATFORMS } from './registry.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/firmware.md', import.meta.url), 'utf8');
const VOLUME_UP = 115;
const ROW = /^\| `(\w+)` \| (a device is heard|no device is read) \| (device|page) \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm;

it('each platform claims what the document says of it, with a device and without', async () => {
  const written = [...DOCUMENT.matchAll(ROW)].map(([row]) => row);
  const claimed: string[] = [];
  for (const [name, entry] of Object.entries(PLATFORMS).sort(([a], [b]) => a.localeCompare(b))) {
    const dir = mkdtempSync(join(tmpdir(), 'claims-'));
    const config = readBridgeConfig(JSON.stringify({ evdev: { dir }, thunder: { url: 'ws://127.0.0.1:1/jsonrpc' } }));
    const platform = entry.create({ config, clock: new FakeClock(), log: quiet });
    const row = (now: string) => {
      const { stored, survivesPowerLoss, keyOutsidePage } = platform.claims();
      const words = [stored, survivesPowerLoss, keyOutsidePage].map((claim) => (claim ? 'yes' : 'no'));
      return `| \`${name}\` | ${now} | ${platform.keysFrom} | ${words.join(' | ')} |`;
    };
    await platform.start({ key: () => {}, claimsChanged: () => {}, wake: () => {} });
    const without = row('no device is read');
    const device = new FifoDevice(join(dir, 'event0'));
    await device.writes(inputEvents(edge(0, VOLUME_UP, 1)));
    await until('heard', () => platform.claims().keyOutsidePage && platform.keysFrom === 'device');
    claimed.push(row('a device is heard'), without);
    await platform.stop();
    await device.goesAway();
    rmSync(dir, { recursive: true });
  }
  expect(written).toEqual(claimed);
});
