/**
 * Takes the README's pictures from the real thing: `npm run pictures [-- DIR]` (default docs/pictures). With another folder, every
 * screen and size is taken, for looking at.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeEvent } from '@shouwang/protocol';
import type { Page } from 'playwright-core';
import { CONSOLE_900, ConsoleScreen } from './harness/console-screen.ts';
import { BOXES, MiddlewareTv } from './harness/middleware.ts';
import { ROOT, type Service } from './harness/service.ts';
import { TV_720, TV_1080, TvScreen } from './harness/tv-screen.ts';
import { until } from './harness/until.ts';
import { newId, WireBox } from './harness/wire-box.ts';
import { startWorld } from './harness/world.ts';

const readme = join(ROOT, 'docs/pictures');
const dir = resolve(process.argv[2] ?? readme);
const all = dir !== readme;
mkdirSync(dir, { recursive: true });

const world = await startWorld({
  pictures: true,
  boxes: 2,
  bridgeEnv: { SIMULATED_GATEWAY: '02:00:00:00:00:01' },
  brokerEnv: { SHOUWANG_BROKER_HTTP_TV_APP_DIR: join(ROOT, 'tv-app/dist') },
});
/** Boxes whose page is their own voice. */
const own: MiddlewareTv[] = [];
const tv = new TvScreen();
const small = new TvScreen();
const desk = new ConsoleScreen();
const take = (page: Page, name: string) => page.screenshot({ path: join(dir, `${name}.png`) });
const wall = (screen: TvScreen) =>
  until('six stills', async () => (await screen.tiles()).filter((t) => t.stillAt > 0).length === 6, 60_000);

/** The page of the devices, with a box that was moved and one that can no longer see its keys; and the moved box's case. */
async function takesDevices(moved: Service): Promise<void> {
  await moved.stop();
  moved.options.env.SIMULATED_GATEWAY = '02:00:00:00:00:02';
  await world.box();
  const broken = await WireBox.connects(world.ports.mqtt, world.boxId(1), world.secrets.boxes[1] ?? '');
  const at = Date.now();
  broken.sends('fault', makeEvent('cn.shouwang.box.fault.v1', `box/${world.boxId(1)}`, newId(), at, { fault: 'keys', at }));
  const villager = await world.connectedVillager();
  await villager.pressesSos();
  await desk.selects(await desk.hasCase('received'));
  await desk.page.locator('[data-testid="address-in-doubt"]').waitFor();
  for (const [name, screen] of [
    ['900', CONSOLE_900],
    ['1080', { width: 1920, height: 1080 }],
  ] as const) {
    await desk.page.setViewportSize(screen);
    await take(desk.page, `console-moved-${name}`);
    await desk.page.keyboard.press('d');
    await desk.page.locator('[data-testid="device"]').nth(1).waitFor();
    await take(desk.page, `console-devices-${name}`);
    await desk.page.getByRole('tab', { name: '工单' }).click();
    await desk.page.locator('[data-testid="order"]').first().waitFor();
    await take(desk.page, `console-orders-${name}`);
    await desk.page.keyboard.press('d');
  }
  await broken.leaves();
}

/** A notice being written at the desk, and what the TV shows of it. */
async function takesNotices(): Promise<void> {
  const { page } = desk;
  await page.keyboard.press('t');
  await page.getByLabel('标题').fill('周五停水');
  await page
    .getByLabel('内容')
    .fill('周五（27日）上午八点到下午四点全镇停水检修，请提前存水。\n\n家里有病人、老人需要帮忙的，请找村委会，电话 0859-555-0123。');
  for (const [name, screen] of [
    ['900', CONSOLE_900],
    ['1080', { width: 1920, height: 1080 }],
  ] as const) {
    await page.setViewportSize(screen);
    await take(page, `console-notice-${name}`);
  }
  await page.getByLabel('内容').press('Control+Enter');
  const question = page.locator('.ant-modal-confirm');
  await question.getByRole('button', { name: '发送' }).waitFor();
  if (all) await take(page, 'console-notice-asked-1080');
  await question.getByRole('button', { name: '发送' }).click();
  await page.locator('[data-testid="notice"][data-state="standing"]').waitFor();
  if (all) await take(page, 'console-notices-1080');
  await page.setViewportSize(CONSOLE_900);
  if (all) await take(page, 'console-notices-900');
  for (const [screen, name] of [
    [tv, 'tv-notice'],
    [small, 'tv-notice-720'],
  ] as const) {
    if (screen === small && !all) continue;
    await screen.shows('a new notice', async () => (await screen.detail()).includes('新通知'));
    if (all) await take(screen.page, `${name}-wall`);
    await screen.presses('0', '2', '1');
    await screen.shows('the notice', async () => (await screen.read('data-sheet')) === 'notice');
    await take(screen.page, name);
    await screen.presses('Escape', 'Escape', 'Escape');
  }
  await page.keyboard.press('t');
}

try {
  const box = await world.box();
  await desk.sitsDown(world.consoleUrl, 'zhiban', world.secrets.operator);
  await tv.turnsOn(world.tvUrl(), TV_1080);
  await wall(tv);
  await tv.shows('a manned centre', async () => (await tv.detail()).includes('有人'));
  await take(tv.page, 'tv-wall');
  if (all) {
    await small.turnsOn(world.tvUrl(), TV_720);
    await wall(small);
    await take(small.page, 'tv-wall-720');
    await take(desk.page, 'console-quiet');
  }
  await takesNotices();
  await tv.presses('ArrowRight', 'Enter');
  await tv.shows('a live picture', async () => (await tv.read('data-picture')) === 'live', 30_000);
  await take(tv.page, 'tv-live');
  if (all) {
    await small.presses('Enter');
    await small.shows('a live picture', async () => (await small.read('data-picture')) === 'live', 30_000);
    await take(small.page, 'tv-live-720');
  }
  await tv.holdsAlarmKey();
  await tv.showsStep('received');
  if (all) await take(tv.page, 'tv-alarm-received');
  const caseNo = await desk.hasCase('received');
  await desk.page.locator('[data-testid="main-picture"][data-state="playing"]').waitFor({ timeout: 30_000 });
  await until('a picture in every tile', async () => (await desk.page.locator('.tile__still').count()) === 6, 30_000);
  await take(desk.page, 'console');
  await desk.selects(caseNo);
  await desk.signs();
  await tv.showsStep('signed');
  await take(tv.page, 'tv-alarm');
  if (all) {
    await take(small.page, 'tv-alarm-720');
    await desk.page.setViewportSize({ width: 1920, height: 1080 });
    await take(desk.page, 'console-1080');
    await desk.sendsSomebody();
    await tv.showsStep('handling');
    await take(tv.page, 'tv-handling');
    await desk.page.keyboard.press('c');
    await desk.page.locator('#command-text').waitFor();
    await take(desk.page, 'console-close-form');
    await desk.page.keyboard.press('Escape');
    await desk.writes('c', '民警到场，误会一场');
    await tv.showsStep('closed');
    await take(tv.page, 'tv-closed');
    await take(small.page, 'tv-closed-720');
    await tv.presses('1');
    await tv.showsStep('rated');
    await take(tv.page, 'tv-rated');
    await take(desk.page, 'console-rated');
    await tv.presses('Backspace');
    await tv.page.keyboard.down('y');
    await tv.showsHeadline('中心收到了测试');
    await tv.page.keyboard.up('y');
    await take(tv.page, 'tv-test');
    await take(small.page, 'tv-test-720');
    await tv.presses('Backspace', 'b', 'b', 'b', 'b');
    await desk.selects(await desk.hasCase('received'));
    await desk.page.locator('[data-testid="main-picture"][data-state="playing"]').waitFor({ timeout: 30_000 });
    await take(desk.page, 'console-silent-1080');
    await desk.page.setViewportSize(CONSOLE_900);
    await take(desk.page, 'console-silent');
    await take(tv.page, 'tv-silent');
    await desk.signs();
    await takesDevices(box);
  }
  if (all) {
    const page = await new MiddlewareTv(BOXES.ipanel).turnsOn(world.centreTvUrl, TV_1080);
    const half = await new MiddlewareTv(BOXES.iptv).turnsOn(world.centreTvUrl, TV_720);
    own.push(page, half);
    await page.types((await world.activationCode(1)).slice(0, 3));
    await half.types('00000000');
    await half.shows('that the code was wrong', async () => (await half.read('data-activation')) === 'wrong');
    await take(page.page, 'in-page-activation');
    await take(half.page, 'in-page-activation-720');
    await half.types(await world.activationCode(1));
    await until('six stills', async () => (await half.tiles()).filter((t) => t.stillAt > 0).length === 6, 60_000);
    await take(half.page, 'in-page-wall-720');
    await half.page.route('**/api/v1/box/**', (route) => route.abort());
    await half.holdsUntilAlarm();
    await half.showsStep('stored');
    await take(half.page, 'in-page-alarm-stored-720');
    await half.page.unroute('**/api/v1/box/**');
    await half.showsStep('received', 60_000);
    await take(half.page, 'in-page-alarm-720');
    await half.page.setViewportSize(TV_1080);
    await half.page.reload();
    await half.showsStep('received', 60_000);
    await take(half.page, 'in-page-alarm');
  }
} finally {
  await Promise.all([...own.map((o) => o.turnsOff()), tv.turnsOff(), small.turnsOff(), desk.getsUp()]);
  await world.ends();
}
