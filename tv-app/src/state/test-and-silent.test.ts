// @vitest-environment jsdom
/** What the page shows of a test, of broken flash, and of a silent gesture: nothing. */
import { afterEach, describe, expect, it } from 'vitest';
import { alarmWith, FACTS, stateWith, T0 } from '../testing/states.ts';
import { Television } from '../testing/television.ts';

let tv: Television;
afterEach(() => tv.app.close());

async function turnOn(state = stateWith()): Promise<Television> {
  tv = new Television(state);
  return tv.turnsOn();
}
const test = (more: object = {}) => stateWith({ test: { at: T0, ...more } });

describe('a test', () => {
  it.each([
    ['pressed', {}, '正在记下测试', '等中心收到'],
    ['stored', { storedAt: T0 }, '测试已记下', '等中心收到'],
    ['sent', { storedAt: T0, sentAt: T0 }, '测试已发出', '等中心收到'],
    ['sent from memory', { sentAt: T0 }, '测试已发出', '等中心收到'],
    ['received', { storedAt: T0, sentAt: T0, receivedAt: T0 }, '中心收到了测试', '一切正常'],
  ])('%s is said, and that nobody sets out', async (_, more, title, line) => {
    await turnOn(test(more));
    expect(tv.panel('test')).toMatchObject({ title, lines: [line, '这是测试，不会有人出警'] });
  });

  it('that did not get through names whom to ring', async () => {
    await turnOn(test({ storedAt: T0, late: true }));
    expect(tv.panel('test')).toMatchObject({
      title: '测试没有送到中心',
      lines: ['报警可能也送不到', '请打电话告诉中心'],
      phone: '0859-555-0110',
      tone: 'bad',
    });
  });

  it('that arrived on a box whose flash is broken does not say that all is well', async () => {
    await turnOn(stateWith({ test: { at: T0, sentAt: T0, receivedAt: T0 }, flashBroken: true }));
    expect(JSON.stringify(tv.panel('test'))).not.toContain('一切正常');
  });

  it('is put away by Back', async () => {
    await turnOn(test({ late: true }));
    await tv.presses('back');
    expect(tv.bridge.called('dismissTest')).toHaveLength(1);
  });

  it('gives way to an open alarm', async () => {
    await turnOn(stateWith({ test: { at: T0 }, alarm: alarmWith(FACTS.received) }));
    expect(tv.panel('alarm')).toBeDefined();
  });

  it('while the box’s service is gone claims nothing more', async () => {
    await turnOn(test({ sentAt: T0 }));
    tv.bridge.dies();
    expect(tv.panel('test').phase).toBe('unknown');
  });
});

it('broken flash is said on the wall in plain words', async () => {
  await turnOn(stateWith({ flashBroken: true }));
  expect(tv.view.flash).toBe('机顶盒存储坏了，报警能发，请打电话报修');
});

describe('the silent key', () => {
  it('goes to the bridge, each edge once, and changes nothing on the screen', async () => {
    await turnOn();
    const before = tv.view;
    await tv.presses('silent', 'silent', 'silent', 'silent');
    expect(tv.bridge.called('key')).toEqual(
      Array.from({ length: 4 }, () => ['down', 'up'].map((action) => ({ key: 'silent', action }))).flat(),
    );
    expect(tv.view).toEqual(before);
  });

  it('where it cannot be passed on, that is not said', async () => {
    await turnOn();
    tv.bridge.dies();
    const { panel } = tv.view;
    await tv.presses('silent');
    expect(tv.view.panel).toEqual(panel);
  });

  it('does not fold, close or withdraw an alarm that is shown', async () => {
    await turnOn(stateWith({ alarm: alarmWith(FACTS.received) }));
    const before = tv.view.panel;
    await tv.presses('silent', 'test');
    expect(tv.view.panel).toEqual(before);
    expect(tv.bridge.called('withdraw')).toEqual([]);
  });

  it('while red is held both are timed', async () => {
    await turnOn();
    tv.sends('keydown', 'alarm');
    tv.sends('keydown', 'silent');
    tv.sends('keyup', 'alarm');
    tv.sends('keyup', 'silent');
    expect(tv.bridge.called('key')).toEqual([
      { key: 'alarm', action: 'down' },
      { key: 'silent', action: 'down' },
      { key: 'alarm', action: 'up' },
      { key: 'silent', action: 'up' },
    ]);
  });
});
