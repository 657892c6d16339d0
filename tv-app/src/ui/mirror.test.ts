// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { alarmWith, FACTS, PHONE, stateWith } from '../testing/states.ts';
import { Television } from '../testing/television.ts';
import { Mirror } from './mirror.ts';

async function mirrored(tv: Television) {
  const root = document.createElement('main');
  const mirror = new Mirror(root);
  const update = () => mirror.update(tv.view, tv.app.model.alarm(), tv.app.link.status);
  await tv.turnsOn();
  update();
  return { root, update, say: (name: string) => root.querySelector(`[data-${name}]`)?.textContent ?? '' };
}

it('reads out the wall: page, highlighted camera, each still’s time', async () => {
  const { root } = await mirrored(new Television());
  expect(root.getAttribute('data-page')).toBe('wall');
  expect(root.getAttribute('data-link')).toBe('up');
  expect(root.getAttribute('data-focused-camera')).toBe('gate');
  const tiles = Array.from(root.querySelectorAll('[data-tile]'));
  expect(tiles.map((t) => t.getAttribute('data-tile'))).toHaveLength(6);
  expect(tiles.every((t) => Number(t.getAttribute('data-still-at')) > 0)).toBe(true);
  expect(tiles[0]?.textContent).toBe('路口ga 约40米 有画面');
});

it('reads out the alarm: headline at once, details, choices, the number; folded or not', async () => {
  const tv = new Television(stateWith({ alarm: alarmWith(FACTS.received) }));
  const { root, update, say } = await mirrored(tv);
  expect(root.querySelector('[data-headline]')?.getAttribute('aria-live')).toBe('assertive');
  expect(say('headline')).toBe('中心已收到，等待值班员');
  expect(say('detail')).toContain(PHONE);
  expect(say('detail')).toContain('2 着火');
  expect(root.getAttribute('data-alarm-step')).toBe('received');
  expect(root.getAttribute('data-case-no')).toBe('20261123-0007');
  await tv.clock.passes(2_000);
  await tv.presses('back');
  update();
  expect(root.getAttribute('data-folded')).toBe('true');
  expect(root.getAttribute('data-alarm-step')).toBe('received');
  expect(say('headline')).toBe('中心已收到，等待值班员');
});

it('says that the key does not work', async () => {
  const tv = new Television();
  const { root, update, say } = await mirrored(tv);
  tv.bridge.dies();
  update();
  expect(root.getAttribute('data-link')).toBe('lost');
  expect(say('headline')).toBe('报警键现在不起作用');
  expect(say('detail')).toContain(PHONE);
});

it('changes nothing in the document when nothing changed: a reader is not made to repeat itself', async () => {
  const { root, update } = await mirrored(new Television());
  const changes: MutationRecord[] = [];
  const observer = new MutationObserver((records) => changes.push(...records));
  observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  update();
  changes.push(...observer.takeRecords());
  expect(changes).toEqual([]);
});
