import { type AlarmDetailed, type AlarmRaised, makeEvent, type TestRaised } from '@shouwang/protocol';
import { v7 } from 'uuid';

/** An alarm as the box makes it. */
export function alarmMessage(more: Partial<AlarmRaised['data']> = {}): AlarmRaised {
  return makeEvent('cn.shouwang.alarm.raised.v1', 'box/box-0001', v7(), 1_800_000_000_000, {
    pressedAt: 1_800_000_000_000,
    gesture: 'hold',
    withdrawWindowS: 3,
    ...more,
  });
}

/** Something said about an alarm afterwards. */
export function detailMessage(alarmId: string): AlarmDetailed {
  return makeEvent('cn.shouwang.alarm.detailed.v1', 'box/box-0001', v7(), 1_800_000_000_000, {
    alarmId,
    at: 1_800_000_000_000,
    about: 'fire',
  });
}

/** A test alarm. */
export function testMessage(by: TestRaised['data']['by'] = 'self'): TestRaised {
  return makeEvent('cn.shouwang.box.test.v1', 'box/box-0001', v7(), 1_800_000_000_000, { at: 1_800_000_000_000, by });
}
