/** A remote configuration on its whole way: from the centre's message to what the box does and says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoxStatus } from '@shouwang/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSimulatedBox, type SimulatedBox } from '../../simulator/index.ts';
import { FakeCentre } from '../testing/fake-centre.ts';
import { Signer } from '../testing/signer.ts';
import { until } from '../testing/until.ts';

const signer = new Signer();
let dir: string;
let centre: FakeCentre;
let box: SimulatedBox;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'remote-line-'));
  centre = await new FakeCentre().start();
  centre.onHeard = ({ kind, message }) => {
    if (kind === 'sync') centre.notice(true);
    if (kind === 'alarm') centre.received(message.id);
  };
  box = createSimulatedBox(
    { dataDir: dir, centre: { mqttUrl: centre.url }, remoteConfig: { keys: [signer.trusted] } },
    { secret: 's', random: () => 0 },
  );
  await box.start();
  await until('connected', () => box.app.state().centre.staffed);
});
afterEach(async () => {
  await box.close();
  await centre.stop();
  rmSync(dir, { recursive: true, force: true });
});
const send = (data: object) => centre.say('config', 'cn.shouwang.box.config.v1', data);
const said = () => (centre.of('status').at(-1)?.message as unknown as BoxStatus | undefined)?.health?.config;

it('is in force without a restart, the centre is asked again, and the heartbeat names the version', async () => {
  const syncs = centre.of('sync').length;
  send(signer.config(7, { alarm: { lateAfterS: 5 } }));
  await until('asked again', () => centre.of('sync').length > syncs);
  await until('the heartbeat says it', () => said() === 7, 20_000);
  expect(centre.connects).toHaveLength(1);
}, 30_000);

it('that changes the line makes a new one, and an alarm of that moment arrives', async () => {
  send(signer.config(8, { uplink: { keepAliveS: 20 } }));
  box.pressSos();
  await until('a second connection', () => centre.connects.length === 2);
  await until('on the TV', () => box.app.state().alarm?.receivedAt);
  await until('the status of the new connection', () => said() === 8);
});

it('that is refused is a fault at the centre', async () => {
  send(new Signer().config(1));
  const fault = await until('a fault', () => centre.of('fault').at(-1));
  expect(fault.message.data).toMatchObject({ fault: 'config', detail: expect.stringContaining('SIGNATURE_INVALID') });
});
