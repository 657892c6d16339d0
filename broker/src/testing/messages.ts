/** Messages that tests send, with ids that sort by making. */
import type { AlarmRaised } from '@shouwang/protocol';
import { makeEvent } from '@shouwang/protocol';
import { uuid7 } from '../ids.ts';

export const VILLAGE = '522328101201';
export const POLICY = { signMs: 30_000, handleMs: 300_000, closeMs: 86_400_000 };

/** An `up/alarm`. */
export function anAlarm(boxId: string, data: Partial<AlarmRaised['data']> = {}, id = uuid7(Date.now())): AlarmRaised {
  return makeEvent('cn.shouwang.alarm.raised.v1', `box/${boxId}`, id, 1_767_225_600_000, {
    pressedAt: 1_767_225_600_000,
    gesture: 'hold' as const,
    withdrawWindowS: 5,
    ...data,
  });
}

/** `up/withdraw`, `up/detail` and `up/rating` for an alarm. */
export const anUpdate = {
  withdraw: (alarmId: string, id = uuid7(Date.now())) =>
    makeEvent('cn.shouwang.alarm.withdrawn.v1', 'box/x', id, 1_767_225_600_000, { alarmId, at: 1_767_225_600_000 }),
  detail: (alarmId: string, data: object, id = uuid7(Date.now())) =>
    makeEvent('cn.shouwang.alarm.detailed.v1', 'box/x', id, 1_767_225_600_000, { alarmId, at: 1_767_225_600_000, ...data }),
  rating: (alarmId: string, rating: string, id = uuid7(Date.now())) =>
    makeEvent('cn.shouwang.case.rating.v1', 'box/x', id, 1_767_225_600_000, { alarmId, rating, at: 1_767_225_600_000 }),
};

/** An `up/test`. */
export const aTest = (boxId: string, by: 'self' | 'person' = 'person', id = uuid7(Date.now())) =>
  makeEvent('cn.shouwang.box.test.v1', `box/${boxId}`, id, 1_767_225_600_000, { at: 1_767_225_600_000, by });

/** An `up/sync`. */
export function aSync(boxId: string, id = uuid7(Date.now())) {
  return makeEvent('cn.shouwang.box.sync.v1', `box/${boxId}`, id, 1_767_225_600_000, { open: [], version: '1.0.0' });
}

/** Arguments of `raiseAlarm` for an alarm. */
export function raising(boxId: string, alarm: AlarmRaised, more: { at?: number; digest?: string; staffed?: boolean } = {}) {
  return {
    boxId,
    area: VILLAGE,
    id: alarm.id,
    digest: JSON.stringify(alarm.data),
    payload: JSON.stringify(alarm),
    at: 1_767_225_600_000,
    day: '20260101',
    staffed: true,
    data: alarm.data,
    phone: '0859-555-0110',
    ...more,
  };
}
