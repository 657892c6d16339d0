/** When work orders come about: of a whole township at one time, and of a box that was out of service meanwhile. */
import { expect, it } from 'vitest';
import type { BoxEntry } from '../enrolment/directory.ts';
import { createLog } from '../log.ts';
import type { Store } from '../store/store.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { VILLAGE } from '../testing/messages.ts';
import { until } from '../testing/until.ts';
import { Fleet } from './fleet.ts';
import type { SaveFleet } from './operations.ts';
import { fleetSettings } from './settings.ts';

/** So many boxes that were heard once, in front of a store that takes everything. */
function aFleet(count: number) {
  const clock = new ManualClock();
  const boxes = new Map<string, BoxEntry>();
  for (let i = 0; i < count; i++) {
    const household = { boxId: `box-${i}`, name: '王', address: '平安村', phone: '139', area: VILLAGE };
    boxes.set(household.boxId, { household, secretHash: '', revoked: false });
  }
  const written: SaveFleet[] = [];
  const run = async (_name: string, a: SaveFleet): Promise<void> => void written.push(a);
  const times = { suspectAfterS: 85, offlineAfterS: 600, orderAfterS: 3600, graceS: 0, wellForS: 300 };
  const settings = fleetSettings({ ...times, reopenWithinS: 86_400, selfTestS: 0, personTestS: 0 });
  const store = { run: run as unknown as Store['run'] };
  const fleet = new Fleet({ store, clock, log: createLog('silent'), directory: { boxes }, settings, onDoubt: () => undefined });
  fleet.start();
  for (const boxId of boxes.keys()) fleet.heard(boxId);
  const opened = (): number => written.reduce((n, a) => n + a.open.length, 0);
  return { clock, boxes, written, opened, fleet };
}

it('thousands at one time are at most fifty in a transaction, so that an alarm in between is not kept waiting', async () => {
  const { clock, written, opened, fleet } = aFleet(2000);
  clock.passes(3_700_000);
  await until('every box has its order', () => {
    clock.passes(1000);
    return opened() === 2000;
  });
  expect(Math.max(...written.map((a) => a.open.length + a.close.length))).toBeLessThanOrEqual(50);
  await fleet.close();
});

it('a box that was revoked when its time came has its order after it is reinstated', async () => {
  const { clock, boxes, written, opened, fleet } = aFleet(1);
  const box = boxes.get('box-0')!;
  boxes.set('box-0', { ...box, revoked: true });
  clock.passes(4_000_000);
  await until('that it is offline is written', () => {
    clock.passes(1000);
    return written.some((a) => a.rows.some((row) => row.presence === 'offline'));
  });
  expect(opened()).toBe(0);
  boxes.set('box-0', box);
  await until('it has its order', () => {
    clock.passes(1000);
    return opened() === 1;
  });
  await fleet.close();
});
