/** Boxes that can run no daemon: the page at the centre, in a real browser with a middleware's objects and key codes, is the box's voice. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ConsoleScreen } from '../harness/console-screen.ts';
import { BOXES, MiddlewareTv } from '../harness/middleware.ts';
import type { Operator } from '../harness/operator.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
let operator: Operator;
let tv: MiddlewareTv;

beforeAll(async () => {
  world = await startWorld({ boxes: 6, brokerEnv: { SHOUWANG_BROKER_HTTP_TV_APP_DIR: join(ROOT, 'tv-app/dist') } });
  operator = await world.operator();
});
afterEach(() => tv?.turnsOff());
afterAll(() => world?.ends());

async function anActivatedTv(box: keyof typeof BOXES, i: number): Promise<MiddlewareTv> {
  tv = await new MiddlewareTv(BOXES[box]).turnsOn(world.centreTvUrl);
  await tv.types(await world.activationCode(i));
  await tv.shows('a manned centre', async () => (await tv.detail()).includes('中心有人值班'));
  return tv;
}

it('an iPanel box is activated by code; its red key held is the same alarm at the centre; progress and rating go back and forth', async () => {
  tv = await new MiddlewareTv(BOXES.ipanel).turnsOn(world.centreTvUrl);
  await tv.shows('that it cannot alarm yet', async () => (await tv.read('data-activation')) === 'typing');
  expect(await tv.headline()).toContain('还不能报警');
  const shown = await tv.detail();
  for (const text of ['8531002345678901', 'IP-0042-77', '00:1A:2B:3C:4D:5E', '0859-555-0110']) expect(shown).toContain(text);
  await tv.types('00000000');
  await tv.shows('that the code was wrong', async () => (await tv.read('data-activation')) === 'wrong');
  await tv.types(await world.activationCode(0));
  await tv.shows('the wall', async () => (await tv.read('data-activation')) === '' && (await tv.read('data-link')) === 'up');

  const id = await tv.holdsUntilAlarm();
  const opened = await operator.findsCase(id);
  expect(opened).toMatchObject({ household: { boxId: world.boxId(0) }, gesture: 'hold' });
  await tv.showsStep('received');
  expect(await tv.read('data-case-no')).toBe(opened.caseNo);
  await tv.sends('digit1');
  await operator.findsCase(id, (c) => c.about === 'suspicious');
  await operator.command(opened.caseNo, { command: 'sign' });
  await tv.showsStep('signed');
  await operator.command(opened.caseNo, { command: 'handle' });
  await tv.showsStep('handling');
  await operator.command(opened.caseNo, { command: 'close', result: '已处理' });
  await tv.showsStep('closed');
  await tv.sends('digit1');
  await tv.showsStep('rated');
  await operator.findsCase(id, (c) => c.rating === 'satisfied');
});

it('the administrator gives the code out at the desk, sees whose box it is first, and sees that it is activated', async () => {
  tv = await new MiddlewareTv(BOXES.ipanel).turnsOn(world.centreTvUrl);
  await tv.shows('that it cannot alarm yet', async () => (await tv.read('data-activation')) === 'typing');
  const desk = await new ConsoleScreen().sitsDown(world.consoleUrl, 'guanli', world.secrets.admin);
  try {
    const { page } = desk;
    await page.keyboard.press('d');
    await page.getByRole('button', { name: '开通机顶盒…' }).click();
    await page.getByLabel('机顶盒编号').fill(world.boxId(5));
    await page.keyboard.press('Enter');
    await page.getByTestId('activation-home').waitFor();
    await page.getByRole('button', { name: '给开通码' }).click();
    const code = await page.getByLabel('开通码', { exact: true }).innerText();
    expect(code).toMatch(/^\d{4} \d{4}$/);
    await tv.types(code.replace(' ', ''));
    await tv.shows('the wall', async () => (await tv.read('data-activation')) === '' && (await tv.read('data-link')) === 'up');
    const done = page.locator('[data-testid="activation"][data-state="used"]');
    await done.waitFor();
    expect(await done.innerText()).toContain('8531002345678901');
  } finally {
    await desk.getsUp();
  }
  const id = await tv.holdsUntilAlarm();
  expect((await operator.findsCase(id)).household.boxId).toBe(world.boxId(5));
});

it('with the centre down the TV says so, keeps the alarm, and delivers it when the centre is back', async () => {
  tv = await anActivatedTv('ipanel', 1);
  await world.broker.kill();
  await tv.shows('a centre that is not reached', async () => (await tv.detail()).includes('还没连上中心'));
  const id = await tv.holdsUntilAlarm();
  expect(await tv.read('data-alarm-step')).toBe('stored');
  expect(await tv.detail()).toContain('现在连不上中心');
  expect(await tv.detail()).toContain('不要关机顶盒的电源');
  await world.broker.start();
  await tv.showsStep('received', 60_000);
  operator = await world.operator();
  expect((await operator.findsCase(id)).household.boxId).toBe(world.boxId(1));
});

it('an unanswered alarm outlives the page', async () => {
  tv = await anActivatedTv('ipanel', 3);
  await tv.page.route('**/api/v1/box/up/**', (route) => route.abort());
  const id = await tv.holdsUntilAlarm();
  await tv.page.reload();
  await until('the page is there again with its alarm', async () => (await tv.read('data-alarm-id')) === id);
  await tv.showsStep('stored');
  await tv.page.unroute('**/api/v1/box/up/**');
  await tv.showsStep('received', 60_000);
  expect((await operator.findsCase(id)).alarmId).toBe(id);
});

/** One alarm from the key to the answer, put away on the TV. */
async function anAnsweredAlarm(result: string, answer: string): Promise<string> {
  const id = await tv.holdsUntilAlarm();
  const { caseNo } = await operator.findsCase(id);
  await tv.showsStep('received');
  for (const command of [{ command: 'sign' }, { command: 'handle' }, { command: 'close', result }] as const)
    await operator.command(caseNo, command);
  await tv.showsStep('closed');
  await tv.sends(answer);
  await tv.showsStep('rated');
  await tv.sends('back');
  await tv.shows('the wall', async () => (await tv.read('data-panel')) === '');
  return id;
}

it('my reports: the last alarms with their state, from the centre where the box has lost them; an older one is reopened; a silent one is not among them', async () => {
  tv = await anActivatedTv('ipanel', 4);
  const older = await anAnsweredAlarm('水管修好了', 'digit1');
  const newer = await anAnsweredAlarm('狗牵回去了', 'digit2');
  await tv.taps('blue', 4);
  const silent = await operator.findsCaseWhere('the silent alarm', (c) => c.silent);
  expect(silent.household.boxId).toBe(world.boxId(4));
  await operator.command(silent.caseNo, { command: 'sign' });
  await operator.command(silent.caseNo, { command: 'close', result: '已出警' });

  const rows = () => tv.page.locator('#mirror [data-row]').allTextContents();
  const reports = async () => {
    await tv.sends('digit0');
    await tv.sends('digit1');
    return until('two reports', async () => {
      const now = await rows();
      return now.length === 2 && (await tv.headline()) === '我的报警' ? now : undefined;
    });
  };
  const [newest, oldest] = await reports();
  expect([newest, oldest]).toMatchObject([expect.stringContaining('一般'), expect.stringContaining('很满意')]);
  // What the box had kept of them is gone: they come from the centre.
  await tv.page.evaluate(() => localStorage.removeItem('shouwang.reports'));
  await tv.page.reload();
  await tv.shows('the wall', async () => (await tv.read('data-link')) === 'up');
  expect(await reports()).toMatchObject([expect.stringContaining('一般'), expect.stringContaining('很满意')]);
  await tv.sends('digit2');
  await tv.shows('the older one', async () => (await tv.detail()).includes('水管修好了'));
  await tv.sends('digit3');
  await operator.findsCase(older, (c) => c.state === 'handling' && c.reopened === 1);
  await tv.showsStep('reopened');
  expect(await tv.read('data-alarm-id')).toBe(older);
  expect((await operator.findsCase(newer)).state).toBe('closed');
});

it('an IPTV box: HELP pressed three times', async () => {
  tv = await anActivatedTv('iptv', 2);
  await tv.taps('help', 3);
  await tv.showsStep('received');
  const opened = await operator.findsCase(await tv.read('data-alarm-id'));
  expect(opened).toMatchObject({ household: { boxId: world.boxId(2) }, gesture: 'triple' });
});
