/** The menu by remote keys: reports, notices, settings, help, what works. */
import { afterEach, describe, expect, it } from 'vitest';
import { alarmWith, FACTS, stateWith, T0 } from '../testing/states.ts';
import { Television } from '../testing/television.ts';
import { speak } from '../words.ts';

let tv: Television;
afterEach(() => {
  tv?.app.close();
  speak('zh');
});

const ID = '019ab000-0000-7000-8000-00000000000';
const open = alarmWith({ ...FACTS.signed, id: `${ID}9`, pressedAt: T0 - 60_000 });
const closed = alarmWith({ ...FACTS.closed, id: `${ID}1`, pressedAt: T0 - 3 * 86_400_000 });
const rated = alarmWith({ ...FACTS.closed, id: `${ID}2`, rating: 'satisfied', ratingReceived: true, pressedAt: T0 - 9 * 86_400_000 });
const withdrawn = alarmWith({ ...FACTS.received, id: `${ID}3`, withdrawSentAt: T0, withdrawnAt: T0, pressedAt: T0 - 20 * 86_400_000 });
const NOTICE = { id: 'n1', at: T0 - 86_400_000, from: '平安镇人民政府', title: '明天停水', text: '明天上午停水。' };

const HOLDING = { kind: 'holding', since: T0, holdMs: 2_000, presses: 1 } as const;
const READING = stateWith({ notices: [NOTICE] });

async function turnOn(state = stateWith()): Promise<void> {
  tv = await new Television({ ...state, now: T0 }).turnsOn();
}
const rows = () => tv.view.sheet?.rows.map((r) => `${r.digit ?? ''} ${r.label} ${r.detail}`.trim());

describe('the menu', () => {
  it('opens by 0 and by the menu key, closes by back, and has a number for everything', async () => {
    await turnOn();
    await tv.presses('zero');
    expect(rows()?.map((r) => r.slice(0, 6))).toEqual(['1 我的报警', '2 村里通知', '3 试一试报', '4 怎么报警', '5 字大小、', '6 现在能用']);
    await tv.presses('back');
    expect(tv.view.sheet).toBeUndefined();
    await tv.presses('menu', 'down', 'down', 'down', 'ok');
    expect(tv.view.sheet?.name).toBe('help');
    await tv.presses('back', 'zero');
    expect(tv.view.sheet).toBeUndefined();
  });

  it('gives way to the alarm key', async () => {
    await turnOn();
    await tv.presses('zero', 'four');
    tv.sends('keydown', 'alarm');
    expect(tv.view.sheet).toBeUndefined();
    expect(tv.bridge.called('key')).toEqual([{ key: 'alarm', action: 'down' }]);
  });
});

describe('my reports', () => {
  it('lists each with how far it has got', async () => {
    await turnOn(stateWith({ reports: [open, closed, rated, withdrawn] }));
    await tv.presses('zero');
    expect(rows()?.[0]).toContain('有 2 件没有处理完');
    await tv.presses('one');
    expect(tv.view.sheet?.rows.map((r) => r.detail)).toEqual([
      '值班员看到了',
      '处理完了，请回答解决了没有',
      '处理完了。您说：解决了，很满意',
      '您撤回了',
    ]);
    await tv.presses('one');
    expect(tv.view.sheet?.lines).toContain('综治中心值班员看到了');
    expect(tv.view.sheet?.steps.filter((s) => s.mark === 'done').length).toBe(4);
    expect(tv.view.sheet?.rows).toEqual([]);
  });

  it('the highlight stays on its alarm when another one comes', async () => {
    await turnOn(stateWith({ reports: [closed, rated] }));
    await tv.presses('zero', 'one');
    expect(tv.view.sheet?.rows[0]?.focused).toBe(true);
    tv.bridge.pushes(stateWith({ reports: [open, closed, rated] }));
    expect(tv.view.sheet?.rows[1]?.focused).toBe(true);
    await tv.presses('ok');
    expect(tv.view.sheet?.lines[0]).toBe('处理完了，请回答解决了没有');
  });

  it('takes the rating by one key, for that alarm', async () => {
    await turnOn(stateWith({ reports: [open, closed] }));
    await tv.presses('zero', 'one', 'two', 'two');
    expect(tv.bridge.called('rate')).toEqual([{ rating: 'fair', alarmId: closed.id }]);
  });

  it('one that was answered can be reopened by "not solved", and answered in no other way', async () => {
    await turnOn(stateWith({ reports: [rated] }));
    await tv.presses('zero', 'one', 'one', 'one', 'ok');
    expect(tv.bridge.called('rate')).toEqual([]);
    expect(tv.view.sheet).toMatchObject({ rows: [{ digit: 3, label: '没有解决', focused: false }], keys: 'answer' });
    await tv.presses('three');
    expect(tv.bridge.called('rate')).toEqual([{ rating: 'unsolved', alarmId: rated.id }]);
  });

  it('names each by its day and by what it was about, so that it can be found again', async () => {
    await turnOn(stateWith({ reports: [{ ...open, about: 'fire' }, closed] }));
    await tv.presses('zero', 'one');
    expect(tv.view.sheet?.rows[0]?.label).toMatch(/^今天 \d\d:\d\d　着火$/);
    await tv.presses('one');
    expect(tv.view.sheet?.lines.some((line) => line.indexOf('着火　案件编号') === 0)).toBe(true);
  });

  it('says so where there is none', async () => {
    await turnOn(stateWith({ reports: [] }));
    await tv.presses('zero');
    expect(rows()?.[0]).toContain('没有报过警');
    await tv.presses('one');
    expect(tv.view.sheet?.lines[0]).toContain('没有报过警');
  });

  it('does not say that there was none where that is not known', async () => {
    await turnOn(stateWith());
    await tv.presses('zero');
    expect(rows()?.[0]).toBe('1 我的报警 还没有取到');
    await tv.presses('one');
    expect(tv.view.sheet?.lines).toEqual(['以前的报警，还没有从中心取到']);
  });

  it('with the last alone known, lists it and says that the others are not', async () => {
    await turnOn(stateWith({ alarm: open }));
    await tv.presses('back', 'zero', 'one');
    expect(tv.view.sheet?.rows.map((r) => r.detail)).toEqual(['值班员看到了']);
    expect(tv.view.sheet?.lines).toEqual(['以前的报警，还没有从中心取到']);
  });

  it('without the centre are said to be as last known, the list and each of them', async () => {
    await turnOn(stateWith({ reports: [open, closed] }, { connected: false }));
    await tv.presses('zero', 'one');
    expect(tv.view.sheet).toMatchObject({ title: '我的报警（没连上中心，上次的情况）', rows: [{}, {}] });
    await tv.presses('one');
    expect(tv.view.sheet?.title).toBe('我的报警（没连上中心，上次的情况）');
    tv.bridge.pushes(stateWith({ reports: [open, closed] }));
    expect(tv.view.sheet?.title).toBe('我的报警');
  });
});

describe('notices', () => {
  it('are announced on the wall, dated, read aloud when opened, and then known', async () => {
    await turnOn(stateWith({ notices: [NOTICE] }));
    expect(tv.view.reminder).toBe('村里有 1 条新通知：按 0，再按 2');
    await tv.presses('zero', 'two', 'one');
    expect(tv.view.sheet?.lines).toEqual(['明天停水', expect.stringMatching(/平安镇人民政府.*月.*日/), '明天上午停水。']);
    expect(tv.readAloud).toEqual(['明天停水。明天上午停水。']);
    await tv.presses('ok');
    expect(tv.readAloud.length).toBe(2);
    await tv.presses('back', 'back', 'back');
    expect(tv.view.reminder).toBe('');
    // The box keeps it, for its other screens and the next start.
    expect(tv.bridge.called('readNotice')).toEqual([{ noticeId: 'n1' }]);
  });

  it('one that was opened on this box before is not new', async () => {
    await turnOn(stateWith({ notices: [{ ...NOTICE, read: true }] }));
    expect(tv.view.reminder).toBe('');
    await tv.presses('zero', 'two');
    expect(rows()?.[0]).toContain('看过了');
    await tv.presses('one');
    expect(tv.bridge.called('readNotice')).toEqual([]);
  });

  it.each([
    ['back', () => tv.presses('back')],
    ['the alarm key', async () => tv.sends('keydown', 'alarm')],
    ['the alarm key that the box itself sees', async () => tv.bridge.pushes({ ...READING, gesture: HOLDING })],
    ['an alarm that stands', async () => tv.bridge.pushes({ ...READING, alarm: alarmWith(FACTS.stored) })],
    ['another page over this one', async () => tv.app.model.setHidden(true)],
    ['the end of the page', async () => tv.app.close()],
  ])('one that is left by %s is not read on', async (_how, leave) => {
    await turnOn(READING);
    await tv.presses('zero', 'two', 'one');
    expect(tv.hushed).toBe(0);
    await leave();
    expect(tv.hushed).toBe(1);
    // What is said after that is not cut short.
    await tv.clock.passes(1_500);
    expect(tv.hushed).toBe(1);
  });

  it('is read on under a key of the silent alarm: nothing may be noticed', async () => {
    await turnOn(READING);
    await tv.presses('zero', 'two', 'one');
    tv.sends('keydown', 'silent');
    await tv.clock.passes(1_500);
    expect(tv.hushed).toBe(0);
  });

  it('offers to be read again only where any text can be', async () => {
    await turnOn(READING);
    tv.canRead = false;
    await tv.presses('zero', 'two', 'one');
    expect(tv.view.sheet?.keys).toBe('read');
  });

  it('one that is withdrawn while it is on the screen is gone from it', async () => {
    await turnOn(stateWith({ notices: [NOTICE] }));
    await tv.presses('zero', 'two', 'one');
    tv.bridge.pushes(stateWith({ notices: [{ ...NOTICE, id: 'n2' }] }));
    expect(tv.view.sheet).toMatchObject({ lines: ['这条通知已经到期，或者撤回了'], keys: 'read', notice: undefined });
    // Nor is it read on, or again.
    expect(tv.hushed).toBe(1);
    await tv.presses('ok');
    expect(tv.readAloud).toHaveLength(1);
  });

  it('the highlight stays on its notice when others come and go; where it goes itself, the next one has it', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ ...NOTICE, id, title: id }));
    const lit = () => tv.view.sheet?.rows.filter((r) => r.focused).map((r) => r.label);
    await turnOn(stateWith({ notices: [a!, b!] }));
    await tv.presses('zero', 'two', 'down');
    expect(lit()).toEqual(['b']);
    tv.bridge.pushes(stateWith({ notices: [c!, a!, b!] }));
    expect(lit()).toEqual(['b']);
    await tv.presses('ok');
    expect(tv.view.sheet?.lines[0]).toBe('b');
    tv.bridge.pushes(stateWith({ notices: [a!, b!] }));
    await tv.presses('back');
    expect(lit()).toEqual(['b']);
    tv.bridge.pushes(stateWith({ notices: [b!, c!] }));
    tv.bridge.pushes(stateWith({ notices: [c!] }));
    expect(lit()).toEqual(['c']);
  });

  it('a long one is read page by page', async () => {
    await turnOn(stateWith({ notices: [{ ...NOTICE, text: '通知'.repeat(600) }] }));
    await tv.presses('zero', 'two', 'one');
    const first = tv.view.sheet?.lines[2];
    expect(tv.view.sheet?.pageNote).toMatch(/^1 \/ [2-9]$/);
    await tv.presses('down');
    expect(tv.view.sheet?.pageNote).toMatch(/^2 /);
    expect(first).toBeDefined();
  });
});

describe('the test', () => {
  it('is due once a month, and asked for by one row', async () => {
    await turnOn(stateWith({ testedAt: T0 - 31 * 86_400_000 }));
    expect(tv.view.reminder).toContain('还没试过');
    await tv.presses('zero', 'three');
    expect(tv.bridge.called('test')).toEqual([{}]);
    expect(tv.view.sheet).toBeUndefined();
  });
});

describe('settings', () => {
  it('change at once, go to the box, and English is English everywhere', async () => {
    await turnOn();
    await tv.presses('zero', 'five', 'right', 'down', 'down', 'right');
    expect(tv.bridge.called('settings').at(-1)).toEqual({ settings: { type: 'large', contrast: 'plain', language: 'en', voice: 'on' } });
    expect(tv.view.sheet?.title).toBe('Type size, language, sound');
    await tv.presses('back', 'back');
    expect(tv.view.wall.tiles[0]?.distance).toBe('40 m');
  });

  it('the box has the last word, also against what this screen remembered', async () => {
    await turnOn(stateWith({ settings: { type: 'huge', contrast: 'high', language: 'en', voice: 'off' } }));
    expect(tv.view.wall.tiles[0]?.badge.text).not.toMatch(/[\u4e00-\u9fff]/);
  });
});

it('what works now: each thing by itself', async () => {
  tv = new Television(stateWith({ now: T0, clockUnsure: true }, { staffed: false }));
  tv.canPlay = false;
  await tv.turnsOn();
  await tv.presses('zero', 'six');
  expect(tv.view.sheet?.rows.map((r) => r.detail)).toEqual([
    '能用，看别的节目时不能用',
    '能用',
    '能用',
    '没有，报警会报给上一级',
    '6 个　只能看照片',
    '不准，报警照样能发',
  ]);
});
