/** A person's test alarm in words: what has happened of it, that nobody sets out, and whom to ring where it did not get through. Pure. */
import type { TvState } from '@shouwang/protocol';
import { ALARM, BACK, LINK, TEST } from '../words.ts';
import type { Tone } from './alarm-truth.ts';

export interface TestView {
  kind: 'test';
  phase: 'pressed' | 'stored' | 'sent' | 'received' | 'late' | 'unknown';
  tone: Tone;
  title: string;
  lines: string[];
  phone: string;
  phoneOwner: string;
  back: string;
}

/** `linkUp` false: the box's service does not answer the page, so what is known is old. */
export function testView(state: TvState, test: NonNullable<TvState['test']>, linkUp: boolean): TestView {
  const base = { kind: 'test' as const, phone: state.centre.phone, phoneOwner: ALARM.phone(state.centre.name), back: BACK.close };
  if (test.receivedAt !== undefined)
    return state.flashBroken
      ? { ...base, phase: 'received', tone: 'bad', title: TEST.received, lines: [TEST.flashBroken, TEST.callRepair] }
      : { ...base, phase: 'received', tone: 'done', title: TEST.received, lines: [TEST.allWell, TEST.nobodyComes] };
  if (test.late) return { ...base, phase: 'late', tone: 'bad', title: TEST.late, lines: [TEST.lateMeans, TEST.lateCall] };
  if (!linkUp) return { ...base, phase: 'unknown', tone: 'bad', title: TEST.unknown, lines: [LINK.lost, TEST.lateCall] };
  const phase = test.sentAt !== undefined ? 'sent' : test.storedAt !== undefined ? 'stored' : 'pressed';
  const second = state.centre.connected ? TEST.waiting : TEST.offline;
  return { ...base, phase, tone: 'waiting', title: TEST[phase], lines: [second, TEST.nobodyComes] };
}
