import { readFileSync } from 'node:fs';
import { isValid } from '@shouwang/protocol/validators';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, CODE, FakeCentre } from '../testing/fake-centre.ts';
import { settle } from '../testing/manual-clock.ts';
import { Page } from '../testing/page.ts';
import { T0 } from '../testing/states.ts';

describe('without an account', () => {
  it('the key does not work, and the engineer’s screen is there', async () => {
    const page = await new Page().opens();
    expect(page.link.status).toBe('lost');
    expect(page.link.activation).toMatchObject({ digits: '', label: 'iPanel', reported: { card: '8531002345678901' } });
    await expect(page.link.call('key', { key: 'alarm', action: 'down' })).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('the right code gives the account, which outlives the page', async () => {
    const page = await new Page().works();
    expect(page.link.status).toBe('up');
    expect(page.link.activation).toBeUndefined();
    const next = await new Page({ centre: page.centre, flash: page.flash }).opens();
    expect(next.link.state?.boxId).toBe(ACCOUNT.boxId);
  });

  it.each([
    ['a wrong code', '00000000', undefined, true, 'wrong'],
    ['too many attempts', CODE, 'TOO_MANY', true, 'too-many'],
    ['no centre', CODE, undefined, false, 'offline'],
  ])('%s is said, and the next digit begins anew', async (_what, code, refusal, up, phase) => {
    const page = await new Page().opens();
    page.centre.refusal = refusal;
    page.centre.up = up;
    await page.types(code);
    expect(page.link.activation?.phase).toBe(phase);
    page.link.activation?.key('digit7');
    expect(page.link.activation).toMatchObject({ phase: 'typing', digits: '7' });
  });

  it('back takes a digit away', async () => {
    const page = await new Page().opens();
    await page.types('12');
    page.link.activation?.key('back');
    expect(page.link.activation?.digits).toBe('1');
  });

  it('an account that the centre no longer knows leads back to the engineer’s screen, and an alarm that waits is not forgotten', async () => {
    const page = await new Page().works();
    page.centre.dies();
    await page.holdsAlarmKey();
    page.centre.up = true;
    page.centre.refusal = 'BAD_CREDENTIALS';
    await page.clock.passes(20_000);
    expect(page.link.status).toBe('lost');
    expect(page.link.activation).toBeDefined();
    page.centre.refusal = undefined;
    await page.types(CODE);
    await page.clock.passes(1_000);
    expect(page.alarm?.receivedAt).toBeDefined();
  });
});

describe('an alarm', () => {
  it('is stored, sent and received, each said only when it is so', async () => {
    const page = await new Page().works();
    page.centre.holding = true;
    const seen: string[] = [];
    page.link.onChange(() => {
      const a = page.alarm;
      if (a) seen.push([a.storedAt && 'stored', a.sentAt && 'sent', a.receivedAt && 'received'].filter(Boolean).join(' '));
    });
    await page.holdsAlarmKey();
    expect(page.alarm?.receivedAt).toBeUndefined();
    page.centre.setsFree();
    await settle();
    expect(seen.filter((s, i) => s !== seen[i - 1])).toEqual(['stored', 'stored sent', 'stored sent received']);
    expect(isValid('AlarmRaised', page.centre.of('alarm')[0])).toBe(true);
    expect(page.alarm?.caseNo).toBe('20261123-0007');
  });

  it('by repeats alone, on a remote without key-ups', async () => {
    const page = await new Page({ keyUps: false }).works();
    await page.link.call('key', { key: 'alarm', action: 'down' });
    await page.clock.passes(500);
    for (let t = 500; t < 2_000; t += 125) {
      page.link.keyRepeats('alarm');
      await page.clock.passes(125);
    }
    expect(page.centre.of('alarm')).toHaveLength(1);
  });

  it('with the centre down is kept and sent for ever, the same message, and the TV does not claim more', async () => {
    const page = await new Page().works();
    page.centre.dies();
    await page.clock.passes(100);
    await page.holdsAlarmKey();
    expect(page.link.state?.centre.connected).toBe(false);
    expect(page.alarm).toMatchObject({ storedAt: expect.any(Number), late: false });
    expect(page.alarm?.sentAt).toBeUndefined();
    await page.clock.passes(20_000);
    expect(page.alarm?.late).toBe(true);
    await page.clock.passes(3_600_000);
    page.centre.up = true;
    await page.clock.passes(30_000);
    expect(page.centre.of('alarm').map((e) => e.id)).toEqual([page.alarm?.id]);
    expect(page.alarm).toMatchObject({ receivedAt: expect.any(Number), late: false });
    expect(page.link.state?.centre.connected).toBe(true);
  });

  it('is not late because the one before was', async () => {
    const page = await new Page().works();
    page.centre.dies();
    await page.holdsAlarmKey();
    await page.clock.passes(20_000);
    await page.link.call('withdraw', {});
    await page.holdsAlarmKey();
    expect(page.alarm).toMatchObject({ storedAt: expect.any(Number), late: false });
  });

  it('unanswered, is there again after the page was loaded anew', async () => {
    const page = await new Page().works();
    page.centre.dies();
    await page.holdsAlarmKey();
    const id = page.alarm?.id;
    page.link.close();
    const still = await new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
    expect(still.alarm).toMatchObject({ id, storedAt: expect.any(Number) });
    still.link.close();
    page.centre.up = true;
    const next = await new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
    expect(next.alarm).toMatchObject({ id, receivedAt: expect.any(Number) });
    expect(page.centre.of('alarm').map((e) => e.id)).toEqual([id]);
  });

  it('on a box that keeps nothing is sent all the same, and never called stored', async () => {
    const page = await new Page({ flash: undefined }).works();
    expect(page.link.activation).toBeUndefined();
    await page.holdsAlarmKey();
    expect(page.link.state?.claims).toEqual({ stored: false, survivesPowerLoss: false, keyOutsidePage: false });
    expect(page.alarm?.storedAt).toBeUndefined();
    expect(page.alarm?.receivedAt).toBeDefined();
  });

  it('with storage that has filled up is sent, not called stored, and the trouble is shown', async () => {
    const page = await new Page().works();
    page.flash!.full = true;
    await page.holdsAlarmKey();
    expect(page.alarm).toMatchObject({ receivedAt: expect.any(Number) });
    expect(page.alarm?.storedAt).toBeUndefined();
    expect(page.link.state).toMatchObject({ flashBroken: true, claims: { stored: false } });
  });

  it('is followed: progress, withdrawal, what it is about, the rating', async () => {
    const page = await new Page().works();
    await page.holdsAlarmKey();
    const alarmId = page.alarm!.id;
    await page.link.call('detail', { about: 'fire' });
    const progress = { alarmId, caseNo: '20261123-0007', since: T0, receivedAt: T0, reopened: 0 };
    page.centre.says('cn.shouwang.alarm.progress.v1', { ...progress, revision: 2, state: 'signed', post: '值班员', signedAt: T0 });
    await page.clock.passes(100);
    expect(page.alarm).toMatchObject({ state: 'signed', post: '值班员', about: 'fire' });
    page.centre.says('cn.shouwang.alarm.progress.v1', { ...progress, revision: 3, state: 'closed', closedAt: T0, result: '已处理' });
    await page.clock.passes(100);
    await expect(page.link.call('withdraw', {})).rejects.toMatchObject({ code: 'CASE_STATE' });
    await page.link.call('rate', { rating: 'satisfied' });
    await settle();
    expect(page.alarm).toMatchObject({ rating: 'satisfied', ratingReceived: true });
    for (const [kind, schema] of [
      ['detail', 'AlarmDetailed'],
      ['rating', 'CaseRated'],
      ['sync', 'SyncAsked'],
    ] as const)
      expect(isValid(schema, page.centre.of(kind)[0]), kind).toBe(true);
    await page.link.call('dismiss', {});
    expect(page.alarm).toBeUndefined();
  });

  it('the link’s codes say why something is not taken: no alarm, not now, no room', async () => {
    const page = await new Page().works();
    for (const name of ['withdraw', 'dismiss'] as const)
      await expect(page.link.call(name, {})).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
    page.centre.dies();
    await page.holdsAlarmKey();
    await expect(page.link.call('dismiss', {})).rejects.toMatchObject({ code: 'CASE_STATE' });
    for (let n = 0; n < 40; n++) await page.link.call('detail', { about: n % 2 ? 'fire' : 'fight' });
    await expect(page.link.call('detail', { about: 'fire' })).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
    await expect(page.link.call('withdraw', {})).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
  });

  it('silent: sent, and nothing changes on the screen', async () => {
    const page = await new Page().works();
    const before = JSON.stringify({ ...page.link.state, now: 0 });
    for (let n = 0; n < 4; n++) {
      await page.link.call('key', { key: 'silent', action: 'down' });
      await page.link.call('key', { key: 'silent', action: 'up' });
      await page.clock.passes(500);
    }
    expect(page.centre.of('alarm').at(-1)?.data).toMatchObject({ silent: true });
    expect(JSON.stringify({ ...page.link.state, now: 0 })).toBe(before);
  });

  it('a test by the yellow key is shown with what came of it', async () => {
    const page = await new Page().works();
    await page.link.call('key', { key: 'test', action: 'down' });
    await page.clock.passes(3_000);
    expect(page.link.state?.test).toMatchObject({ receivedAt: expect.any(Number) });
    expect(page.centre.of('test').map((e) => (e.data as { by: string }).by)).toEqual(['self', 'person']);
    await page.link.call('dismissTest', {});
    expect(page.link.state?.test).toBeUndefined();
  });

  it('a test is not shown to who turns the box on later', async () => {
    const page = await new Page().works();
    page.centre.dies();
    await page.link.call('test', {});
    expect(page.link.state?.test).toBeDefined();
    page.link.close();
    const next = await new Page({ centre: page.centre, clock: page.clock, flash: page.flash }).opens();
    expect(next.link.state).toMatchObject({ boxId: ACCOUNT.boxId });
    expect(next.link.state?.test).toBeUndefined();
  });
});

describe('the centre', () => {
  it('is told every 30 s that this box is there, and once a day that the whole way works', async () => {
    const page = await new Page().works();
    await page.clock.passes(90_000);
    expect(page.centre.statuses.length).toBeGreaterThanOrEqual(3);
    for (const status of page.centre.statuses) expect(isValid('BoxStatus', status)).toBe(true);
    expect(page.centre.of('test')).toHaveLength(1);
    await page.clock.passes(24 * 3_600_000);
    expect(page.centre.of('test')).toHaveLength(2);
  });

  it('gives cameras; without an answer the call fails with its code', async () => {
    const page = await new Page().works();
    await expect(page.link.call('cameras', {})).resolves.toMatchObject({ cameras: [] });
    page.centre.up = false;
    await expect(page.link.call('cameras', {})).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('that cannot commit now can be reached all the same, and gets the alarm when it can', async () => {
    const page = await new Page().works();
    page.centre.refusal = 'STORE_UNAVAILABLE';
    await page.holdsAlarmKey();
    expect(page.link.state?.centre.connected).toBe(true);
    page.centre.refusal = undefined;
    await page.clock.passes(30_000);
    expect(page.alarm?.receivedAt).toBeDefined();
  });

  it('that lets this box in no more is not called connected, until it does', async () => {
    const page = await new Page().works();
    page.centre.refusal = 'BOX_REVOKED';
    page.centre.forgets();
    await page.clock.passes(1_000);
    expect(page.link.state?.centre).toMatchObject({ connected: false, refused: true });
    page.centre.refusal = undefined;
    await page.clock.passes(30_000);
    expect(page.link.state?.centre).toMatchObject({ connected: true, refused: undefined });
  });

  it('is not the portal that answers in its place', async () => {
    const centre = new FakeCentre();
    const { ask } = centre;
    let portal = false;
    let answers = 0;
    centre.ask = async (asked) => {
      if (!portal) return ask(asked);
      // It must not be asked in a circle.
      if (++answers > 200) throw new Error('asked over and over');
      return { status: 200, body: { welcome: true } };
    };
    const page = await new Page({ centre }).works();
    portal = true;
    centre.dies();
    await page.clock.passes(1_000);
    await page.holdsAlarmKey();
    await page.clock.passes(60_000);
    expect(page.link.state?.centre.connected).toBe(false);
    expect(page.alarm?.receivedAt).toBeUndefined();
    expect(answers).toBeLessThan(60);
    portal = false;
    centre.up = true;
    await page.clock.passes(60_000);
    expect(page.alarm?.receivedAt).toBeDefined();
  });

  it('closed, the page leaves no timer', async () => {
    const page = await new Page().works();
    await page.holdsAlarmKey();
    page.link.close();
    expect(page.clock.pending).toBe(0);
  });
});

describe('the township’s notices', () => {
  const ID = '0193580a-0000-7000-8000-000000000001';
  const tell = async (page: Page, until: number) => {
    const one = { id: ID, at: page.clock.now(), until, from: '平安镇', title: '周五停水', text: '请存水。' };
    page.centre.says('cn.shouwang.box.notices.v1', { boxId: ACCOUNT.boxId, notices: [one] });
    await page.clock.passes(1_000);
  };
  const titles = (page: Page) => page.link.state?.notices?.map((n) => n.title);

  it('are shown, outlive the page, and are gone at their time', async () => {
    const page = await new Page().works();
    await tell(page, page.clock.now() + 3_600_000);
    expect(titles(page)).toEqual(['周五停水']);
    const next = await new Page({ centre: page.centre, flash: page.flash }).opens();
    expect(titles(next)).toEqual(['周五停水']);
    // Looked at every half minute.
    await page.clock.passes(3_630_000);
    expect(titles(page)).toEqual([]);
  });

  it('withdrawn, they are gone', async () => {
    const page = await new Page().works();
    await tell(page, page.clock.now() + 3_600_000);
    page.centre.says('cn.shouwang.box.notices.v1', { boxId: ACCOUNT.boxId, notices: [] });
    await page.clock.passes(1_000);
    expect(titles(page)).toEqual([]);
  });
});

it('docs/firmware.md says of such a box what its page claims', async () => {
  const document = readFileSync(new URL('../../../docs/firmware.md', import.meta.url), 'utf8');
  const written = [...document.matchAll(/^\| no daemon \| (.*) \| page \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm)].map((row) =>
    row.slice(1),
  );
  const claimed = async (page: Page) => {
    const { stored, survivesPowerLoss, keyOutsidePage } = (await page.works()).link.state!.claims;
    return [stored, survivesPowerLoss, keyOutsidePage].map((claim) => (claim ? 'yes' : 'no'));
  };
  expect(written).toEqual([
    ['the box keeps localStorage', ...(await claimed(new Page()))],
    ['it keeps nothing', ...(await claimed(new Page({ flash: undefined })))],
  ]);
});
