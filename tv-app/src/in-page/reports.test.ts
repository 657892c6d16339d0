/** “My reports” of a box whose page is its only voice: the centre's list, kept for when it is away. */
import type { Progress } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { expect, it } from 'vitest';
import { FakeCentre } from '../testing/fake-centre.ts';
import { flash, Page } from '../testing/page.ts';
import { T0 } from '../testing/states.ts';
import { newId } from './new-id.ts';

const NEWER = newId(T0 - 60_000);
const OLDER = newId(T0 - 120_000);

function told(alarmId: string, receivedAt: number, change: Partial<Progress['data']> = {}): Progress['data'] {
  const at = { since: receivedAt, receivedAt, signedAt: receivedAt, handlingAt: receivedAt, closedAt: receivedAt };
  return { alarmId, caseNo: '20261123-0007', revision: 4, state: 'closed', ...at, result: '已处理', reopened: 0, ...change };
}

function aCentre(): FakeCentre {
  const centre = new FakeCentre();
  centre.reports = [told(NEWER, T0 - 60_000), told(OLDER, T0 - 120_000, { rating: 'satisfied' })];
  return centre;
}

const ids = (page: Page) => page.link.state?.reports?.map((r) => r.id);

/** Opened, and told its list. */
async function aPage(options: ConstructorParameters<typeof Page>[0] = {}): Promise<Page> {
  const page = await new Page({ centre: aCentre(), ...options }).works();
  await page.clock.passes(5_000);
  return page;
}

it('is not known before the centre has told it; then it is the newest first, each with how it ended', async () => {
  const page = await new Page({ centre: aCentre() }).works();
  expect(page.link.state?.reports).toBeUndefined();
  await page.clock.passes(5_000);
  expect(page.link.state?.reports).toMatchObject([
    { id: NEWER, state: 'closed', result: '已处理', fromCentre: true, late: false },
    { id: OLDER, state: 'closed', rating: 'satisfied', ratingReceived: true },
  ]);
  expect(page.alarm).toBeUndefined();
});

it('of a box without alarms is empty, not unknown', async () => {
  const page = await aPage({ centre: new FakeCentre() });
  expect(page.link.state?.reports).toEqual([]);
});

it('is there for the next page while the centre is away, also what was put away since', async () => {
  const page = await aPage();
  await page.holdsAlarmKey();
  const id = page.alarm!.id;
  await page.link.call('withdraw', {});
  await page.link.call('dismiss', {});
  page.link.close();
  page.centre.up = false;
  const next = await new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
  expect(next.link.state?.centre.connected).toBe(false);
  expect(ids(next)).toEqual([id, NEWER, OLDER]);
});

it('of another box is not this one’s, nor is the last alarm', async () => {
  const page = await aPage();
  await page.holdsAlarmKey();
  const next = await anotherFamily(page);
  expect(next.link.state?.boxId).toBe('box-0002');
  expect(next.link.state?.reports).toBeUndefined();
  expect(next.alarm).toBeUndefined();
});

/** The page after an engineer gave the box another family's account, with the centre away. */
async function anotherFamily(page: Page): Promise<Page> {
  page.link.close();
  page.flash!.setItem('shouwang.account', JSON.stringify({ boxId: 'box-0002', secret: 'the-secret-of-box-0001' }));
  page.centre.up = false;
  return new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
}

it('the last alarm of another box is not shown where no list was ever told, either', async () => {
  const page = await new Page().works();
  await page.holdsAlarmKey();
  expect(page.link.state?.reports).toBeUndefined();
  expect((await anotherFamily(page)).alarm).toBeUndefined();
});

it('an alarm that was pressed before this box’s list was told is there for the next page', async () => {
  const page = await anotherFamily(await aPage());
  await page.holdsAlarmKey();
  page.link.close();
  const next = await new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
  expect(next.alarm).toMatchObject({ id: page.alarm!.id, storedAt: expect.any(Number) });
});

it('on a box that keeps nothing comes from the centre again', async () => {
  const page = await aPage({ flash: undefined });
  page.link.close();
  expect(ids(await aPage({ centre: page.centre, flash: undefined }))).toEqual([NEWER, OLDER]);
});

it('does not change by a silent alarm', async () => {
  const page = await aPage();
  const before = JSON.stringify({ ...page.link.state, now: 0 });
  for (let n = 0; n < 4; n++) {
    await page.link.call('key', { key: 'silent', action: 'down' });
    await page.link.call('key', { key: 'silent', action: 'up' });
    await page.clock.passes(500);
  }
  expect(page.centre.of('alarm')).toHaveLength(1);
  page.centre.forgets();
  await page.clock.passes(5_000);
  expect(JSON.stringify({ ...page.link.state, now: 0 })).toBe(before);
});

it('an older one takes “not solved”: the centre is told, and it is followed in front like the last', async () => {
  const page = await aPage();
  await page.link.call('rate', { rating: 'unsolved', alarmId: OLDER });
  await page.clock.passes(100);
  const [said] = page.centre.of('rating');
  expect(isValid('CaseRated', said)).toBe(true);
  expect(said?.data).toMatchObject({ alarmId: OLDER, rating: 'unsolved' });
  expect(page.alarm).toMatchObject({ id: OLDER, rating: 'unsolved', ratingReceived: true });
  page.centre.says('cn.shouwang.alarm.progress.v1', told(OLDER, T0 - 120_000, { revision: 6, state: 'handling', reopened: 1 }));
  await page.clock.passes(100);
  expect(page.alarm).toMatchObject({ id: OLDER, state: 'handling', reopened: 1 });
  expect(ids(page)).toEqual([OLDER, NEWER]);
});

it('an answer that waits for the centre is sent when it is back, by the next page too', async () => {
  const page = await aPage();
  page.centre.dies();
  await page.clock.passes(100);
  await page.link.call('rate', { rating: 'fair', alarmId: NEWER });
  page.link.close();
  page.centre.up = true;
  const next = await new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
  await next.clock.passes(1_000);
  expect(page.centre.of('rating').map((e) => e.data)).toMatchObject([{ alarmId: NEWER, rating: 'fair' }]);
  expect(next.link.state?.reports?.[0]).toMatchObject({ id: NEWER, rating: 'fair', ratingReceived: true });
});

it.each([
  ['an alarm that is not in it', newId(T0), 'ALARM_UNKNOWN'],
  ['one that was answered', OLDER, 'CASE_STATE'],
])('%s takes no rating', async (_what, alarmId, code) => {
  const page = await aPage();
  await expect(page.link.call('rate', { rating: 'fair', alarmId })).rejects.toMatchObject({ code });
  expect(page.centre.of('rating')).toEqual([]);
});

it('is asked for once after each break, and what changes comes with the news', async () => {
  const page = await aPage();
  await page.clock.passes(600_000);
  expect(page.centre.listed).toBe(1);
  page.centre.says('cn.shouwang.alarm.progress.v1', told(NEWER, T0 - 60_000, { revision: 5, result: '又去看过' }));
  await page.clock.passes(100);
  expect(page.link.state?.reports?.[0]?.result).toBe('又去看过');
  page.centre.forgets();
  await page.clock.passes(5_000);
  expect(page.centre.listed).toBe(2);
});

it.each([
  ['that a store in trouble refuses', { status: 503, body: undefined }],
  ['that a portal answers', { status: 200, body: { welcome: true } }],
  ['that has nothing in it', { status: 200, body: undefined }],
])('a question %s is asked again, ever more slowly', async (_what, answer) => {
  const centre = aCentre();
  let asked = 0;
  let broken = true;
  const { ask } = centre;
  centre.ask = async (question) => {
    if (!question.path.endsWith('/reports') || !broken) return ask(question);
    asked++;
    if (answer.status !== 200) throw new Error('no answer');
    return { status: 200, body: answer.body };
  };
  const page = await aPage({ centre });
  expect(page.link.state?.reports).toBeUndefined();
  await page.clock.passes(3_600_000);
  expect(asked).toBeGreaterThan(10);
  expect(asked).toBeLessThan(30);
  broken = false;
  await page.clock.passes(300_000);
  expect(ids(page)).toEqual([NEWER, OLDER]);
});

it('gives its room to an alarm where the storage is full', async () => {
  const store = flash();
  const page = await aPage({ flash: store });
  store.room = ['account', 'alarms', 'reports', 'tested', 'probe'].reduce(
    (n, name) => n + (store.getItem(`shouwang.${name}`)?.length ?? 0),
    0,
  );
  page.centre.up = false;
  await page.holdsAlarmKey();
  expect(page.alarm?.storedAt).toBeDefined();
  expect(page.link.state?.claims.stored).toBe(true);
  expect(page.link.state?.reports).toHaveLength(3);
  page.link.close();
  const next = await new Page({ centre: page.centre, clock: page.clock, flash: store }).opens();
  expect(next.alarm).toMatchObject({ id: page.alarm?.id, storedAt: expect.any(Number) });
  expect(next.link.state?.reports).toBeUndefined();
});

it('nonsense in its place on the storage is no list', async () => {
  const store = flash();
  const page = await aPage({ flash: store });
  page.link.close();
  store.setItem('shouwang.reports', '{"boxId":"box-0001","told":true,"past":5}');
  page.centre.up = false;
  const next = await new Page({ centre: page.centre, clock: page.clock, flash: store }).opens();
  expect(next.link.state?.reports).toBeUndefined();
});
