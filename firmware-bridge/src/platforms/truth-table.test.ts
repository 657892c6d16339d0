/** The table of docs/firmware.md is what the platforms claim, row by row, and no platform is missing. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FifoDevice } from '../../simulator/remote.ts';
import { readBridgeConfig } from '../config.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { PLATFORMS } from './registry.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/firmware.md', import.meta.url), 'utf8');
const ROW = /^\| `(\w+)` \| (a device is read|no device is read) \| (device|page) \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm;

it('each platform claims what the document says of it, with a device and without', async () => {
  const written = [...DOCUMENT.matchAll(ROW)].map(([row]) => row);
  const claimed: string[] = [];
  for (const [name, entry] of Object.entries(PLATFORMS).sort(([a], [b]) => a.localeCompare(b))) {
    const dir = mkdtempSync(join(tmpdir(), 'claims-'));
    const config = readBridgeConfig(JSON.stringify({ evdev: { dir }, thunder: { url: 'ws://127.0.0.1:1/jsonrpc' } }));
    const clock = new FakeClock();
    const platform = entry.create({ config, clock, log: quiet });
    const row = (now: string) => {
      const { stored, survivesPowerLoss, keyOutsidePage } = platform.claims();
      const words = [stored, survivesPowerLoss, keyOutsidePage].map((claim) => (claim ? 'yes' : 'no'));
      return `| \`${name}\` | ${now} | ${platform.keysFrom} | ${words.join(' | ')} |`;
    };
    await platform.start({ key: () => {}, claimsChanged: () => {}, wake: () => {} });
    const without = row('no device is read');
    const device = new FifoDevice(join(dir, 'event0'));
    await device.isRead();
    await until('settled', () => {
      clock.passes(500);
      return platform.claims().keyOutsidePage;
    });
    claimed.push(row('a device is read'), without);
    await platform.stop();
    await device.goesAway();
    rmSync(dir, { recursive: true });
  }
  expect(written).toEqual(claimed);
});
