// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drawMark, markPicture, markText } from './mark.ts';
import { FakeTimers } from './testing/fakes.ts';

let place: HTMLElement;
let timers: FakeTimers;
let erase: () => void;

beforeEach(() => {
  document.body.innerHTML = '<style>[data-mark] { display: none !important }</style><div id="p"></div>';
  place = document.querySelector('#p')!;
  timers = new FakeTimers();
  timers.random = () => 0;
  erase = drawMark(place, 'box-0001', timers);
});
afterEach(() => erase());

const mark = () => place.querySelector<HTMLElement>('[data-mark]')!;

test('it names the viewer and the moment, to the second', async () => {
  expect(mark().textContent).toBe(markText('box-0001', timers.now()));
  expect(markText('box-0001', new Date(2026, 10, 5, 9, 3, 7).getTime())).toBe('box-0001 2026-11-05 09:03:07');
  await timers.pass(5000);
  expect(mark().textContent).toBe(markText('box-0001', timers.now()));
});

test('it moves, slowly', async () => {
  const places = new Set<string>();
  for (let s = 0; s < 90; s++) {
    places.add(`${mark().style.left} ${mark().style.top}`);
    await timers.pass(1000);
  }
  expect(places.size).toBe(6);
});

test('a style sheet does not hide it, and it lets keys and clicks through', () => {
  expect(getComputedStyle(mark()).display).toBe('block');
  expect(mark().style.getPropertyPriority('display')).toBe('important');
  expect(mark().style.pointerEvents).toBe('none');
});

test('removed, emptied or hidden by accident, it is back within a second', async () => {
  place.innerHTML = '';
  await timers.pass(1000);
  expect(mark().textContent).toContain('box-0001');
  mark().style.setProperty('display', 'none', 'important');
  mark().style.setProperty('opacity', '0', 'important');
  mark().textContent = '';
  await timers.pass(1000);
  expect(mark().style.display).toBe('block');
  expect(mark().style.opacity).toBe('0.55');
  expect(mark().textContent).toContain('box-0001');
});

test('taken away, nothing runs on', async () => {
  erase();
  expect(mark()).toBeNull();
  expect(timers.pending).toBe(0);
});

test('a player that takes the place of one that failed marks the picture once', async () => {
  erase();
  const video = place.appendChild(document.createElement('video'));
  const first = markPicture(video, 'box-0001', timers);
  const second = markPicture(video, 'box-0001', timers);
  await timers.pass(2000);
  expect(place.querySelectorAll('[data-mark]')).toHaveLength(1);
  first();
  expect(mark()).not.toBeNull();
  second();
  expect(mark()).toBeNull();
  expect(timers.pending).toBe(0);
});

test('over a small picture it is small, the viewer above the time, and all of it is in the picture', async () => {
  Object.defineProperty(place, 'clientWidth', { value: 140 });
  Object.defineProperty(place, 'clientHeight', { value: 79 });
  await timers.pass(1000);
  const [viewer, time] = mark().textContent!.split('\n');
  expect([viewer, `${viewer} ${time}`]).toEqual(['box-0001', markText('box-0001', timers.now())]);
  const letters = Number.parseFloat(mark().style.fontSize) * 0.6 * time!.length;
  expect(letters + (140 * Number.parseFloat(mark().style.left)) / 100).toBeLessThan(140);
});
