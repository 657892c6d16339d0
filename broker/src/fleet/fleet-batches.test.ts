/** A power cut of a whole township: what the fleet writes comes in short transactions, so that alarms in between are not kept waiting. */
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

const BOXES = 2000;

it('thousands of work orders at one time are at most fifty in a transaction', async () => {
  const clock = new ManualClock();
  const boxes = new Map<string, BoxEntry>();
  for (let i = 0; i < BOXES; i++) {
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
  clock.passes(3_700_000);
  const opened = () => written.reduce((n, a) => n + a.open.length, 0);
  await until('every box has its order', () => {
    clock.passes(1000);
    return opened() === BOXES;
  });
  expect(Math.max(...written.map((a) => a.open.length + a.close.length))).toBeLessThanOrEqual(50);
  await fleet.close();
});
