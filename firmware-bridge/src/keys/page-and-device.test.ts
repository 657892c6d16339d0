/** The moment at which the box finds out that a device hears the keys which the page has told until then. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../app.ts';
import { readBridgeConfig } from '../config.ts';
import type { Platform, PlatformEvents } from '../platform.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { TvPage } from '../testing/tv-page.ts';

it('a press that the page tells and a device hears is one press; the next one of the device counts', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'page-and-device-'));
  const clock = new FakeClock();
  let events!: PlatformEvents;
  let keysFrom: 'page' | 'device' = 'page';
  const platform: Platform = {
    name: 'test',
    get keysFrom() {
      return keysFrom;
    },
    claims: () => ({ stored: true, survivesPowerLoss: true, keyOutsidePage: true }),
    identity: async () => ({ boxId: 'box-0001' }),
    start: async (given) => {
      events = given;
    },
    stop: async () => {},
  };
  const config = readBridgeConfig(JSON.stringify({ dataDir: dir, http: { port: 0 }, centre: { mqttUrl: 'mqtt://127.0.0.1:99999' } }));
  const app = createApp(config, { platform, secret: 's', log: quiet, clock });
  const { tvUrl } = await app.start();
  const page = await TvPage.opens(tvUrl);
  onTestFinished(async () => {
    page.close();
    await app.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const presses: string[] = [];
  app.alarm.press = async (gesture) => void presses.push(gesture);

  await page.call('key', { key: 'sos', action: 'down' });
  clock.passes(100);
  keysFrom = 'device';
  events.key('sos', 'down');
  events.key('sos', 'up');
  await page.call('key', { key: 'sos', action: 'up' });
  expect(presses).toEqual(['sos']);

  clock.passes(1000);
  events.key('sos', 'down');
  expect(presses).toEqual(['sos', 'sos']);
});
