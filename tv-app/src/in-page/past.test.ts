/** The earlier alarms of a box whose page is its only voice: what gave way goes on in the list, by what the centre says. */
import { type Progress, REPORTS_AT_MOST } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import * as alarms from './alarm.ts';
import { newId } from './new-id.ts';
import { reportsOf } from './past.ts';

const T0 = 1_790_000_000_000;
const making = (now = T0): alarms.Making => ({ boxId: 'box-0001', now, newId });
const ids = (s: alarms.AlarmState) => reportsOf(s.alarm, s.past, false).map((a) => a.id);

function told(alarmId: string, change: Partial<Progress['data']> = {}): Progress['data'] {
  const caseNo = '20261123-0007';
  return { alarmId, caseNo, revision: 4, state: 'closed', since: T0, receivedAt: T0, closedAt: T0, reopened: 0, ...change };
}

/** An alarm that the centre has closed, on top of those before it. */
function closed(s: alarms.AlarmState, at: number): alarms.AlarmState {
  const raised = alarms.pressed(s, making(at), 'hold', undefined);
  const { id } = raised.alarm!;
  const taken = alarms.received(raised, { messageId: id, alarmId: id, caseNo: '20261123-0007', receivedAt: at + 300 }, at + 310);
  return alarms.progressed(taken, told(id, { receivedAt: at + 300 }));
}
function answered(s: alarms.AlarmState, rating: 'satisfied' | 'unsolved', alarmId = s.alarm!.id): alarms.AlarmState {
  const said = alarms.rated(s, making(), rating, alarmId);
  return alarms.received(said, { messageId: said.outbox.at(-1)!.event.id, alarmId, receivedAt: T0 }, T0);
}
/** Two that were answered and put away; the newer one's id, then the older one's. */
function two(): { s: alarms.AlarmState; newer: string; older: string } {
  const first = answered(closed(alarms.EMPTY, T0), 'satisfied');
  const second = answered(closed(first, T0 + 60_000), 'satisfied');
  return { s: alarms.dismissed(second), newer: second.alarm!.id, older: first.alarm!.id };
}

describe('the list', () => {
  it('has the open one first, then what gave way to it, with what this box itself did', () => {
    const { s, newer, older } = two();
    expect(ids(s)).toEqual([newer, older]);
    const open = alarms.pressed(s, making(T0 + 120_000), 'hold', undefined);
    expect(ids(open)).toEqual([open.alarm!.id, newer, older]);
    expect(open.past[0]).toMatchObject({ pressedAt: T0 + 60_000, sentAt: T0 + 60_310, rating: 'satisfied', ratingReceived: true });
  });

  it('holds ten, and the oldest goes', () => {
    let s = alarms.EMPTY;
    for (let n = 0; n < REPORTS_AT_MOST + 3; n++) s = closed(s, T0 + n * 60_000);
    expect(ids(s)).toHaveLength(REPORTS_AT_MOST);
    expect(s.past.at(-1)?.pressedAt).toBe(T0 + 2 * 60_000);
  });

  it('of a box that thought it was 1970 is in the order of the centre’s clock', () => {
    const s = answered(closed(alarms.EMPTY, T0), 'satisfied');
    const older = s.alarm!.id;
    const raised = alarms.pressed(s, making(5_000), 'hold', undefined);
    const { id } = raised.alarm!;
    const taken = alarms.received(raised, { messageId: id, alarmId: id, receivedAt: T0 + 60_000 }, 5_300);
    expect(ids(alarms.dismissed(answered(alarms.progressed(taken, told(id)), 'satisfied')))).toEqual([id, older]);
  });

  it('one that was withdrawn before the centre had it is received, and withdrawn, in the list', () => {
    const raised = alarms.pressed(alarms.EMPTY, making(), 'hold', undefined);
    const { id } = raised.alarm!;
    const withdrawn = alarms.withdrawn(raised, making(T0 + 1_000));
    const next = alarms.pressed(withdrawn, making(T0 + 9_000), 'hold', undefined);
    const [, withdrawal] = withdrawn.outbox;
    let s = alarms.received(next, { messageId: id, alarmId: id, caseNo: '20261123-0007', receivedAt: T0 + 9_100 }, T0 + 9_200);
    s = alarms.received(s, { messageId: withdrawal!.event.id, alarmId: id, receivedAt: T0 + 9_300 }, T0 + 9_400);
    expect(s.past).toMatchObject([{ id, receivedAt: T0 + 9_100, withdrawnAt: T0 + 9_300 }]);
  });

  it('one that the centre refused after it gave way is refused there', () => {
    const raised = alarms.pressed(alarms.EMPTY, making(), 'hold', undefined);
    const { id } = raised.alarm!;
    const next = alarms.pressed(alarms.withdrawn(raised, making()), making(T0 + 9_000), 'hold', undefined);
    const s = alarms.rejected(next, { messageId: id, code: 'BOX_UNKNOWN', message: '未登记', phone: '110' });
    expect(s.past).toMatchObject([{ id, rejected: { code: 'BOX_UNKNOWN' } }]);
    expect(s.alarm?.rejected).toBeUndefined();
  });
});

describe('what the centre says of an earlier one', () => {
  it('is taken over, the newest revision, and does not bring it to the front', () => {
    const { s, older } = two();
    const next = alarms.progressed(s, told(older, { revision: 7, result: '又去看过' }));
    expect(next.past[1]).toMatchObject({ result: '又去看过', rating: 'satisfied' });
    expect(next.alarm).toBeUndefined();
    expect(alarms.progressed(next, told(older, { revision: 5, result: '旧的' }))).toBe(next);
  });

  it('an answer that this page has forgotten is not asked for again, and one that it has just given is not undone', () => {
    const ID = newId(T0);
    const forgotten = alarms.listed(alarms.EMPTY, [told(ID, { rating: 'fair' })]);
    expect(forgotten.past[0]).toMatchObject({ rating: 'fair', ratingReceived: true, fromCentre: true });
    const said = alarms.rated(forgotten, making(), 'unsolved', ID);
    expect(alarms.progressed(said, told(ID, { revision: 5, rating: 'fair' })).alarm).toMatchObject({ rating: 'unsolved' });
  });
});

describe('the centre’s list', () => {
  it('brings back what the page has lost, the newest first, and leaves what only the box knows', () => {
    const [a, b] = [newId(T0), newId(T0)];
    const refused = alarms.rejected(...refusal());
    const put = alarms.dismissed(refused);
    const s = alarms.listed(put, [told(b, { receivedAt: T0 + 2 }), told(a, { receivedAt: T0 - 60_000 })]);
    expect(ids(s)).toEqual([b, refused.alarm!.id, a]);
    expect(s.past[1]?.rejected).toBeDefined();
  });

  function refusal(): Parameters<typeof alarms.rejected> {
    const raised = alarms.pressed(alarms.EMPTY, making(), 'hold', undefined);
    return [raised, { messageId: raised.alarm!.id, code: 'BOX_UNKNOWN', message: '未登记', phone: '110' }];
  }

  it('said again changes nothing', () => {
    const list = [told(newId(T0)), told(newId(T0), { receivedAt: T0 - 1 })];
    const s = alarms.listed(alarms.EMPTY, list);
    expect(alarms.listed(s, list)).toBe(s);
  });

  it('the newest open one comes to the front, as by its progress; one that was put away does not', () => {
    const [a, b] = [newId(T0), newId(T0)];
    const open = [told(b, { state: 'signed', receivedAt: T0 + 1 }), told(a, { state: 'handling' })];
    expect(alarms.listed(alarms.EMPTY, open)).toMatchObject({ alarm: { id: b }, past: [{ id: a }] });
    expect(alarms.listed({ ...alarms.EMPTY, dismissed: [a, b] }, open).alarm).toBeUndefined();
  });

  it('never shows a silent alarm that is still on its way', () => {
    const s = alarms.pressedSilently(alarms.EMPTY, making(), undefined);
    expect(alarms.listed(s, [told(s.outbox[0]!.alarmId)])).toBe(s);
  });
});

describe('“not solved” to an earlier one', () => {
  it('is said to the centre and brings it to the front, where it is followed again', () => {
    const { s, newer, older } = two();
    const said = alarms.rated(s, making(), 'unsolved', older);
    expect(said.outbox).toMatchObject([{ kind: 'rating', alarmId: older, event: { data: { alarmId: older, rating: 'unsolved' } } }]);
    expect(said.alarm).toMatchObject({ id: older, rating: 'unsolved', ratingReceived: false });
    expect(ids(said)).toEqual([older, newer]);
    const back = alarms.progressed(said, told(older, { revision: 9, state: 'handling', reopened: 1 }));
    expect(back.alarm).toMatchObject({ state: 'handling', reopened: 1, rating: undefined });
  });

  it('leaves an open one in front, and comes when that one is put away', () => {
    const { s, older } = two();
    const open = alarms.pressed(s, making(T0 + 120_000), 'hold', undefined);
    const said = alarms.rated(open, making(), 'unsolved', older);
    expect(said.alarm?.id).toBe(open.alarm?.id);
    const putAway = (now: alarms.AlarmState) => alarms.dismissed(alarms.withdrawn(now, making()));
    const reopened = (now: alarms.AlarmState) => alarms.progressed(now, told(older, { revision: 9, state: 'handling', reopened: 1 }));
    expect(putAway(said).alarm).toBeUndefined();
    expect(reopened(putAway(said)).alarm?.id).toBe(older);
    expect(reopened(said).alarm?.id).toBe(open.alarm?.id);
    expect(putAway(reopened(said)).alarm).toMatchObject({ id: older, state: 'handling' });
  });

  it('that the centre refuses counts as not said', () => {
    const { s, older } = two();
    const said = alarms.rated(s, making(), 'unsolved', older);
    const { id } = said.outbox[0]!.event;
    const refused = alarms.rejected(said, { messageId: id, code: 'CASE_STATE', message: '现在不能', phone: '110' });
    expect(refused).toMatchObject({ outbox: [], alarm: { id: older, rating: undefined } });
  });

  it('is the only answer after another one; there is none to a withdrawn alarm, an open one, or one that is not in the list', () => {
    const { s, older } = two();
    expect(() => alarms.rated(s, making(), 'fair', older)).toThrow('CASE_STATE');
    expect(() => alarms.rated(s, making(), 'unsolved', newId(T0))).toThrow('ALARM_UNKNOWN');
    const ID = newId(T0);
    for (const change of [{ withdrawnAt: T0 }, { state: 'handling' as const }])
      expect(() => alarms.rated(alarms.listed(alarms.EMPTY, [told(ID, change)]), making(), 'unsolved', ID)).toThrow('CASE_STATE');
  });
});
