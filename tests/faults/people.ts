/** A villager who presses, takes back and presses again, and what the TV showed meanwhile. */
import type { Villager } from '../harness/villager.ts';
import { alarmKey, type Promises } from './promises.ts';

/** Writes down what the TV of `boxId` has shown so far. */
export function remembers(villager: Villager, boxId: string, promises: Promises): void {
  for (const { alarm } of villager.seen) {
    if (!alarm) continue;
    const key = alarmKey(boxId, alarm.id);
    promises.sent.add(key);
    if (alarm.storedAt !== undefined) promises.stored.add(key);
    if (alarm.receivedAt !== undefined && alarm.caseNo !== undefined) promises.hearsReceived(key, alarm.caseNo);
  }
}

/** Variables of a bridge whose key takes presses however close together, as no hand could make them. */
export const QUICK_KEYS = { SHOUWANG_BRIDGE_KEYS_BRIDGE_GAP_MS: '0' };

/** Presses `times` alarms, one after the other, and takes each back, so that the next press is a new one. Ends quietly when the box dies. */
export async function pressesAgainAndAgain(villager: Villager, times: number): Promise<void> {
  try {
    if (villager.alarm) await villager.call('withdraw', {});
    for (let n = 0; n < times; n++) {
      await villager.pressesSos();
      await villager.seesAlarm('stored', (a) => a.storedAt);
      await villager.call('withdraw', {});
    }
  } catch (error) {
    if (villager.linked) throw error;
  }
}
