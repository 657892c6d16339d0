/** When a box's tests are overdue: by itself every day, by a person's key every month. */
import type { BoxRecord } from './records.ts';

export interface TestSettings {
  /** 0: never. ms */
  selfTestMs: number;
  /** 0: never. ms */
  personTestMs: number;
  /** Between two looks at everybody: overdue tests, revoked boxes, when boxes that are merely well were heard. ms */
  sweepMs: number;
}

/** A box that came back gets so long for its own test, before its absence is held against it. */
const BACK_FOR_MS = 3_600_000;

/** Whether this test is overdue. A box is counted from when it was first seen. */
export function isOverdue(r: BoxRecord, kind: 'self-test' | 'person-test', s: TestSettings, at: number): boolean {
  const within = kind === 'self-test' ? s.selfTestMs : s.personTestMs;
  const last = (kind === 'self-test' ? r.selfTestAt : r.personTestAt) ?? r.firstSeenAt;
  return within > 0 && at - last >= within;
}

/** Only of boxes that are here: one that is away has a trouble of its own. */
export function overdueTests(r: BoxRecord, s: TestSettings, at: number): ('self-test' | 'person-test')[] {
  if (r.presence !== 'online') return [];
  const out: ('self-test' | 'person-test')[] = [];
  if (isOverdue(r, 'self-test', s, at) && at - r.since >= Math.min(BACK_FOR_MS, s.selfTestMs)) out.push('self-test');
  if (isOverdue(r, 'person-test', s, at)) out.push('person-test');
  return out;
}
