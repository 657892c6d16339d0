/** A test tries the whole way of an alarm and pages nobody; the TV says in plain words how far it got. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { topics } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import { TvScreen } from '../harness/tv-screen.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
const tv = new TvScreen();
afterEach(async () => {
  await tv.turnsOff();
  await world?.ends();
});

function tests(): Record<string, unknown>[] {
  const database = new DatabaseSync(join(world.dir, 'broker/shouwang.db'), { readOnly: true });
  try {
    return database.prepare('select box_id, by from box_tests').all();
  } finally {
    database.close();
  }
}

it('held on the remote: the TV says that the centre has it and that nobody comes; no case, no event, one test remembered', async () => {
  world = await startWorld();
  await world.box();
  const operator = await world.operator();
  const desk = world.integrator();
  await desk.subscribes(topics.caseEventAny);
  const villager = await world.connectedVillager();
  await tv.turnsOn(world.tvUrl());
  await tv.page.keyboard.down('y');
  await tv.showsHeadline('中心收到了测试');
  await tv.page.keyboard.up('y');
  expect(await tv.detail()).toContain('一切正常');
  expect(await tv.detail()).toContain('不会有人出警');
  const steps = villager.seen.flatMap((s) => (s.test ? [s.test] : []));
  for (const t of steps) if (t.receivedAt) expect(t.sentAt, 'never ahead of the fact').toBeDefined();
  await tv.presses('Backspace');
  await tv.shows('no panel', async () => (await tv.read('data-panel')) === '');

  // An alarm after it shows that nothing else was on its way.
  const alarm = await villager.pressesSos();
  await operator.hears('opened', alarm.id);
  await desk.hears('the alarm', (e) => e.payload.data.alarmId === alarm.id);
  expect((await operator.cases()).cases.map((c) => c.alarmId)).toEqual([alarm.id]);
  expect(operator.heard[0]?.live.event.data.alarmId).toBe(alarm.id);
  expect(desk.events[0]?.payload.data.alarmId).toBe(alarm.id);
  expect(tests().map((t) => ({ ...t }))).toEqual([{ box_id: world.boxId(0), by: 'person' }]);
}, 120_000);

it('with the centre down: the TV says that it did not get through and whom to ring; it arrives when the centre is back', async () => {
  world = await startWorld({ bridgeEnv: { SHOUWANG_BRIDGE_ALARM_LATE_AFTER_S: '1', SHOUWANG_BRIDGE_KEYS_TEST_HOLD_MS: '500' } });
  await world.box();
  const villager = await world.connectedVillager();
  await world.broker.kill();
  await tv.turnsOn(world.tvUrl());
  await tv.page.keyboard.down('y');
  await tv.showsHeadline('测试没有送到中心');
  await tv.page.keyboard.up('y');
  expect(await tv.detail()).toContain('0859-555-0110');
  expect(villager.state?.test?.sentAt).toBeUndefined();
  await world.broker.start();
  await tv.showsHeadline('中心收到了测试', 60_000);
  expect(tests()).toHaveLength(1);
}, 120_000);
