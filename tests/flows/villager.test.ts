/** A new user with nothing but the remote and the screen: what it takes to do each thing, in presses. */
import type { CamerasResult } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { TvScreen } from '../harness/tv-screen.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
let tv: TvScreen;
let operator: Operator;
beforeAll(async () => {
  world = await startWorld({ pictures: true });
  await world.box();
  operator = await world.operator();
  tv = await new TvScreen().turnsOn(world.tvUrl());
  await until('six stills', async () => (await tv.tiles()).filter((t) => t.stillAt > 0).length === 6, 90_000);
}, 240_000);
afterAll(async () => {
  await tv?.turnsOff();
  await world?.ends();
});

it('knows in which group each camera is, as its catalogue says', async () => {
  const { cameras } = (await (await world.villager()).call('cameras', {})) as CamerasResult;
  expect(cameras.map((c) => [c.id, c.group])).toContainEqual(['clinic', 'square']);
});

it('watches the second-nearest camera: one press', { timeout: 90_000 }, async () => {
  const second = (await tv.tiles())[1]!.id;
  await tv.presses('2');
  await tv.shows('that camera', async () => (await tv.read('data-camera')) === second);
  await tv.shows('a live picture', async () => (await tv.read('data-picture')) === 'live', 60_000);
  await tv.presses('Escape');
});

it('cancels an alarm: one press, and is told what the centre still knows', { timeout: 90_000 }, async () => {
  const id = await tv.holdsAlarmKey();
  await tv.presses('Escape');
  await tv.shows('that it was withdrawn', async () => (await tv.headline()).includes('已撤回'));
  expect(await tv.detail()).toContain('中心还留着这次报警的记录');
  const { caseNo } = await operator.findsCase(id, (c) => c.withdrawnAt !== undefined);
  await operator.command(caseNo, { command: 'sign' });
  await operator.command(caseNo, { command: 'close', result: '误按' });
  await until('the panel may be closed', async () => {
    await tv.presses('Escape');
    return (await tv.read('data-panel')) === '';
  });
});

it('raises an alarm, says that it is a fire, rates it, and has it reopened from the list: one press each but the list', {
  timeout: 120_000,
}, async () => {
  const id = await tv.holdsAlarmKey();
  await tv.showsStep('received');
  await tv.presses('2');
  const { caseNo } = await operator.findsCase(id, (c) => c.about === 'fire');
  await operator.command(caseNo, { command: 'sign' });
  await operator.command(caseNo, { command: 'handle' });
  await operator.command(caseNo, { command: 'close', result: '火已经灭了' });
  await tv.showsStep('closed');
  await tv.presses('1');
  await tv.showsStep('rated');
  await tv.presses('Escape');
  await tv.shows('the wall', async () => (await tv.read('data-panel')) === '');
  // Menu, my reports, the newest, not solved.
  await tv.presses('0', '1', '1', '3');
  await operator.findsCase(id, (c) => c.state === 'handling' && c.reopened === 1);
  await tv.showsStep('reopened');
  expect(await tv.read('data-case-no')).toBe(caseNo);
});
