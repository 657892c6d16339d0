import { describe, expect, it } from 'vitest';
import { alarmWith, FACTS, T0 } from '../testing/states.ts';
import { timeline } from './timeline.ts';

const marks = (facts: object) =>
  timeline(alarmWith(facts), T0)
    .map((s) => s.mark)
    .join(' ');

describe('the steps of an alarm', () => {
  it('each fact ticks its own row, the next one is waited for', () => {
    expect(marks({})).toBe('now todo todo todo todo todo');
    expect(marks(FACTS.stored)).toBe('done now todo todo todo todo');
    expect(marks(FACTS.received)).toBe('done done done now todo todo');
    expect(marks(FACTS.handling)).toBe('done done done done done now');
    expect(marks(FACTS.closed)).toBe('done done done done done done');
  });

  it('what did not happen is not ticked because later things did', () => {
    expect(marks({ sentAt: T0 })).toBe('skipped done now todo todo todo');
    expect(timeline(alarmWith({ sentAt: T0 }), T0)[0]?.label).toBe('没能记在机顶盒上');
    expect(marks({ ...FACTS.received, state: 'closed', closedAt: T0 })).toBe('done done done skipped skipped done');
  });

  it('a forgotten time of sending is no missing tick: the centre has it', () => {
    const rows = timeline(alarmWith({ storedAt: T0, receivedAt: T0, state: 'received' }), T0);
    expect(rows[1]).toMatchObject({ mark: 'done', time: '' });
  });

  it('of one that only the centre remembers nobody says that the box could not keep it', () => {
    const rows = timeline(alarmWith({ ...FACTS.closed, storedAt: undefined, sentAt: undefined, fromCentre: true }), T0);
    expect(rows.map((s) => `${s.step} ${s.mark}`)).toEqual(['sent done', 'received done', 'signed done', 'handling done', 'closed done']);
  });

  it('a case that was brought back is not closed any more', () => {
    expect(marks({ ...FACTS.handling, closedAt: T0 - 100, reopened: 1 })).toBe('done done done done done now');
  });

  it('after a refusal nothing is waited for', () => {
    expect(marks({ ...FACTS.sent, rejected: { code: 'X', message: '', phone: '' } })).toBe('done done');
  });

  it('what has not happened is not worded as if it had', () => {
    const rows = timeline(alarmWith(FACTS.received), T0);
    expect(rows.map((s) => s.label)).toEqual(['已记下', '已发出', '中心已收到', '等：值班员看到', '等：有人赶来', '等：处理完']);
  });

  it('after a withdrawal only the closing is waited for', () => {
    const withdrawn = { ...FACTS.received, withdrawSentAt: T0, withdrawnAt: T0 };
    expect(timeline(alarmWith(withdrawn), T0).map((s) => s.step)).toEqual(['stored', 'sent', 'received', 'closed']);
    expect(timeline(alarmWith({ ...FACTS.signed, withdrawSentAt: T0 }), T0).map((s) => s.step)).toContain('signed');
  });

  it('times carry the date when it is another day', () => {
    const rows = timeline(alarmWith(FACTS.stored), T0 + 3 * 86_400_000);
    expect(rows[0]?.time).toMatch(/^\d+月\d+日 \d\d:\d\d$/);
  });
});
