import { describe, expect, it } from 'vitest';
import * as alarms from './alarm.ts';
import { newId } from './new-id.ts';

const T0 = 1_790_000_000_000;
const making = (now = T0): alarms.Making => ({ boxId: 'box-0001', now, newId });
const raised = (s: alarms.AlarmState = alarms.EMPTY, at = T0) => alarms.pressed(s, making(at), 'hold', undefined);
const receipt = (s: alarms.AlarmState, messageId: string, alarmId = s.alarm!.id) =>
  alarms.received(s, { messageId, alarmId, caseNo: '20261123-0007', receivedAt: T0 + 300 }, T0 + 310);
const taken = () => {
  const s = raised();
  return receipt(s, s.alarm!.id);
};
const progress = (s: alarms.AlarmState, change: object) =>
  alarms.progressed(s, {
    alarmId: s.alarm!.id,
    caseNo: '20261123-0007',
    revision: 2,
    state: 'signed',
    since: T0,
    receivedAt: T0,
    reopened: 0,
    ...change,
  });

describe('an alarm', () => {
  it('says nothing but that it was pressed, until a fact says more', () => {
    const { alarm, outbox } = raised();
    expect(alarm).not.toHaveProperty('storedAt');
    expect(outbox).toMatchObject([{ kind: 'alarm', event: { id: alarm!.id, data: { gesture: 'hold', withdrawWindowS: 3 } } }]);
  });

  it('carries what was on the screen', () => {
    const onScreen = { cameraId: 'lane', pictureAt: T0 };
    expect(alarms.pressed(alarms.EMPTY, making(), 'triple', onScreen).outbox[0]!.event.data).toMatchObject({ onScreen });
  });

  it('leaves the outbox only by the centre’s answer to that very message', () => {
    const s = raised();
    expect(receipt(s, newId(T0)).outbox).toHaveLength(1);
    const done = receipt(s, s.alarm!.id);
    expect(done.outbox).toEqual([]);
    expect(done.alarm).toMatchObject({ receivedAt: T0 + 300, caseNo: '20261123-0007', sentAt: T0 + 310 });
  });

  it('pressed again while open is made stronger, and is no second case', () => {
    const again = alarms.pressed(taken(), making(T0 + 5_000), 'hold', undefined);
    expect(again.outbox).toMatchObject([{ kind: 'detail', event: { data: { pressedAgain: true } } }]);
    expect(alarms.pressed(again, making(T0 + 6_000), 'hold', undefined)).toBe(again);
    expect(receipt(again, again.outbox[0]!.event.id).alarm?.pressedAgainReceived).toBe(true);
  });

  it('pressed after a withdrawal is a new alarm: somebody means it now', () => {
    const withdrawn = alarms.withdrawn(taken(), making(T0 + 1_000));
    const next = raised(withdrawn, T0 + 9_000);
    expect(next.alarm?.id).not.toBe(withdrawn.alarm?.id);
    expect(next.outbox.map((e) => e.kind)).toEqual(['withdraw', 'alarm']);
    expect(next.dismissed).toEqual([withdrawn.alarm?.id]);
  });

  it('that the centre refuses is kept, never sent again, and says why', () => {
    const s = raised();
    const refused = alarms.rejected(s, { messageId: s.alarm!.id, code: 'BOX_UNKNOWN', message: '未登记', phone: '110' });
    expect(refused.alarm?.rejected).toEqual({ code: 'BOX_UNKNOWN', message: '未登记', phone: '110' });
    expect(refused.outbox).toHaveLength(1);
    expect(alarms.nextToSend(refused, () => false)).toBeUndefined();
    expect(alarms.dismissed(refused)).toMatchObject({ outbox: [], alarm: undefined });
  });

  it('goes out before anything else', () => {
    const s = raised(alarms.withdrawn(raised(), making()), T0 + 9_000);
    const first = s.outbox.filter((e) => e.kind === 'alarm');
    expect(alarms.nextToSend(s, () => false)).toBe(first[0]);
    expect(alarms.nextToSend(s, (id) => id === first[0]!.event.id)).toBe(first[1]);
  });
});

describe('what the centre says of it', () => {
  it('is believed only after `received`, and only when it is newer', () => {
    expect(progress(raised(), {}).alarm?.state).toBeUndefined();
    const signed = progress(taken(), { post: '值班员', signedAt: T0 });
    expect(signed.alarm).toMatchObject({ state: 'signed', post: '值班员' });
    expect(progress(signed, { revision: 1, state: 'closed' })).toBe(signed);
  });

  it('brings an open alarm back that this page had forgotten, but not one that was put away', () => {
    const s = taken();
    const known = {
      alarmId: s.alarm!.id,
      caseNo: '20261123-0007',
      revision: 3,
      state: 'signed' as const,
      since: T0,
      receivedAt: T0,
      reopened: 0,
    };
    expect(alarms.progressed(alarms.EMPTY, known).alarm).toMatchObject({ id: known.alarmId, state: 'signed' });
    expect(alarms.progressed(alarms.EMPTY, { ...known, state: 'closed' }).alarm).toBeUndefined();
    expect(alarms.progressed({ ...alarms.EMPTY, dismissed: [known.alarmId] }, known).alarm).toBeUndefined();
  });

  it('closed: it can be rated once; “not solved” asks again at the next end', () => {
    const closed = progress(taken(), { state: 'closed', result: '已处理' });
    const rated = alarms.rated(closed, making(), 'unsolved');
    expect(() => alarms.rated(rated, making(), 'fair')).toThrow('CASE_STATE');
    expect(receipt(rated, rated.outbox[0]!.event.id).alarm?.ratingReceived).toBe(true);
    expect(progress(rated, { revision: 5, state: 'handling', reopened: 1 }).alarm?.rating).toBeUndefined();
    expect(() => alarms.rated(taken(), making(), 'fair')).toThrow('CASE_STATE');
  });
});

describe('a silent alarm', () => {
  it('is in the outbox and nowhere else', () => {
    const s = alarms.pressedSilently(alarms.EMPTY, making(), undefined);
    expect(s.alarm).toBeUndefined();
    expect(s.outbox[0]!.event.data).toMatchObject({ gesture: 'silent', silent: true });
    expect(alarms.openIds(s)).toEqual([]);
    const id = s.outbox[0]!.alarmId;
    const after = alarms.received(s, { messageId: id, alarmId: id, caseNo: '20261123-0007', receivedAt: T0 }, T0);
    expect(after.outbox).toEqual([]);
    expect(after.alarm).toBeUndefined();
  });
});

it('a silent alarm pressed again while it is unanswered is the same one', () => {
  const s = alarms.pressedSilently(alarms.EMPTY, making(), undefined);
  expect(alarms.pressedSilently(s, making(T0 + 5_000), undefined)).toBe(s);
});

it('a test of a person is shown, the page’s own is not; the newest one takes the place of those that wait', () => {
  let s = alarms.tested(alarms.EMPTY, making(), 'self');
  expect(s.test).toBeUndefined();
  for (let n = 0; n < 3; n++) s = alarms.tested(alarms.testDismissed(s), making(T0 + n), 'person');
  const { id } = s.test!;
  expect(s.outbox.map((e) => e.event.id)).toEqual([id]);
  expect(alarms.received(s, { messageId: id, alarmId: id, receivedAt: T0 + 9 }, T0 + 9).test?.receivedAt).toBe(T0 + 9);
});

it('a key pressed over and over does not fill the outbox', () => {
  let s = taken();
  const full = () => {
    for (let n = 0; n < 100; n++) s = alarms.detailed(s, making(), 'fire');
  };
  expect(full).toThrow('OUTBOX_FULL');
  expect(s.outbox.length).toBeLessThanOrEqual(40);
  expect(() => alarms.withdrawn(s, making())).toThrow('OUTBOX_FULL');
  expect(alarms.pressed(s, making(), 'hold', undefined)).toBe(s);
  expect(raised({ ...s, alarm: undefined }).outbox.length).toBe(s.outbox.length + 1);
});

it('without an alarm there is nothing to withdraw, to say, to rate or to put away', () => {
  const { EMPTY } = alarms;
  for (const said of [
    () => alarms.withdrawn(EMPTY, making()),
    () => alarms.detailed(EMPTY, making(), 'fire'),
    () => alarms.rated(EMPTY, making(), 'fair'),
    () => alarms.dismissed(EMPTY),
  ])
    expect(said).toThrow('ALARM_UNKNOWN');
  expect(() => alarms.dismissed(taken())).toThrow('CASE_STATE');
});

it.each([undefined, null, 5, 'x', {}, { outbox: 'x', dismissed: [] }])('what is no state of ours is no state: %j', (value) => {
  expect(alarms.restored(value)).toBe(alarms.EMPTY);
});
