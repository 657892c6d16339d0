import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STORE_AGAIN_MS } from '../outbox/outbox.ts';
import { AlarmWorld, answer, progress, receivedAt } from '../testing/alarm-world.ts';
import { until } from '../testing/until.ts';
import type { AlarmService } from './alarm-service.ts';

let w: AlarmWorld;
beforeEach(() => {
  w = new AlarmWorld();
});
afterEach(() => w.remove());

async function rejectedAlarm(service: AlarmService): Promise<void> {
  await service.press('hold');
  await service.onRejected({ messageId: service.tv()!.id, code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '0859-555-0110' });
}

describe('a press', () => {
  it('is an alarm with time, gesture and what is on the screen, in the outbox before anything is woken', async () => {
    const service = await w.start();
    service.watching({ cameraId: 'gate', pictureAt: 7 });
    const pressing = service.press('triple');
    expect(service.tv()).toMatchObject({ pressedAt: w.clock.now(), withdrawUntil: w.clock.now() + 3000, late: false });
    expect(service.tv()?.storedAt).toBeUndefined();
    expect(w.woken).toEqual([]);
    await pressing;
    expect(w.woken).toEqual([true]);
    expect(service.tv()).toMatchObject({ storedAt: w.clock.now() });
    expect(w.outbox.entries()[0]?.event.data).toEqual({
      pressedAt: w.clock.now(),
      gesture: 'triple',
      withdrawWindowS: 3,
      onScreen: { cameraId: 'gate', pictureAt: 7 },
    });
  });

  it('while an alarm is open strengthens it, once until that is answered, and makes no second alarm', async () => {
    const service = await w.start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.press('sos');
    await service.press('sos');
    expect(service.tv()?.id).toBe(id);
    expect(w.kinds()).toEqual(['alarm', 'detail']);
    const again = w.outbox.entries()[1]!.event;
    expect(again.data).toMatchObject({ alarmId: id, pressedAgain: true });
    expect(service.tv()).toMatchObject({ pressedAgainAt: w.clock.now(), pressedAgainReceived: false });
    await service.onReceived(answer(again.id, id));
    expect(service.tv()?.pressedAgainReceived).toBe(true);
  });

  it('while a withdrawal is on its way to the flash is a new alarm: somebody means it now', async () => {
    const service = await w.start();
    const id = await w.received(service);
    w.fs.fault = 'hangs';
    const withdrawing = service.withdraw();
    const pressing = service.press('hold');
    w.fs.recovers();
    await Promise.all([withdrawing, pressing]);
    expect(service.tv()?.id).not.toBe(id);
    expect(w.kinds()).toEqual(['withdraw', 'alarm']);
  });

  it('quickly twice while the flash is slow strengthens once, also offline', async () => {
    const service = await w.start();
    await service.press('hold');
    w.fs.fault = 'hangs';
    const both = [service.press('hold'), service.press('hold')];
    w.fs.recovers();
    await Promise.all(both);
    expect(w.kinds()).toEqual(['alarm', 'detail']);
  });

  it.each<[string, (s: AlarmService) => Promise<unknown>]>([
    ['withdrawn', (s) => w.received(s).then(() => s.withdraw())],
    ['closed', (s) => w.closed(s)],
    ['rejected', rejectedAlarm],
  ])('after the last alarm was %s is a new alarm', async (_, finish) => {
    const service = await w.start();
    await finish(service);
    const { id } = service.tv()!;
    await service.press('hold');
    expect(service.tv()?.id).not.toBe(id);
    expect(w.kinds()).toContain('alarm');
  });
});

describe('each word comes only after its fact:', () => {
  it('not stored where the flash refuses, and stored once it works again', async () => {
    const service = await w.start();
    w.fs.fault = 'read-only';
    await service.press('hold');
    expect(service.tv()?.storedAt).toBeUndefined();
    expect(w.kinds()).toEqual(['alarm']);
    w.fs.fault = 'none';
    await until('stored', () => {
      w.clock.passes(STORE_AGAIN_MS);
      return service.tv()?.storedAt !== undefined;
    });
    await w.outbox.close();
  });

  it('progress is not taken over before our own message was received', async () => {
    const service = await w.start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.onProgress(progress(id, 3, { state: 'signed', post: '值班员' }));
    expect(service.tv()).not.toHaveProperty('receivedAt');
    expect(service.tv()?.state).toBeUndefined();
    await service.onReceived(answer(id));
    expect(service.tv()).toMatchObject({ receivedAt, state: 'signed', post: '值班员' });
  });

  it('the newest revision wins, older ones change nothing', async () => {
    const service = await w.start();
    const id = await w.received(service);
    await service.onProgress(progress(id, 5, { state: 'handling', post: '值班员', handlingAt: 4 }));
    await service.onProgress(progress(id, 4, { state: 'signed', escalatedAt: 3 }));
    expect(service.tv()).toMatchObject({ state: 'handling' });
    expect(service.tv()?.escalatedAt).toBeUndefined();
  });

  it('late after 20 s without "received", whatever the wall clock does, and no longer once received', async () => {
    const service = await w.start();
    await service.press('hold');
    const { id } = service.tv()!;
    w.clock.jumpWall(3_600_000);
    w.clock.passes(19_999);
    expect(service.tv()?.late).toBe(false);
    w.clock.passes(1);
    expect(service.tv()?.late).toBe(true);
    await service.onReceived(answer(id));
    expect(service.tv()?.late).toBe(false);
  });
});

describe('the outbox entry', () => {
  it('of an alarm goes on received, after the truth is on flash', async () => {
    const service = await w.start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.onReceived(answer(id));
    expect(w.kinds()).toEqual([]);
    expect(JSON.parse(readFileSync(join(w.dir, 'alarm.json'), 'utf8')).record).toMatchObject({ id, receivedAt });
  });

  it('stays when the centre speaks of another message', async () => {
    const service = await w.start();
    await service.press('hold');
    await service.onReceived(answer(v7()));
    await service.onRejected({ messageId: v7(), code: 'ID_CONFLICT', message: 'x', phone: '1' });
    await service.onProgress(progress(service.tv()!.id, 9, { state: 'closed' }));
    expect(w.kinds()).toEqual(['alarm']);
    expect(service.tv()?.rejected).toBeUndefined();
  });

  it('of a rejected alarm is kept aside with everything said about it, and the TV has the number', async () => {
    const service = await w.start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.detail('fire');
    await service.onRejected({ messageId: id, alarmId: id, code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '0859-555-0110' });
    expect(w.kinds()).toEqual([]);
    expect(service.tv()?.rejected).toEqual({ code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '0859-555-0110' });
    expect(service.openIds()).toEqual([]);
    await expect(service.withdraw()).rejects.toMatchObject({ code: 'CASE_STATE' });
    service.dismiss();
    expect(service.tv()).toBeUndefined();
  });

  it('goes at once even where the flash hangs, so that what was said about the alarm is sent; its file only after the truth is on flash', async () => {
    const service = await w.start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.detail('fire');
    w.fs.fault = 'hangs';
    const wakes = w.woken.length;
    const taking = service.onReceived(answer(id));
    expect(w.kinds()).toEqual(['detail']);
    expect(w.woken.length).toBe(wakes + 1);
    expect(readdirSync(join(w.dir, 'outbox'))).toContain(`${id}.json`);
    w.fs.recovers();
    await taking;
    expect(readdirSync(join(w.dir, 'outbox'))).not.toContain(`${id}.json`);
  });

  it('of a rejected alarm that the centre takes after all counts as received, no longer as refused', async () => {
    const service = await w.start();
    await rejectedAlarm(service);
    await service.onReceived(answer(service.tv()!.id));
    expect(service.tv()?.receivedAt).toBe(receivedAt);
    expect(service.tv()?.rejected).toBeUndefined();
  });

  it('of a rejected rating or withdrawal counts as not said: the villager is asked again', async () => {
    const service = await w.start();
    const refused = async () =>
      service.onRejected({ messageId: w.outbox.entries()[0]!.event.id, code: 'CASE_STATE', message: 'x', phone: '1' });
    const id = await w.received(service);
    await service.withdraw();
    await refused();
    expect(service.tv()?.withdrawSentAt).toBeUndefined();
    await service.onProgress(progress(id, 2, { state: 'closed', closedAt: 9 }));
    await service.rate('unsolved');
    await refused();
    expect(service.tv()?.rating).toBeUndefined();
    await service.rate('satisfied');
    expect(w.kinds()).toEqual(['rating']);
  });

  it('of a rejected update leaves the alarm as it is', async () => {
    const service = await w.start();
    await w.received(service);
    await service.detail('fire');
    await service.onRejected({ messageId: w.outbox.entries()[0]!.event.id, code: 'CASE_STATE', message: 'x', phone: '1' });
    expect(service.tv()?.rejected).toBeUndefined();
    expect(w.kinds()).toEqual([]);
  });
});

describe('afterwards', () => {
  it('an alarm can be withdrawn once; the centre knows only when it says so', async () => {
    const service = await w.start();
    const id = await w.received(service);
    await service.withdraw();
    await service.withdraw();
    expect(w.kinds()).toEqual(['withdraw']);
    expect(service.tv()?.withdrawSentAt).toBeDefined();
    expect(service.tv()?.withdrawnAt).toBeUndefined();
    await service.onReceived(answer(w.outbox.entries()[0]!.event.id, id));
    expect(service.tv()?.withdrawnAt).toBe(receivedAt);
  });

  it('a closed case is rated once; the rating counts as received only when the centre has it', async () => {
    const service = await w.start();
    const id = await w.closed(service);
    expect(() => service.dismiss()).toThrow('CASE_STATE');
    await service.rate('satisfied');
    await service.rate('satisfied');
    await expect(service.rate('fair')).rejects.toMatchObject({ code: 'CASE_STATE' });
    expect(w.kinds()).toEqual(['rating']);
    expect(service.tv()).toMatchObject({ rating: 'satisfied', ratingReceived: false });
    await service.onReceived(answer(w.outbox.entries()[0]!.event.id, id));
    expect(service.tv()?.ratingReceived).toBe(true);
    service.dismiss();
    expect(service.tv()).toBeUndefined();
  });

  it('"not solved" is still taken after another answer, while the alarm stands there; it brings the case back', async () => {
    const service = await w.start();
    const id = await w.closed(service);
    await service.rate('satisfied');
    await service.rate('unsolved');
    expect(w.kinds()).toEqual(['rating', 'rating']);
    expect(service.tv()).toMatchObject({ rating: 'unsolved', ratingReceived: false });
    await expect(service.rate('fair')).rejects.toMatchObject({ code: 'CASE_STATE' });
    await service.onProgress(progress(id, 4, { state: 'handling', reopened: 1, rating: 'unsolved' }));
    expect(service.tv()).toMatchObject({ state: 'handling', reopened: 1 });
  });

  it('"not solved" brings the case back, and at its next end the villager is asked afresh', async () => {
    const service = await w.start();
    const id = await w.closed(service);
    await service.rate('unsolved');
    expect(() => service.dismiss()).toThrow('CASE_STATE');
    await service.onProgress(progress(id, 4, { state: 'handling', reopened: 1, rating: 'unsolved' }));
    expect(service.tv()).toMatchObject({ state: 'handling', reopened: 1, ratingReceived: false });
    expect(service.tv()?.rating).toBeUndefined();
    await service.onProgress(progress(id, 5, { state: 'closed', reopened: 1, rating: 'unsolved' }));
    await service.rate('satisfied');
    expect(service.tv()?.rating).toBe('satisfied');
  });

  it.each([
    ['withdraw', (s: AlarmService) => s.withdraw()],
    ['detail', (s: AlarmService) => s.detail('fire')],
    ['rate', (s: AlarmService) => s.rate('fair')],
  ])('%s without an alarm is ALARM_UNKNOWN', async (_, call) => {
    await expect(call(await w.start())).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
  });

  it('rating before the end is CASE_STATE', async () => {
    const service = await w.start();
    await w.received(service);
    await expect(service.rate('fair')).rejects.toMatchObject({ code: 'CASE_STATE' });
  });
});
