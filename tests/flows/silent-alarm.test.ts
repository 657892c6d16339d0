/** Raised under somebody's eyes: the room sees it large, and nothing of it is anywhere at home. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import { ConsoleScreen } from '../harness/console-screen.ts';
import { TvScreen } from '../harness/tv-screen.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
const tv = new TvScreen();
const desk = new ConsoleScreen();
afterEach(async () => {
  await Promise.all([tv.turnsOff(), desk.getsUp()]);
  await world?.ends();
});

/** The box's longest wait between two attempts is 30 s. */
const RECONNECTS_MS = 60_000;
const silentCase = (v: { silent?: boolean | undefined }) => v.silent === true;

it('by the keyboard in front of the TV: the desk shows it and may not ring back; TV, TV link and other integrators know nothing', async () => {
  world = await startWorld();
  await world.box();
  await desk.sitsDown(world.consoleUrl, 'zhiban', world.secrets.operator);
  const operator = await world.operatorAway();
  const [may, mayNot] = [world.integrator('119'), world.integrator('110')];
  await Promise.all([may.subscribes(topics.caseEventAny), mayNot.subscribes(topics.caseEventAny)]);
  const villager = await world.connectedVillager();
  await tv.turnsOn(world.tvUrl());
  await tv.shows('a manned centre', async () => (await tv.detail()).includes('有人'));
  await tv.shows('that there are no cameras', async () => (await tv.read('data-away')) === 'no-cameras');
  const screenBefore = await tv.page.locator('#mirror').innerHTML();
  const pushedBefore = villager.seen.length;

  await tv.presses('b', 'b', 'b', 'b');
  const caseNo = await desk.hasCase('received');
  await desk.selects(caseNo);
  expect(await desk.page.locator(`[role="option"][data-case-no="${caseNo}"]`).innerText()).toContain('静默报警，勿回拨');
  expect(await desk.page.locator('[data-testid="silent-warning"]').innerText()).toContain('静默报警，勿回拨');
  expect(await desk.page.locator('a[href^="tel:"]').count()).toBe(0);
  expect(await desk.page.getByRole('button', { name: '复制电话' }).count()).toBe(0);
  await desk.signs();
  await desk.sendsSomebody();
  await desk.writes('c', '民警便装到场，已处理');
  await desk.caseIs('closed');
  const { alarmId } = await operator.case(caseNo);
  await may.hears('closed', (e) => e.payload.data.caseNo === caseNo && e.payload.data.event === 'closed');
  expect(may.events.every((e) => e.payload.data.silent === true)).toBe(true);

  // The TV link answers calls in order: whatever the bridge had pushed is here.
  await villager.call('watching', { onScreen: null });
  // Something else may have been said meanwhile (a slow flash); of an alarm, a gesture or a test nothing was.
  for (const { alarm, gesture, test } of villager.seen.slice(pushedBefore)) expect({ alarm, gesture, test }).toEqual({});
  expect(await tv.page.locator('#mirror').innerHTML()).toBe(screenBefore);

  // A loud alarm works as ever, beside it; what the others hear begins there.
  const loud = await villager.holdsAlarmKey();
  await mayNot.hears('the loud one', (e) => e.payload.data.alarmId === loud.id && e.payload.data.event === 'opened');
  expect(mayNot.lines.join('\n')).not.toContain(alarmId);
  expect(mayNot.lines.join('\n')).not.toContain(caseNo);
  await villager.seesAlarm('received', (a) => a.receivedAt);
  expect(JSON.stringify(villager.seen)).not.toContain(alarmId);
  expect(JSON.stringify(villager.seen)).not.toContain(caseNo);
}, 120_000);

it('while the centre is down and over a restart of the box: it arrives, once, and neither TV nor log tell of it', async () => {
  world = await startWorld();
  const bridge = await world.box();
  const villager = await world.connectedVillager();
  const operator = await world.operatorAway();
  await world.broker.kill();
  await villager.pressesSilently();
  await villager.pressesSilently();
  // Nothing at home tells of it, so only its file does.
  const outbox = join(world.dir, world.boxId(0), 'outbox');
  await until('it is on the flash', () => readdirSync(outbox).some((name) => name.endsWith('.json')));
  await bridge.kill();
  const again = await world.box().then(() => world.villager());
  expect(again.alarm).toBeUndefined();
  await world.broker.start();
  await operator.logsIn('zhiban', world.secrets.operator);
  const view = await operator.findsCaseWhere('a silent case', silentCase, RECONNECTS_MS);
  expect(view).toMatchObject({ gesture: 'silent', presses: 1 });
  // The box comes back to the centre, asks for the state of its alarms, and hears of none.
  await bridge.kill();
  await world.box();
  const last = await world.connectedVillager();
  const loud = await last.pressesSos();
  await last.seesAlarm('received', (a) => a.receivedAt);
  for (const state of [...villager.seen, ...again.seen, ...last.seen]) if (state.alarm) expect(state.alarm.id).toBe(loud.id);
  const log = readFileSync(join(world.dir, `logs/${world.boxId(0)}.log`), 'utf8');
  expect(log).not.toMatch(/silent/);
  expect(log).not.toContain(view.alarmId);
}, 180_000);

it('while a loud alarm is open: a case of its own, and the loud one’s display goes on undisturbed', async () => {
  world = await startWorld();
  await world.box();
  const operator = await world.operator();
  const villager = await world.connectedVillager();
  const loud = await villager.holdsAlarmKey();
  await villager.seesAlarm('received', (a) => a.receivedAt);
  await villager.pressesSilently();
  const silent = await operator.findsCaseWhere('a silent case', silentCase);
  expect(silent.alarmId).not.toBe(loud.id);
  await operator.command(silent.caseNo, { command: 'sign' });
  await operator.command(silent.caseNo, { command: 'handle' });
  const loudNo = (await operator.findsCase(loud.id)).caseNo;
  await operator.command(loudNo, { command: 'sign' });
  const seen = await villager.seesAlarm('signed', (a) => a.state === 'signed');
  expect(seen.id).toBe(loud.id);
  for (const state of villager.seen) expect(state.alarm?.caseNo ?? loudNo).toBe(loudNo);
  expect(villager.seen.some((s) => s.alarm?.state === 'handling')).toBe(false);
});
