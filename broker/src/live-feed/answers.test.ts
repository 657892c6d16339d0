/** A console whose network vanished is not somebody at the desk. */
import { apiPaths } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { aCentre } from '../testing/centre.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { until } from '../testing/until.ts';

const staffed = async (base: string) => ((await (await fetch(base + apiPaths.health)).json()) as { staffed: boolean }).staffed;

it('a console that answered the signs of life and then is silent for 15 s is cut, though its connection stands', async () => {
  const clock = new ManualClock();
  const centre = await aCentre({ clock });
  const { httpUrl } = centre.addresses;
  const operator = await centre.operator();
  await operator.listens();
  const feed = await until('the feed has a name', () => operator.feed);
  for (let i = 0; i < 5; i++) {
    await operator.json('POST', apiPaths.liveAnswer, { feed });
    clock.passes(14_000);
  }
  expect(await staffed(httpUrl)).toBe(true);
  clock.passes(1000);
  await until('the centre is not staffed any more', async () => {
    clock.passes(1000);
    return !(await staffed(httpUrl));
  });
  await operator.json('POST', apiPaths.liveAnswer, { feed });
});

it('a listener that never answers is left alone: scripts read the feed, too', async () => {
  const clock = new ManualClock();
  const centre = await aCentre({ clock });
  const operator = await centre.operator();
  await operator.listens();
  clock.passes(3_600_000);
  expect(await staffed(centre.addresses.httpUrl)).toBe(true);
});

it('only somebody who is logged in answers', async () => {
  const centre = await aCentre();
  const operator = await centre.operator();
  operator.cookie = '';
  await expect(operator.json('POST', apiPaths.liveAnswer, { feed: 'x' })).rejects.toThrow('NOT_LOGGED_IN');
  const other = await centre.operator();
  await expect(other.json('POST', apiPaths.liveAnswer, {})).rejects.toThrow('BAD_PAYLOAD');
});
