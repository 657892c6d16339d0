// @vitest-environment jsdom
import type Lightning from '@lightningjs/core';
import { TextTokenizer } from '@lightningjs/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScreenView } from '../state/screen-view.ts';
import { installCanvas, written } from '../testing/drawing.ts';
import { alarmWith, FACTS, PHONE, stateWith, T0 } from '../testing/states.ts';
import { Television } from '../testing/television.ts';
import { tokenizer } from '../ui/line-breaks.ts';
import { WALL } from '../words.ts';
import type { TvApp } from './tv-app.ts';

let screen: TvApp;
beforeAll(async () => {
  installCanvas();
  TextTokenizer.setCustomTokenizer(tokenizer);
  const { TvApp } = await import('./tv-app.ts');
  screen = new TvApp({ keys: {}, stage: { w: 1920, h: 1080, canvas2d: true, useImageWorker: false, autostart: false } });
  screen.build(() => T0);
});

/** Draws until everything that is on the screen has been drawn, and returns the texts that are visible. */
function draw(view: ScreenView): string[] {
  screen.draw(view);
  screen.stage.drawFrame();
  screen.stage.drawFrame();
  return texts(screen as unknown as Lightning.Element);
}

function texts(element: Lightning.Element): string[] {
  if (!element.visible) return [];
  const own = element.text?.text;
  const below = (
    element.childList.getAt ? Array.from({ length: element.childList.length }, (_, i) => element.childList.getAt(i)) : []
  ) as Lightning.Element[];
  return [...(own ? [own as string] : []), ...below.flatMap(texts)];
}

async function viewOf(state = stateWith(), then: (tv: Television) => Promise<void> | void = () => {}): Promise<ScreenView> {
  const tv = await new Television({ ...state, now: T0 }).turnsOn();
  await then(tv);
  const { view } = tv;
  tv.app.close();
  return view;
}

describe('what is drawn', () => {
  it('the wall: title, place, names, distances, the red key, the number', async () => {
    const shown = draw(await viewOf());
    for (const text of ['身边的摄像头', '平安村3组12号', '路口ga', '约40米', '中心有人值班', '红色键', '按住 2 秒', '一键报警', PHONE])
      expect(shown).toContain(text);
  });

  it('full screen: name, place, mark, honest status, the red key', async () => {
    const shown = draw(await viewOf(stateWith(), (tv) => tv.presses('ok')));
    for (const text of ['路口ga', '正在连接', 'box-0001', '一键报警', PHONE]) expect(shown).toContain(text);
    expect(shown).not.toContain('实时画面');
  });

  it('the engineer’s screen stands alone, also where it is asked for while somebody watches', async () => {
    const view = await viewOf(stateWith(), (tv) => tv.presses('ok'));
    const rows = ['a', 'b', 'c', 'd'].map((name) => ({ name, value: '' }));
    const digits = Array.from({ length: 8 }, () => '');
    const activation = { forVillager: '', call: '请打电话', phase: 'typing' as const, digits, status: '', warning: '', rows };
    const shown = draw({ ...view, activation });
    expect(shown).toContain(activation.call);
    expect(shown).not.toContain('路口ga');
    expect((screen as unknown as { parts: { ground: Lightning.Element } }).parts.ground.visible).toBe(true);
    expect(draw(view)).toContain('路口ga');
  });

  it.each(Object.entries(FACTS))('the alarm screen at %s: headline, every step, the number', async (_name, facts) => {
    const view = await viewOf(stateWith({ alarm: alarmWith(facts) }));
    const shown = draw(view);
    expect(view.panel?.kind).toBe('alarm');
    if (view.panel?.kind !== 'alarm') return;
    expect(shown).toContain(view.panel.headline);
    expect(shown).toContain(PHONE);
    if (view.panel.prompt?.kind !== 'rating') for (const step of view.panel.steps) expect(shown).toContain(step.label);
    for (const choice of view.panel.prompt?.choices ?? []) expect(shown).toContain(choice.label);
  });

  it('holding, hint, dead key: each with the number', async () => {
    const gesture = (kind: 'holding' | 'hint') => stateWith({ gesture: { kind, since: T0, holdMs: 2_000, presses: 1 } });
    expect(draw(await viewOf(gesture('holding')))).toEqual(expect.arrayContaining(['再按住一会儿就报警', '请按住不放', PHONE]));
    expect(draw(await viewOf(gesture('hint')))).toEqual(expect.arrayContaining(['还没有报警', '要报警，按住红色键 2 秒', PHONE]));
    const dead = await viewOf(stateWith(), async (tv) => {
      tv.bridge.dies();
      await tv.presses('alarm');
    });
    expect(draw(dead)).toEqual(expect.arrayContaining(['没有报出去！', '报警键现在不起作用', PHONE]));
  });

  it('with the box’s service gone the red key is not offered', async () => {
    const lost = await viewOf(stateWith(), async (tv) => {
      tv.bridge.dies();
      await tv.clock.passes(100);
    });
    const shown = draw(lost);
    expect(shown).toEqual(expect.arrayContaining(['报警键现在不起作用', '红色键现在不起作用', PHONE]));
    expect(shown).not.toContain('一键报警');
  });

  const NOTICE = { id: 'n1', at: T0, from: '平安镇综治中心', title: '周五停水', text: '请提前存水。' };

  it('a notice that nobody read is announced on the wall: also of many cameras, and when something does not work', async () => {
    expect(draw(await viewOf(stateWith({ notices: [NOTICE] })))).toContain('村里有 1 条新通知：按 0，再按 2');
    expect(draw(await viewOf(stateWith({ notices: [NOTICE] }, { staffed: false })))).toContain('1 条新通知：按 0，再按 2');
    const view = await viewOf(stateWith({ notices: [NOTICE] }));
    const groups = [{ label: '全部', shown: true, focused: false }];
    expect(draw({ ...view, wall: { ...view.wall, groups } })).toContain('1 条新通知：按 0，再按 2');
    expect(draw(await viewOf()).join()).not.toContain('新通知');
  });

  it('a notice: its title, who says it and when, its text, how to hear it again', async () => {
    const shown = draw(await viewOf(stateWith({ notices: [NOTICE] }), (tv) => tv.presses('zero', 'two', 'one')));
    for (const text of ['周五停水', '请提前存水。', '再读一遍', PHONE]) expect(shown).toContain(text);
    expect(shown.join()).toMatch(/平安镇综治中心　.*今天|平安镇综治中心　.*月.*日/);
  });

  it('the wall is built alone; then the rest, a part at a time, and nothing of it is seen', async () => {
    screen.build(() => T0);
    const wall = draw(await viewOf());
    let parts = 1;
    while (screen.buildNext()) parts++;
    expect(parts).toBe(6);
    expect(screen.buildNext()).toBe(false);
    expect(draw(await viewOf())).toEqual(wall);
  });

  it('what has gone is gone: after an alarm the wall is as before', async () => {
    draw(await viewOf(stateWith({ alarm: alarmWith(FACTS.closed) })));
    const shown = draw(await viewOf());
    expect(shown.join()).not.toContain('处理完了');
    expect(shown).toContain('一键报警');
  });
});

it('nothing is written smaller than can be read from three metres', async () => {
  draw(await viewOf());
  for (const facts of Object.values(FACTS)) draw(await viewOf(stateWith({ alarm: alarmWith(facts) })));
  draw(await viewOf(stateWith(), (tv) => tv.presses('ok')));
  expect(written.length).toBeGreaterThan(50);
  expect(Math.min(...written.map((w) => w.size))).toBeGreaterThanOrEqual(28);
});

it('no text on the alarm screen is cut off', async () => {
  for (const facts of Object.values(FACTS)) draw(await viewOf(stateWith({ alarm: alarmWith(facts) })));
  draw(await viewOf(stateWith({ alarm: alarmWith({ ...FACTS.received, escalatedAt: T0 }) }, { staffed: false })));
  draw(await viewOf(stateWith({ alarm: alarmWith({ ...FACTS.sent, late: true }) }, { connected: false })));
  const meant: string[] = [WALL.loading, WALL.noPicture];
  expect(written.filter((w) => w.text.includes('…') && !meant.includes(w.text))).toEqual([]);
});
