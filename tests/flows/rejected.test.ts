import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { WireBox } from '../harness/wire-box.ts';
import { CENTRE_PHONE, startWorld, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world?.ends());

it('a rejected alarm stops retrying, stays on the box, and the TV says whom to ring', async () => {
  world = await startWorld();
  const bridge = await world.box();
  const villager = await world.connectedVillager();
  await world.broker.kill();
  const alarm = await villager.pressesSos();
  await villager.seesAlarm('stored', (a) => a.storedAt);
  await bridge.kill();
  await world.broker.start();

  // Somebody else used this id of this box first: the content differs, so the centre must refuse the box's own.
  const impostor = await WireBox.connects(world.ports.mqtt, world.boxId(0), world.secrets.boxes[0] ?? '');
  impostor.sends('alarm', impostor.alarm(alarm.id));
  await impostor.isAnswered(alarm.id);
  await impostor.leaves();

  await world.box();
  const again = await world.villager();
  const shown = await again.seesAlarm('rejected', (a) => a.rejected);
  expect(shown.rejected).toMatchObject({ code: 'ID_CONFLICT', phone: CENTRE_PHONE });
  expect(shown.receivedAt).toBeUndefined();
  const kept = readdirSync(join(world.dir, world.boxId(0)), { recursive: true }).map(String);
  expect(
    kept.some((f) => f.includes(alarm.id)),
    'the box keeps what was refused',
  ).toBe(true);

  // A retry would be answered with another `rejected`: count what the box sends while another alarm goes through.
  const operator = await world.operatorAway();
  await again.call('dismiss', {});
  const next = await again.pressesSos();
  await again.seesAlarm('received', (a) => a.id === next.id && a.receivedAt);
  expect((await operator.findsCase(next.id)).caseNo).toBeDefined();
  expect(
    (await operator.ledger()).filter((row) => row.kind.includes('conflict')),
    'the conflict is on the record, once',
  ).toHaveLength(1);
});
