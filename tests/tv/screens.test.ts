/** Every screen and every abnormal state, by keys of the remote only; each looks as it did when it was looked at by eye. */
import type { TvState } from '@shouwang/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmStates, CAMERAS, calm, testStates } from '../../tv-app/dev/states.ts';
import { until } from '../harness/until.ts';
import { looksLike } from './golden.ts';
import { type Height, SimulatedTv } from './simulated-tv.ts';

/** 2026-11-23 14:05:07 in China. */
const T = Date.UTC(2026, 10, 23, 6, 5, 7);
const DAY = 86_400_000;

/** States are made at the moment that it is in the page. */
function nowThere<S>(make: () => S): S {
  const real = Date.now;
  const at = tv.now();
  Date.now = () => at;
  try {
    return make();
  } finally {
    Date.now = real;
  }
}
const alarm = (name: string) => nowThere(alarmStates)[name]!;
const NOTICE = { id: 'n1', at: T - DAY, from: '平安镇人民政府', title: '明天上午停水检修', text: '明天上午八点到十二点停水，请提前存水。' };
function normal(change: Partial<TvState> = {}, centre: Partial<TvState['centre']> = {}): TvState {
  const reports = [
    { ...alarm('step-4-signed').alarm!, id: '019ab000-0000-7000-8000-000000000009' },
    { ...alarm('step-6-closed').alarm!, pressedAt: T - 2 * DAY },
  ];
  return nowThere(() => calm({ notices: [NOTICE], reports, ...change }, centre));
}
const gesture = (kind: 'holding' | 'hint') =>
  normal({ gesture: { kind, since: tv.now() - (kind === 'holding' ? 900 : 0), holdMs: 2000, presses: 1 } });

let tv: SimulatedTv;
beforeAll(async () => {
  tv = await new SimulatedTv().turnsOn({ startsAt: T });
});
afterAll(() => tv.turnsOff());

async function shot(name: string, mayDiffer?: number): Promise<void> {
  await tv.settles();
  looksLike(name, await tv.picture(), mayDiffer);
}

async function panel(state: TvState, kind: string, step = ''): Promise<void> {
  await tv.state(state);
  await tv.shows('data-panel', kind);
  if (step) await tv.shows('data-alarm-step', step);
}

/** Back to the wall, with nothing over it. */
async function calmAgain(): Promise<void> {
  await tv.state(normal());
  await tv.shows('data-panel', '');
}

describe.each([
  ['zh', 1080],
  ['zh', 720],
  ['en', 1080],
  ['en', 720],
] as const)('in %s at %s', (language, height) => {
  const name = (screen: string) => `${screen}-${language}-${height}`;

  beforeAll(async () => {
    tv.bridge.set({ ...normal(), settings: { type: 'normal', contrast: 'plain', language, voice: 'on' } });
    await tv.opens({ height: height as Height, startsAt: T });
    await tv.shows('data-language', language);
    await tv.stills();
  });

  it('the wall', () => shot(name('wall')));

  beforeEach(calmAgain);

  it('the alarm: holding, a stab, the window, received, closed', async () => {
    await panel(gesture('holding'), 'holding');
    // Its ring goes on filling while the picture is taken.
    await shot(name('holding'), 0.03);
    await panel(gesture('hint'), 'hint');
    await shot(name('hint'));
    await panel(alarm('step-3-received-window'), 'alarm', 'received');
    await shot(name('alarm-window'));
    await panel(alarm('step-3-received'), 'alarm', 'received');
    await shot(name('alarm-received'));
    await panel(alarm('step-6-closed'), 'alarm', 'closed');
    await shot(name('alarm-closed'));
    await calmAgain();
  });

  it('the menu, a report, help, settings', async () => {
    await tv.presses('0');
    await tv.shows('data-sheet', 'menu');
    await shot(name('menu'));
    await tv.presses('1', '2');
    await tv.shows('data-sheet', 'report');
    await shot(name('report'));
    await tv.presses('back', 'back', '4');
    await tv.shows('data-sheet', 'help');
    await shot(name('help'));
    await tv.presses('back', '5');
    await tv.shows('data-sheet', 'settings');
    await shot(name('settings'));
    await tv.presses('back', 'back');
    await tv.shows('data-sheet', '');
  });

  it('the list of reports that the centre has not told yet, and one as it was told last', async () => {
    await tv.state(normal({ reports: undefined, alarm: undefined }));
    await tv.presses('0', '1');
    await tv.tells(language === 'zh' ? '还没有从中心取到' : 'not got from the centre yet');
    await shot(name('reports-unknown'));
    await tv.state(normal({}, { connected: false, staffed: undefined }));
    await tv.shows('data-centre', 'warn');
    await shot(name('reports-last-known'));
    await tv.presses('back', 'back');
    await tv.shows('data-sheet', '');
  });

  it('away from normal: no centre', async () => {
    await tv.state(normal({}, { connected: false, staffed: undefined }));
    await tv.shows('data-away', 'centre-down');
    await shot(name('centre-down'));
    await calmAgain();
  });

  it('nothing is thrown', () => expect(tv.errors).toEqual([]));
});

describe('every state', () => {
  beforeAll(async () => {
    tv.bridge.set({ ...normal(), settings: { type: 'normal', contrast: 'plain', language: 'zh', voice: 'off' } });
    await tv.opens({ startsAt: T });
    await tv.shows('data-language', 'zh');
    await tv.stills();
  });

  it.each(Object.keys(alarmStates()).filter((n) => n !== 'again-holding'))(
    'alarm %s: the number and the steps are there',
    async (state) => {
      const made = alarm(state);
      await tv.state(made);
      await tv.shows('data-panel', 'alarm');
      const said = await tv.says();
      expect(said).toContain('0859-555-0110');
      expect(await tv.read('data-alarm-id')).toBe(made.alarm!.id);
    },
  );

  it.each(Object.keys(testStates()).filter((n) => n.startsWith('test')))('%s: nobody is told that somebody comes', async (state) => {
    await tv.state(nowThere(testStates)[state]!);
    await tv.shows('data-panel', 'test');
    expect(await tv.says()).not.toContain('赶来');
    await calmAgain();
  });

  it.each<[string, () => TvState, string]>([
    ['not-enrolled', () => normal({}, { connected: false, staffed: undefined, refused: true }), '请打电话 0859-555-0110'],
    ['unstaffed', () => normal({}, { staffed: false }), '报警照样能收到'],
    ['flash', () => normal({ flashBroken: true, claims: { stored: false, survivesPowerLoss: false, keyOutsidePage: false } }), '报警能发'],
    ['clock', () => normal({ clockUnsure: true }), '报警照样能用'],
  ])('%s: says what still works', async (kind, state, words) => {
    await tv.state(state());
    await tv.shows('data-away', kind);
    await tv.tells(words);
    await shot(`away-${kind}`);
    await calmAgain();
  });

  it('a report that was brought back: the question is clear of the rest, and all is there that came of it', async () => {
    const { alarm: closed } = alarm('step-6-closed');
    const result = '派出所和网格员到场，把狗牵回了邻居家，门也关好了。邻居答应换一把锁，网格员周五再来看一次，看锁换了没有。'.repeat(2);
    await tv.state(normal({ reports: [{ ...closed!, about: 'suspicious', reopened: 1, result }] }));
    await tv.presses('0', '1');
    await tv.tells('有人可疑');
    await tv.presses('1');
    await tv.tells('又办了 1 次');
    await shot('report-reopened');
    await tv.presses('back', 'back', 'back');
    await calmAgain();
  });

  it('notices: read, and then known', async () => {
    await tv.presses('0', '2', '1');
    await tv.tells('请提前存水');
    await shot('notice');
    await tv.presses('back', 'back', 'back');
    await tv.shows('data-sheet', '');
  });

  it('very large type on black', async () => {
    await tv.presses('0', '5', 'left', 'down', 'right');
    await until('the box keeps it', () => tv.bridge.state.settings?.type === 'huge' && tv.bridge.state.settings.contrast === 'high');
    await tv.presses('back', 'back');
    await shot('wall-huge');
    await panel(alarm('step-3-received'), 'alarm', 'received');
    await shot('alarm-huge');
    await panel(alarm('late'), 'alarm');
    await shot('late-huge');
    await calmAgain();
    await tv.presses('0', '5', 'right', 'down', 'right', 'back', 'back');
    await until('the box keeps it', () => tv.bridge.state.settings?.type === 'normal' && tv.bridge.state.settings.contrast === 'plain');
  });

  it('the second camera takes one press; where it is broken, the nearest other one takes one more', async () => {
    tv.node.off.add('lane');
    await tv.presses('2');
    await tv.shows('data-camera', 'lane');
    await tv.clockPasses(9_000);
    await tv.shows('data-offer', 'gate');
    await shot('live-broken');
    await tv.presses('ok');
    await tv.shows('data-camera', 'gate');
    tv.node.off.clear();
    await tv.presses('back');
    await tv.shows('data-page', 'wall');
  });

  it('after ten minutes: still watching? Any key goes on, none leaves', async () => {
    await tv.presses('1');
    await tv.shows('data-page', 'live');
    await tv.clockPasses(601_000);
    await tv.shows('data-asking', 'true');
    await shot('still-watching');
    await tv.presses('ok');
    await tv.shows('data-asking', 'false');
    await tv.clockPasses(640_000);
    await tv.shows('data-page', 'wall');
    await tv.opens({ startsAt: T });
  });

  it('no bridge: the banner, the number, a dead key that says so; the bridge is back: so is everything', async () => {
    await tv.stills();
    await tv.bridge.stop();
    await tv.shows('data-away', 'link');
    await tv.tells('0859-555-0110');
    await shot('no-bridge');
    await tv.presses('red');
    await tv.shows('data-panel', 'dead-key');
    await shot('dead-key');
    await tv.bridge.start();
    await tv.shows('data-link', 'up');
    await tv.presses('back');
    await tv.shows('data-panel', '');
  });

  it('no cameras, and no list at all', async () => {
    tv.bridge.cameras = [];
    await tv.opens({ startsAt: T });
    await tv.shows('data-away', 'no-cameras');
    await tv.tells('报警照样能用');
    await shot('away-no-cameras');
    tv.bridge.cameras = CAMERAS;
  });

  it('no MSE and no WebRTC: photos, and it says so', async () => {
    const script =
      'delete window.MediaSource; delete window.ManagedMediaSource; delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection; HTMLMediaElement.prototype.canPlayType = () => "";';
    await tv.opens({ startsAt: T, script });
    await tv.shows('data-away', 'no-mse');
    await tv.stills();
    await tv.presses('1');
    await tv.tells('这是照片');
    await shot('live-photo');
    await tv.presses('back');
  });

  it('no network in the house', async () => {
    await tv.opens({ startsAt: T, script: "Object.defineProperty(navigator, 'onLine', { get: () => false });" });
    await tv.state(normal({}, { connected: false, staffed: undefined }));
    await tv.shows('data-away', 'no-network');
    await calmAgain();
  });

  it('nothing is thrown', () => expect(tv.errors).toEqual([]));
});
