/** A notice from the township's desk to the TVs of one village: written, seen, heard, read, kept, withdrawn. Real processes, real browsers. */
import { noticePaths } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConsoleScreen } from '../harness/console-screen.ts';
import { TvScreen } from '../harness/tv-screen.ts';
import { until } from '../harness/until.ts';
import type { Villager } from '../harness/villager.ts';
import { startWorld, VILLAGE, type World } from '../harness/world.ts';

const NEXT_VILLAGE = '522328101202';
const TEXT = '周五上午八点到下午四点全村停水，请提前存水。\n\n有困难的请找村委会。';
/** What would be said aloud is written down. */
const VOICE = `
  window.said = [];
  Object.defineProperty(window, 'speechSynthesis', { value: { speak: (u) => window.said.push(u.text), cancel: () => window.said.push('') } });`;

let world: World;
let tv: TvScreen;
const desk = new ConsoleScreen();
/** Next door, in the other village. */
let neighbour: Villager;
beforeAll(async () => {
  world = await startWorld({ boxes: 3, areas: [VILLAGE, NEXT_VILLAGE, VILLAGE] });
  await world.box(0);
  await world.box(1);
  await desk.sitsDown(world.consoleUrl, 'zhiban', world.secrets.operator);
  tv = await new TvScreen().turnsOn(world.tvUrl(0), undefined, VOICE);
  neighbour = await world.connectedVillager(1);
}, 240_000);
afterAll(async () => {
  await Promise.all([tv?.turnsOff(), desk.getsUp()]);
  await world?.ends();
});

const reminded = (n: number) => tv.shows(`${n} new notices`, async () => (await tv.detail()).includes(`村里有 ${n} 条新通知`));
const said = () => tv.page.evaluate(() => (window as unknown as { said: string[] }).said);
/** On the desk's page of the notices. */
async function sends(area: string, title: string, text: string): Promise<string> {
  const { page } = desk;
  await page.getByRole('combobox', { name: '给哪里' }).click();
  await page.locator('.ant-select-item-option', { hasText: area }).click();
  await page.getByLabel('标题').fill(title);
  await page.getByLabel('内容').fill(text);
  const lines = await page.getByTestId('tv-lines').innerText();
  await page.getByLabel('内容').press('Control+Enter');
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '发送' }).click();
  await page.locator('[data-testid="notice"][data-state="standing"]', { hasText: title }).waitFor();
  return lines;
}

it('is written at the desk and on the TV within seconds; opened, it is read aloud and known', async () => {
  await desk.page.keyboard.press('t');
  const shown = await sends('平安村', '周五停水', TEXT);
  const from = Date.now();
  await reminded(1);
  expect(Date.now() - from).toBeLessThan(10_000);
  await tv.presses('0', '2', '1');
  await tv.shows('the notice', async () => (await tv.read('data-sheet')) === 'notice');
  const detail = await tv.detail();
  // Line by line as the desk was shown it.
  for (const line of shown.split('\n').filter(Boolean)) expect(detail).toContain(line);
  expect(detail).toMatch(/平安镇综治中心.*月.*日/);
  expect(await said()).toContain(`周五停水。${TEXT}`);
  await tv.presses('Escape', 'Escape', 'Escape');
  await tv.shows('the wall without a reminder', async () => !(await tv.detail()).includes('新通知'));
});

it('an alarm covers it at once, and stops its reading', async () => {
  await tv.presses('0', '2', '1');
  const before = (await said()).length;
  await tv.holdsAlarmKey();
  await tv.shows('the alarm', async () => (await tv.read('data-panel')) === 'alarm');
  expect(await tv.read('data-sheet')).toBe('');
  expect((await said())[before]).toBe('');
  await tv.presses('Escape');
  await tv.shows('that it was withdrawn', async () => (await tv.headline()).includes('已撤回'));
});

it('the box is restarted while the centre is down: the notice is still there, and still known', { timeout: 120_000 }, async () => {
  await world.broker.stop();
  await world.boxService(0).stop();
  await world.box(0);
  const villager = await world.villager(0);
  expect(villager.state?.centre.connected).toBe(false);
  expect(villager.state?.notices).toMatchObject([{ title: '周五停水', text: TEXT, read: true }]);
  await world.broker.start();
  await until('the box is back', () => villager.state?.centre.connected);
});

it('a box that comes later has it too; the other village never had it, and gets what is for all', { timeout: 120_000 }, async () => {
  await world.box(2);
  const late = await world.connectedVillager(2);
  await until('the notice that stands', () => late.state?.notices?.some((n) => n.title === '周五停水'));
  await sends('平安镇', '下周一赶集', '街上不能停车。');
  await until('the one for all', () => neighbour.state?.notices?.some((n) => n.title === '下周一赶集'));
  for (const { notices } of neighbour.seen) expect(notices?.map((n) => n.title) ?? []).not.toContain('周五停水');
  await until('both', () => late.state?.notices?.length === 2);
});

it('withdrawn at the desk it is gone from the TVs; the ledger has who and when', { timeout: 120_000 }, async () => {
  await desk.page.locator('[data-testid="notice"]', { hasText: '周五停水' }).getByRole('button', { name: '撤回' }).click();
  await desk.page.locator('.ant-modal-confirm').getByRole('button', { name: '撤回' }).click();
  const villager = await world.villager(0);
  await until('one notice less', () => villager.state?.notices?.map((n) => n.title).join() === '下周一赶集');
  const operator = await world.operatorAway();
  const kinds = (await operator.ledger()).map((row) => row.kind).filter((kind) => kind.startsWith('notice.'));
  expect(kinds).toEqual(['notice.sent', 'notice.sent', 'notice.withdrawn']);
  expect(noticePaths.notices).toBe('/api/v1/notices');
});
