/** The whole alarm flow ①–⑧ in two real browsers. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConsoleScreen } from '../harness/console-screen.ts';
import { TvScreen } from '../harness/tv-screen.ts';
import { CENTRE_PHONE, startWorld, type World } from '../harness/world.ts';

let world: World;
let tv: TvScreen;
let console: ConsoleScreen;
beforeAll(async () => {
  world = await startWorld();
  await world.box();
  console = await new ConsoleScreen().sitsDown(world.consoleUrl, 'zhiban', world.secrets.operator);
  tv = await new TvScreen().turnsOn(world.tvUrl());
});
afterAll(async () => {
  await tv?.turnsOff();
  await console?.getsUp();
  await world?.ends();
});

it('an alarm reaches the console and its progress reaches the TV, up to the rating', { timeout: 120_000 }, async () => {
  await tv.shows('the centre’s telephone number before anything happens', async () => (await tv.detail()).includes(CENTRE_PHONE));
  await tv.holdsAlarmKey();
  await tv.showsStep('received');
  expect(await tv.headline()).toContain('中心已收到，等待值班员');
  expect(await tv.detail()).toContain(CENTRE_PHONE);

  const caseNo = await console.hasCase('received');
  expect(await tv.read('data-case-no')).toBe(caseNo);
  await console.selects(caseNo);
  const text = await console.caseText();
  for (const known of ['王秀英', '平安村3组12号', '13900000001']) expect(text.replaceAll(' ', '')).toContain(known);

  await console.signs();
  await tv.showsHeadline('值班员看到了');
  expect(await tv.detail()).toContain('综治中心值班员');
  await console.sendsSomebody();
  await tv.showsHeadline('有人正在赶来');
  await console.writes('n', '电话已接通，无人受伤');
  await console.writes('e', '路上堵车');
  await console.page.getByTestId('extension').waitFor();
  await console.page.keyboard.press('g');
  await tv.shows('until when more time was granted', async () => (await tv.detail()).includes('需要多一点时间'));
  await console.writes('c', '民警到场，误会一场');
  await tv.showsHeadline('处理完了，解决了吗？');
  expect(await tv.detail()).toContain('民警到场，误会一场');
  await tv.presses('1');
  await tv.showsStep('rated');
  await console.hasCase('closed', caseNo);
  await console.page.getByText('解决了，满意').first().waitFor();
});

it('"not solved" brings the case back to the desk, and the TV says that the centre goes on', { timeout: 120_000 }, async () => {
  await tv.presses('Backspace');
  await tv.showsStep('none');
  await tv.holdsAlarmKey();
  await tv.showsStep('received');
  const caseNo = await tv.read('data-case-no');
  await console.hasCase('received', caseNo);
  await console.selects(caseNo);
  await console.signs();
  await tv.showsStep('signed');
  await console.sendsSomebody();
  await tv.showsStep('handling');
  await console.writes('c', '已经处理');
  await tv.showsStep('closed');
  await tv.presses('3');
  await tv.showsStep('reopened');
  await console.hasCase('handling', caseNo);
});
