/** A whole simulated box against a real broker: from the key to the answer on the TV. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeCentre } from '../src/testing/fake-centre.ts';
import { TvPage } from '../src/testing/tv-page.ts';
import { until } from '../src/testing/until.ts';
import { createSimulatedBox, type SimulatedBox } from './index.ts';

let dir: string;
let centre: FakeCentre;
const boxes: SimulatedBox[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'bridge-'));
  centre = await new FakeCentre().start();
});
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
  await centre.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function startBox(config: Record<string, unknown> = {}): Promise<SimulatedBox> {
  const box = createSimulatedBox(
    { dataDir: dir, centre: { mqttUrl: centre.url }, uplink: { reconnectMinMs: 50, retryMinMs: 50, retryMaxMs: 200 }, ...config },
    { secret: 'a secret' },
  );
  boxes.push(box);
  await box.start();
  return box;
}

it('takes a press from the page to the centre and the answers back, each word only after its fact', async () => {
  const box = await startBox({ keys: { holdMs: 500 } });
  const page = await TvPage.opens(box.tvUrl);
  await until('connected', () => page.state.centre.connected);
  centre.notice(true);
  await until('staffed', () => page.state.centre.staffed);
  await page.call('watching', { onScreen: { cameraId: 'gate', pictureAt: 1234 } });
  await page.call('key', { key: 'alarm', action: 'down' });
  expect(page.state.gesture).toMatchObject({ kind: 'holding', presses: 1 });

  const alarm = await until('sent', () => page.state.alarm?.sentAt && page.state.alarm);
  expect(alarm.receivedAt).toBeUndefined();
  const [heard] = await until('the centre heard it', () => centre.of('alarm').length > 0 && centre.of('alarm'));
  expect(heard?.message).toMatchObject({
    id: alarm.id,
    source: 'box/box-0001',
    data: { gesture: 'hold', withdrawWindowS: 3, onScreen: { cameraId: 'gate', pictureAt: 1234 } },
  });
  centre.received(alarm.id);
  centre.progress(alarm.id, 2, { state: 'signed', post: '综治中心值班员', signedAt: 5 });
  const signed = await until('signed', () => page.state.alarm?.state === 'signed' && page.state.alarm);
  expect(signed).toMatchObject({ caseNo: '20261123-0007', post: '综治中心值班员' });
  expect(signed.receivedAt).toBeDefined();
  await until('the outbox is empty', () => readdirSync(join(dir, 'outbox')).every((f) => !f.endsWith('.json')));

  const steps = page.states.map((s) => s.alarm).filter((a) => a !== undefined);
  for (const a of steps) {
    if (a.receivedAt !== undefined) expect(a.sentAt).toBeDefined();
    if (a.sentAt !== undefined) expect(a.storedAt).toBeDefined();
    if (a.state !== undefined) expect(a.receivedAt).toBeDefined();
  }
  expect(steps[0]?.storedAt).toBeUndefined();
  page.close();
});
