import { afterEach, expect, it } from 'vitest';
import { camera, stateWith, T0 } from '../testing/states.ts';
import { Television } from '../testing/television.ts';
import { groupOf, groupsOf } from './groups.ts';

let tv: Television | undefined;
afterEach(() => tv?.app.close());

it.each([
  ['小学门口', '平安村', 600, 'school'],
  ['村委会广场', '平安村', 260, 'square'],
  ['河边东路', '平安村', 1200, 'road'],
  ['大门口', '平安村', 40, 'home'],
  ['老槐树', '平安村', 900, 'home'],
])('%s is found under %s', (name, place, distanceM, group) => {
  expect(groupOf(camera('x', { name, place, distanceM }))).toBe(group);
});

it('what the catalogue says counts more than any word in the name', () => {
  expect(groupOf(camera('x', { name: '小学门口', place: '平安村', distanceM: 40, group: 'road' }))).toBe('road');
});

it('a few cameras need no groups', () => {
  expect(groupsOf(Array.from({ length: 9 }, (_, i) => camera(`c${i}`)))).toEqual([]);
});

async function many(): Promise<Television> {
  const on = new Television({ ...stateWith(), now: T0 });
  const names = ['大门口', '小学门口', '村委会广场', '河边东路'];
  const cameras = Array.from({ length: 24 }, (_, i) => camera(`c${i}`, { name: `${names[i % 4]}${i}`, distanceM: 100 + 100 * i }));
  on.bridge.results = { ...on.bridge.results, cameras: { cameras } };
  return on.turnsOn();
}

it('▲ from the top row reaches the groups, ◀▶ choose one, ▼ goes back to its cameras', async () => {
  tv = await many();
  await tv.presses('up', 'right', 'right');
  expect(tv.view.wall.groups.filter((g) => g.shown)).toEqual([{ label: '路口', shown: true, focused: true }]);
  await tv.presses('down', 'ok');
  expect(tv.view.live?.name).toContain('河边东路');
});

it.each(['one', 'two'] as const)('every camera is at most two presses away by its number: 1%s', async (second) => {
  tv = await many();
  await tv.presses('one', second);
  expect(tv.view.live?.cameraId).toBe(second === 'one' ? 'c10' : 'c11');
});

it('one digit is enough after a moment, at once where no longer number begins so', async () => {
  tv = await many();
  await tv.presses('one');
  expect(tv.view).toMatchObject({ page: 'wall', typed: '1' });
  await tv.clock.passes(1_300);
  expect(tv.view.live?.cameraId).toBe('c0');
  await tv.presses('back', 'five');
  expect(tv.view.live?.cameraId).toBe('c4');
});

it('a highlight on the groups is on a camera again where there are none any more', async () => {
  tv = await many();
  await tv.presses('up');
  expect(tv.view.wall.tiles.some((t) => t.focused)).toBe(false);
  tv.bridge.results = { ...tv.bridge.results, cameras: { cameras: [camera('c0'), camera('c1')] } };
  await tv.clock.passes(60_000);
  expect(tv.view.wall).toMatchObject({ groups: [], tiles: [{ focused: true }, { focused: false }] });
});
