/** The promise "an alarm is never lost", with the centre or the box failing at the worst moment. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world?.ends());

it('pressed while the centre is down, it arrives when the centre is back, with the first press time', async () => {
  world = await startWorld();
  await world.box();
  const villager = await world.connectedVillager();
  await world.broker.kill();

  const pressed = await villager.holdsAlarmKey();
  const stored = await villager.seesAlarm('stored', (a) => a.storedAt);
  expect(stored.receivedAt, 'nothing is claimed of a centre that is down').toBeUndefined();
  expect(villager.state?.centre.phone).toBe('0859-555-0110');

  await world.broker.start();
  const received = await villager.seesAlarm('received', (a) => a.receivedAt, 45_000);
  const operator = await world.operator();
  const view = await operator.findsCase(pressed.id);
  expect(view.pressedAt).toBe(pressed.pressedAt);
  expect(view.caseNo).toBe(received.caseNo);
  expect(view.receivedAt).toBeGreaterThan(view.pressedAt);
});

it('the TV says plainly when twenty seconds have passed without "received"', async () => {
  world = await startWorld();
  await world.box();
  const villager = await world.connectedVillager();
  await world.broker.kill();
  const pressed = await villager.pressesSos();
  expect(pressed.late).toBe(false);
  const late = await villager.seesAlarm('late', (a) => a.late, 30_000);
  expect(late.receivedAt).toBeUndefined();
  await world.broker.start();
  await villager.seesAlarm('received, and no longer late', (a) => a.receivedAt && !a.late, 45_000);
});

it('the bridge killed with SIGKILL right after "stored" loses nothing', async () => {
  world = await startWorld();
  const bridge = await world.box();
  const villager = await world.connectedVillager();
  await world.broker.kill();
  const pressed = await villager.pressesSos();
  await villager.seesAlarm('stored', (a) => a.storedAt);
  await bridge.kill();
  villager.turnsOffTheTv();

  await world.broker.start();
  await world.box();
  const again = await world.villager();
  expect(again.alarm?.id, 'the TV finds the open alarm').toBe(pressed.id);
  await again.seesAlarm('received', (a) => a.receivedAt);
  const operator = await world.operator();
  const view = await operator.findsCase(pressed.id);
  expect(view.pressedAt).toBe(pressed.pressedAt);
  expect((await operator.cases()).cases).toHaveLength(1);
  const outbox = readdirSync(join(world.dir, world.boxId(0)), { recursive: true }).map(String);
  expect(
    outbox.filter((f) => f.includes(pressed.id) && f.includes('outbox')),
    'delivered, so no longer in the outbox',
  ).toEqual([]);
});
