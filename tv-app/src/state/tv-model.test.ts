import { afterEach, describe, expect, it } from 'vitest';
import { NEVER } from '../testing/fake-socket.ts';
import { settle } from '../testing/manual-clock.ts';
import { alarmWith, FACTS, PHONE, stateWith, T0 } from '../testing/states.ts';
import { Television } from '../testing/television.ts';

let tv: Television;
const turnOn = async (...args: ConstructorParameters<typeof Television>) => {
  tv = await new Television(...args).turnsOn();
  return tv;
};
afterEach(() => tv.app.close());
const pushes = async (state: Parameters<typeof tv.bridge.pushes>[0]) => {
  tv.bridge.pushes({ ...state, now: tv.clock.now() });
  await settle();
};

describe('the wall', () => {
  it('shows the cameras with pictures, the nearest highlighted', async () => {
    await turnOn();
    expect(tv.view.wall.tiles.map((t) => t.cameraId)).toEqual(['gate', 'lane', 'square', 'clinic', 'school', 'river-road']);
    expect(tv.view.focusedCamera).toBe('gate');
    expect(tv.view.wall.tiles.every((t) => t.url !== undefined && t.badge.text === '有画面')).toBe(true);
    expect(tv.view.phone).toBe(PHONE);
  });

  it('arrows move the highlight, OK opens the camera, back returns to it on the wall', async () => {
    await turnOn();
    await tv.presses('right', 'down', 'ok');
    await tv.clock.passes(300);
    expect(tv.view).toMatchObject({ page: 'live', live: { cameraId: 'school' } });
    await tv.presses('back');
    expect(tv.view).toMatchObject({ page: 'wall', focusedCamera: 'school' });
    expect(tv.media.open).not.toContain(undefined);
  });

  it('on the next page other cameras have the sessions', async () => {
    await turnOn(stateWith(), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    await tv.presses('right', 'right', 'right');
    await tv.clock.passes(1_000);
    expect(tv.view.wall.tiles.map((t) => t.cameraId)).toEqual(['g']);
    expect(tv.media.open).toEqual(['g']);
  });

  it('the highlight stays on its camera when the list changes', async () => {
    await turnOn();
    await tv.presses('right', 'right');
    const all = (tv.bridge.results.cameras as { cameras: { id: string }[] }).cameras;
    tv.bridge.results.cameras = { cameras: all.filter((c) => c.id !== 'gate') };
    await tv.clock.passes(31_000);
    expect(tv.view.focusedCamera).toBe('square');
  });
});

describe('full screen', () => {
  const watching = async () => {
    await turnOn();
    await tv.presses('right', 'ok');
    await tv.clock.passes(300);
  };

  it('ends where the engineer’s screen comes', async () => {
    await watching();
    const activation = { digits: '', phase: 'typing', reported: { middleware: '' }, label: '', durable: true };
    Object.defineProperty(tv.link, 'activation', { value: activation });
    await tv.clock.passes(1_000);
    expect(tv.view).toMatchObject({ page: 'wall', live: undefined });
  });

  it('shows the last still at once, then the live picture; the wall’s sessions end', async () => {
    await turnOn();
    await tv.presses('right', 'ok');
    expect(tv.view.live).toMatchObject({ showVideo: false, status: { text: '正在连接' } });
    expect(tv.view.live?.still?.url).toContain('lane');
    await tv.clock.passes(300);
    await tv.plays(1_000);
    expect(tv.view.live).toMatchObject({ showVideo: true, status: { text: '实时画面' } });
    expect(tv.view.transport).toBe('webrtc');
    expect(tv.media.open).toEqual(['lane']);
  });

  it('left and right go to the neighbour and stop at the ends', async () => {
    await watching();
    await tv.presses('left', 'left');
    expect(tv.view.live?.cameraId).toBe('gate');
    await tv.presses('right', 'right', 'right');
    expect(tv.view.live?.cameraId).toBe('clinic');
  });

  it('the bridge knows what is on the screen, and when it no longer is', async () => {
    await watching();
    await tv.plays(3_000);
    const told = tv.bridge.called('watching') as { onScreen: { cameraId: string; pictureAt: number } | null }[];
    expect(told.length).toBeGreaterThan(1);
    expect(told[told.length - 1]?.onScreen).toMatchObject({ cameraId: 'lane' });
    await tv.presses('back');
    expect(tv.bridge.called('watching').pop()).toEqual({ onScreen: null });
  });

  it('asks after ten minutes whether anybody is watching; any key goes on, and does nothing else', async () => {
    await watching();
    await tv.clock.passes(10 * 60_000);
    expect(tv.view.asking).toBeDefined();
    await tv.presses('back');
    expect(tv.view).toMatchObject({ page: 'live', asking: undefined });
    await tv.clock.passes(10 * 60_000 + 31_000);
    expect(tv.view.page).toBe('wall');
    expect(tv.media.open).not.toContain('lane-live');
  });

  it('a page that is hidden pulls nothing, and goes on when it is seen again', async () => {
    await watching();
    tv.app.model.setHidden(true);
    await tv.clock.passes(10_000);
    expect(tv.media.open).toEqual([]);
    expect(tv.bridge.called('watching').pop()).toEqual({ onScreen: null });
    tv.app.model.setHidden(false);
    await tv.clock.passes(500);
    expect(tv.media.open).toEqual(['lane']);
    await tv.presses('back');
    await tv.clock.passes(1_000);
    tv.app.model.setHidden(true);
    expect(tv.media.open).toEqual([]);
  });

  it('nor does a number that was typed just before', async () => {
    await turnOn(stateWith(), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']);
    await tv.presses('one');
    tv.app.model.setHidden(true);
    await tv.clock.passes(2_000);
    expect(tv.media.open).toEqual([]);
    tv.app.model.setHidden(false);
    await tv.clock.passes(300);
    expect(tv.media.open).toEqual(['a']);
  });

  it('a camera that is taken away leaves the screen', async () => {
    await watching();
    tv.bridge.results.cameras = { cameras: [] };
    await tv.clock.passes(31_000);
    expect(tv.view.page).toBe('wall');
  });
});

describe('the alarm key', () => {
  it('goes to the bridge; what the bridge makes of it is shown', async () => {
    await turnOn();
    tv.sends('keydown', 'alarm');
    await settle();
    expect(tv.bridge.called('key')).toEqual([{ key: 'alarm', action: 'down' }]);
    await pushes(stateWith({ gesture: { kind: 'holding', since: T0 + 1_500, holdMs: 2_000, presses: 1 } }));
    expect(tv.panel('holding')).toMatchObject({ phone: PHONE, since: T0 + 1_500 });
    await pushes(stateWith({ gesture: { kind: 'hint', since: tv.clock.now(), holdMs: 2_000, presses: 1 } }));
    expect(tv.panel('hint').lines).toEqual(['要报警，按住红色键 2 秒', '或者连按 3 下']);
    await pushes(stateWith({ gesture: { kind: 'hint', since: tv.clock.now(), holdMs: 2_000, presses: 2 } }));
    expect(tv.panel('hint').title).toBe('再按 1 下就报警');
  });

  it('with the box’s service gone: the page says so at once, that nothing went out, and whom to ring', async () => {
    await turnOn();
    tv.bridge.dies();
    await settle();
    expect(tv.view.banner).toMatchObject({ tone: 'bad', call: expect.stringContaining(PHONE) });
    await tv.presses('alarm');
    expect(tv.panel('dead-key')).toMatchObject({ title: '没有报出去！', phone: PHONE });
    tv.bridge.up = true;
    await tv.clock.passes(5_000);
    expect(tv.view.banner).toBeUndefined();
    expect(tv.panel('dead-key').lines).toEqual(['报警键又能用了', '还要报警请重新按住 2 秒']);
    await tv.presses('back');
    expect(tv.view.panel).toBeUndefined();
  });

  it('an alarm that is out is not called "not sent" when the service goes', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.received) }));
    tv.bridge.dies();
    await tv.presses('alarm');
    expect(tv.panel('alarm').lines[0]).toContain('断开前');
    expect(tv.view.banner?.tone).toBe('bad');
  });

  it('works with the centre down: the alarm screen is the bridge’s', async () => {
    await turnOn(stateWith({}, { connected: false }));
    await pushes(stateWith({ alarm: alarmWith(FACTS.stored) }, { connected: false }));
    expect(tv.panel('alarm')).toMatchObject({ headline: '已记下', phone: PHONE });
  });

  it('a second press is shown as one, and what the centre knows of it', async () => {
    await turnOn();
    await pushes(stateWith({ alarm: alarmWith(FACTS.signed), gesture: { kind: 'holding', since: T0, holdMs: 2_000, presses: 1 } }));
    expect(tv.panel('alarm').again?.text).toContain('再提醒一次');
    const again = (received: boolean) =>
      pushes(stateWith({ alarm: alarmWith({ ...FACTS.signed, about: undefined, pressedAgainAt: T0, pressedAgainReceived: received }) }));
    await again(false);
    expect(tv.panel('alarm').pressedAgain).toMatch(/^又按了一次，正在告诉中心 \d\d:\d\d:\d\d$/);
    await again(true);
    expect(tv.panel('alarm').pressedAgain).toContain('中心知道您又按了一次');
  });

  it.each(['received', 'signed', 'handling'] as const)('a second press is said beside everything else: %s', async (phase) => {
    await turnOn();
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS[phase], about: 'fire', pressedAgainAt: T0 }) }));
    expect(tv.panel('alarm').pressedAgain).toContain('正在告诉中心');
    expect(tv.panel('alarm').steps).toHaveLength(5);
  });

  it('while it is held, nothing is called an alarm yet; after two presses one more is', async () => {
    await turnOn();
    const held = (kind: 'holding' | 'hint', presses: number) =>
      pushes(stateWith({ gesture: { kind, since: tv.clock.now(), holdMs: 2_000, presses } }));
    await held('holding', 1);
    expect(tv.panel('holding')).toMatchObject({ title: '再按住一会儿就报警' });
    await held('holding', 2);
    expect(tv.panel('holding')).toMatchObject({ title: '再按 1 下就报警', release: '' });
    await held('hint', 2);
    expect(tv.panel('hint').title).toBe('再按 1 下就报警');
    await tv.clock.passes(2_100);
    expect(tv.panel('hint').title).toBe('还没有报警');
  });
});

describe('the back key on the alarm screen', () => {
  it('withdraws inside the window, once, and says how long that is', async () => {
    await turnOn();
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.sent, withdrawUntil: tv.clock.now() + 2_500 }) }));
    expect(tv.panel('alarm').back).toBe('按错了就撤回（还有 3 秒）');
    await tv.presses('back');
    expect(tv.bridge.called('withdraw')).toHaveLength(1);
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.sent, withdrawUntil: tv.clock.now() + 2_000, withdrawSentAt: T0 }) }));
    await tv.presses('back');
    expect(tv.bridge.called('withdraw')).toHaveLength(1);
    expect(tv.panel('alarm').headline).toBe('您撤回了，正在告诉中心');
  });

  it('means nothing in the moment after the window: a late "withdraw" must not look like one', async () => {
    await turnOn();
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.sent, withdrawUntil: tv.clock.now() + 100 }) }));
    await tv.clock.passes(200);
    await tv.presses('back');
    expect(tv.panel('alarm')).toMatchObject({ headline: '已发出', note: '来不及撤回了。按错了请打电话说一声' });
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.received, withdrawUntil: tv.clock.now() - 500 }) }));
    expect(tv.panel('alarm').prompt?.title).toBe('来不及撤回了。按错了请打电话说一声');
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.sent, withdrawUntil: tv.clock.now() - 500 }) }));
    await tv.clock.passes(2_000);
    await tv.presses('back');
    expect(tv.view).toMatchObject({ panel: undefined, strip: { headline: '已发出', phone: PHONE } });
    expect(tv.bridge.called('withdraw')).toEqual([]);
  });

  it('folds an open alarm; anything new opens it again, and so does ▲', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.received) }));
    await tv.clock.passes(2_000);
    await tv.presses('back', 'right');
    expect(tv.view).toMatchObject({ panel: undefined, focusedCamera: 'lane' });
    await tv.presses('up');
    expect(tv.panel('alarm').headline).toBe('中心已收到，等待值班员');
    await tv.presses('back');
    await pushes(stateWith({ alarm: alarmWith(FACTS.signed) }));
    expect(tv.panel('alarm').headline).toBe('值班员看到了');
  });

  it('an alarm by a key that the box itself sees is not folded by how the one before was', async () => {
    await turnOn(stateWith({ keysFrom: 'device', alarm: alarmWith(FACTS.received) }));
    await tv.clock.passes(2_000);
    await tv.presses('back');
    expect(tv.view.strip).toBeDefined();
    await pushes(stateWith({ keysFrom: 'device', alarm: alarmWith({ ...FACTS.received, id: '019ab000-0000-7000-8000-000000000002' }) }));
    expect(tv.view.strip).toBeUndefined();
    tv.panel('alarm');
  });

  it('▲ opens a folded alarm from the menu too, where its first row is lit', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.received) }));
    await tv.clock.passes(2_000);
    await tv.presses('back', 'zero', 'down', 'up');
    expect(tv.view.panel).toBeUndefined();
    await tv.presses('up');
    expect(tv.panel('alarm').headline).toBe('中心已收到，等待值班员');
  });

  it('puts a finished alarm away', async () => {
    await turnOn(stateWith({ alarm: alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: true }) }));
    await tv.presses('back');
    expect(tv.bridge.called('dismiss')).toHaveLength(1);
    expect(tv.view.panel).toBeUndefined();
  });

  it('rated so soon that the withdraw window has only just ended, it is put away all the same', async () => {
    const alarm = alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: true, withdrawUntil: T0 - 500 });
    await turnOn(stateWith({ alarm }));
    await tv.presses('back');
    expect(tv.bridge.called('dismiss')).toHaveLength(1);
  });

  it('a dismissal that got lost is said again with the next news', async () => {
    const over = stateWith({ alarm: alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: true }) });
    await turnOn(over);
    tv.bridge.results = { ...tv.bridge.results, dismiss: new Error('TIMEOUT') };
    await tv.presses('back');
    await settle();
    expect(tv.bridge.called('dismiss')).toHaveLength(1);
    tv.bridge.results = { ...tv.bridge.results, dismiss: null };
    await pushes(over);
    expect(tv.bridge.called('dismiss')).toHaveLength(2);
    await pushes(over);
    expect(tv.bridge.called('dismiss')).toHaveLength(2);
  });

  it('one that was opened again while its dismissal got lost stays open', async () => {
    const over = stateWith({ alarm: alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: true }) });
    await turnOn(over);
    tv.bridge.results = { ...tv.bridge.results, dismiss: NEVER };
    await tv.presses('back', 'up');
    expect(tv.view.panel).toBeDefined();
    tv.bridge.results = { ...tv.bridge.results, dismiss: null };
    await tv.clock.passes(60_000);
    expect(tv.bridge.called('dismiss')).toHaveLength(1);
    expect(tv.view.panel).toBeDefined();
  });

  it('put away before the centre has the answer, it is dismissed once the centre has it', async () => {
    await turnOn(stateWith({ alarm: alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: false }) }));
    await tv.presses('back');
    expect(tv.view.panel).toBeUndefined();
    expect(tv.bridge.called('dismiss')).toEqual([]);
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: true }) }));
    expect(tv.bridge.called('dismiss')).toHaveLength(1);
  });

  it('a refused alarm can be put away, and names whom to ring until then', async () => {
    await turnOn(stateWith({ alarm: alarmWith({ ...FACTS.sent, rejected: { code: 'X', message: '停用', phone: '12345' } }) }));
    expect(tv.panel('alarm').phone).toBe('12345');
    await tv.presses('back');
    expect(tv.bridge.called('dismiss')).toHaveLength(1);
  });
});

describe('number keys', () => {
  it('say what it is about, after the centre has it; never demanded', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.sent) }));
    expect(tv.panel('alarm').prompt).toBeUndefined();
    await tv.presses('two');
    expect(tv.bridge.called('detail')).toEqual([]);
    await pushes(stateWith({ alarm: alarmWith(FACTS.received) }));
    expect(tv.panel('alarm').prompt?.choices.map((c) => c.label)).toEqual(['有人可疑', '着火', '有人病了', '打架', '其他']);
    await tv.presses('three');
    expect(tv.bridge.called('detail')).toEqual([{ about: 'medical' }]);
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.received, about: 'medical' }) }));
    // "Press again" helps only whoever still sees which key means what.
    expect(tv.panel('alarm').prompt).toMatchObject({ title: '您说的是：有人病了（说错了可以再按）', chosen: 3, choices: { length: 5 } });
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.handling, about: 'medical', reopened: 1 }) }));
    expect(tv.panel('alarm')).toMatchObject({ prompt: undefined, note: '您说的是：有人病了' });
  });

  it('answer "solved?" with one key; thanks only when the centre has it', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.closed) }));
    expect(tv.panel('alarm').prompt?.choices.map((c) => c.label)).toEqual(['解决了，很满意', '解决了，一般', '没有解决']);
    await tv.presses('four');
    await tv.presses('three');
    expect(tv.bridge.called('rate')).toEqual([{ rating: 'unsolved' }]);
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.closed, rating: 'unsolved' }) }));
    expect(tv.panel('alarm').headline).toBe('正在把您的回答告诉中心');
    await pushes(stateWith({ alarm: alarmWith({ ...FACTS.handling, reopened: 1 }) }));
    expect(tv.panel('alarm').headline).toBe('已通知中心继续处理');
  });

  it('▲▼ turn the pages of a long result, and stop at its ends', async () => {
    await turnOn(stateWith({ alarm: alarmWith({ ...FACTS.closed, result: '到场'.repeat(250) }) }));
    await tv.presses('up', 'down', 'down', 'down', 'down');
    expect(tv.panel('alarm').result).toMatchObject({ page: 3, pages: 4 });
    await tv.presses('up');
    expect(tv.panel('alarm').result?.page).toBe(2);
  });

  it('are not offered while the link is gone', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.closed) }));
    tv.bridge.dies();
    expect(tv.panel('alarm').prompt).toBeUndefined();
  });
});

it('over a live picture the picture goes on, and left and right still change it', async () => {
  await turnOn();
  await tv.presses('ok');
  await tv.clock.passes(300);
  await tv.plays(1_000);
  await pushes(stateWith({ alarm: alarmWith(FACTS.received) }));
  expect(tv.view).toMatchObject({ page: 'live', panel: { kind: 'alarm' }, live: { status: { text: '实时画面' } } });
  await tv.presses('right');
  expect(tv.view.live?.cameraId).toBe('lane');
});
