/** Somebody is at the centre only as long as somebody there is logged in and connected. */
import { apiPaths } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { aCentre } from '../testing/centre.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { until } from '../testing/until.ts';

const health = async (base: string) => (await (await fetch(base + apiPaths.health)).json()) as { staffed: boolean; operators: number };

it('a log-in that runs out ends its live feed: whoever cannot sign is not there', async () => {
  const clock = new ManualClock();
  const centre = await aCentre({ clock });
  const operator = await centre.operator();
  await operator.listens();
  expect((await health(centre.addresses.httpUrl)).operators).toBe(1);
  clock.passes(12 * 3_600_000);
  await until('the feed is ended', async () => {
    clock.passes(1000);
    return (await health(centre.addresses.httpUrl)).operators === 0;
  });
});

it('a log-out ends its live feed, and no other one of the same person', async () => {
  const clock = new ManualClock();
  const centre = await aCentre({ clock });
  const [here, there] = await Promise.all([centre.operator(), centre.operator()]);
  await Promise.all([here.listens(), there.listens()]);
  await here.asks('POST', apiPaths.logout);
  await until('one feed is ended', async () => {
    clock.passes(1000);
    return (await health(centre.addresses.httpUrl)).operators === 1;
  });
});
