import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@shouwang/protocol';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import { BrokenFs } from '../testing/broken-fs.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { createAlarmFile } from './alarm-file.ts';
import { type AlarmService, createAlarmService } from './alarm-service.ts';

let dir: string;
let fs: BrokenFs;
let clock: FakeClock;
let outbox: Outbox;
let woken: boolean[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'alarm-'));
  fs = new BrokenFs();
  clock = new FakeClock();
  woken = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Starts the service, or starts it again on the same flash. */
async function start(): Promise<AlarmService> {
  const holder: { service?: AlarmService } = {};
  outbox = createOutbox({
    fs,
    dir: join(dir, 'outbox'),
    clock,
    log: quiet,
    maxEntries: 20,
    storeTimeoutMs: 3000,
    onStored: (e) => holder.service?.onStored(e),
    onHealth: () => {},
  });
  const service = createAlarmService({
    boxId: 'box-0001',
    clock,
    log: quiet,
    outbox,
    file: createAlarmFile({ fs, dir, log: quiet }),
    settings: { withdrawWindowS: 3, lateAfterS: 20 },
    newId: (now) => v7({ msecs: now }),
    wake: (urgent) => woken.push(urgent),
    onChange: () => {},
  });
  holder.service = service;
  await outbox.open();
  await service.load();
  return service;
}

const receivedAt = 1_800_000_001_000;
const answer = (messageId: string, alarmId = messageId) => ({ messageId, alarmId, caseNo: '20261123-0007', receivedAt });
const progress = (alarmId: string, revision: number, more: Partial<Progress['data']> = {}): Progress['data'] => ({
  alarmId,
  caseNo: '20261123-0007',
  revision,
  state: 'received',
  since: 1,
  receivedAt,
  reopened: 0,
  ...more,
});
const kinds = () => outbox.entries().map((e) => e.kind);

async function receivedAlarm(service: AlarmService): Promise<string> {
  await service.press('hold');
  const { id } = service.tv()!;
  await service.onReceived(answer(id));
  return id;
}
async function closedAlarm(service: AlarmService): Promise<string> {
  const id = await receivedAlarm(service);
  await service.onProgress(progress(id, 2, { state: 'closed', closedAt: 9 }));
  return id;
}
async function rejectedAlarm(service: AlarmService): Promise<void> {
  await service.press('hold');
  await service.onRejected({ messageId: service.tv()!.id, code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '0859-555-0110' });
}

describe('a press', () => {
  it('is an alarm with time, gesture and what is on the screen, in the outbox before anything is woken', async () => {
    const service = await start();
    service.watching({ cameraId: 'gate', pictureAt: 7 });
    const pressing = service.press('triple');
    expect(service.tv()).toMatchObject({ pressedAt: clock.now(), withdrawUntil: clock.now() + 3000, late: false });
    expect(service.tv()?.storedAt).toBeUndefined();
    expect(woken).toEqual([]);
    await pressing;
    expect(woken).toEqual([true]);
    expect(service.tv()).toMatchObject({ storedAt: clock.now() });
    expect(outbox.entries()[0]?.event.data).toEqual({
      pressedAt: clock.now(),
      gesture: 'triple',
      withdrawWindowS: 3,
      onScreen: { cameraId: 'gate', pictureAt: 7 },
    });
  });

  it('while an alarm is open strengthens it, once until that is answered, and makes no second alarm', async () => {
    const service = await start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.press('sos');
    await service.press('sos');
    expect(service.tv()?.id).toBe(id);
    expect(kinds()).toEqual(['alarm', 'detail']);
    const again = outbox.entries()[1]!.event;
    expect(again.data).toMatchObject({ alarmId: id, pressedAgain: true });
    expect(service.tv()).toMatchObject({ pressedAgainAt: clock.now(), pressedAgainReceived: false });
    await service.onReceived(answer(again.id, id));
    expect(service.tv()?.pressedAgainReceived).toBe(true);
  });

  it.each<[string, (s: AlarmService) => Promise<unknown>]>([
    ['withdrawn', (s) => receivedAlarm(s).then(() => s.withdraw())],
    ['closed', closedAlarm],
    ['rejected', rejectedAlarm],
  ])('after the last alarm was %s is a new alarm', async (_, finish) => {
    const service = await start();
    await finish(service);
    const { id } = service.tv()!;
    await service.press('hold');
    expect(service.tv()?.id).not.toBe(id);
    expect(kinds()).toContain('alarm');
  });
});

describe('each word comes only after its fact:', () => {
  it('not stored where the flash refuses, and stored once it works again', async () => {
    const service = await start();
    fs.fault = 'read-only';
    await service.press('hold');
    expect(service.tv()?.storedAt).toBeUndefined();
    expect(kinds()).toEqual(['alarm']);
  });

  it('progress is not taken over before our own message was received', async () => {
    const service = await start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.onProgress(progress(id, 3, { state: 'signed', post: '值班员' }));
    expect(service.tv()).not.toHaveProperty('receivedAt');
    expect(service.tv()?.state).toBeUndefined();
    await service.onReceived(answer(id));
    expect(service.tv()).toMatchObject({ receivedAt, state: 'signed', post: '值班员' });
  });

  it('the newest revision wins, older ones change nothing', async () => {
    const service = await start();
    const id = await receivedAlarm(service);
    await service.onProgress(progress(id, 5, { state: 'handling', post: '值班员', handlingAt: 4 }));
    await service.onProgress(progress(id, 4, { state: 'signed', escalatedAt: 3 }));
    expect(service.tv()).toMatchObject({ state: 'handling' });
    expect(service.tv()?.escalatedAt).toBeUndefined();
  });

  it('late after 20 s without "received", whatever the wall clock does, and no longer once received', async () => {
    const service = await start();
    await service.press('hold');
    const { id } = service.tv()!;
    clock.jumpWall(3_600_000);
    clock.passes(19_999);
    expect(service.tv()?.late).toBe(false);
    clock.passes(1);
    expect(service.tv()?.late).toBe(true);
    await service.onReceived(answer(id));
    expect(service.tv()?.late).toBe(false);
  });
});

describe('the outbox entry', () => {
  it('of an alarm goes on received, after the truth is on flash', async () => {
    const service = await start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.onReceived(answer(id));
    expect(kinds()).toEqual([]);
    expect(JSON.parse(readFileSync(join(dir, 'alarm.json'), 'utf8')).record).toMatchObject({ id, receivedAt });
  });

  it('stays when the centre speaks of another message', async () => {
    const service = await start();
    await service.press('hold');
    await service.onReceived(answer(v7()));
    await service.onRejected({ messageId: v7(), code: 'ID_CONFLICT', message: 'x', phone: '1' });
    await service.onProgress(progress(service.tv()!.id, 9, { state: 'closed' }));
    expect(kinds()).toEqual(['alarm']);
    expect(service.tv()?.rejected).toBeUndefined();
  });

  it('of a rejected alarm is kept aside with everything said about it, and the TV has the number', async () => {
    const service = await start();
    await service.press('hold');
    const { id } = service.tv()!;
    await service.detail('fire');
    await service.onRejected({ messageId: id, alarmId: id, code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '0859-555-0110' });
    expect(kinds()).toEqual([]);
    expect(service.tv()?.rejected).toEqual({ code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '0859-555-0110' });
    expect(service.openIds()).toEqual([]);
    await expect(service.withdraw()).rejects.toMatchObject({ code: 'CASE_STATE' });
    service.dismiss();
    expect(service.tv()).toBeUndefined();
  });

  it('of a rejected update leaves the alarm as it is', async () => {
    const service = await start();
    await receivedAlarm(service);
    await service.detail('fire');
    await service.onRejected({ messageId: outbox.entries()[0]!.event.id, code: 'CASE_STATE', message: 'x', phone: '1' });
    expect(service.tv()?.rejected).toBeUndefined();
    expect(kinds()).toEqual([]);
  });
});

describe('afterwards', () => {
  it('an alarm can be withdrawn once; the centre knows only when it says so', async () => {
    const service = await start();
    const id = await receivedAlarm(service);
    await service.withdraw();
    await service.withdraw();
    expect(kinds()).toEqual(['withdraw']);
    expect(service.tv()?.withdrawSentAt).toBeDefined();
    expect(service.tv()?.withdrawnAt).toBeUndefined();
    await service.onReceived(answer(outbox.entries()[0]!.event.id, id));
    expect(service.tv()?.withdrawnAt).toBe(receivedAt);
  });

  it('a closed case is rated once; the rating counts as received only when the centre has it', async () => {
    const service = await start();
    const id = await closedAlarm(service);
    expect(() => service.dismiss()).toThrow('CASE_STATE');
    await service.rate('satisfied');
    await service.rate('satisfied');
    await expect(service.rate('fair')).rejects.toMatchObject({ code: 'CASE_STATE' });
    expect(kinds()).toEqual(['rating']);
    expect(service.tv()).toMatchObject({ rating: 'satisfied', ratingReceived: false });
    await service.onReceived(answer(outbox.entries()[0]!.event.id, id));
    expect(service.tv()?.ratingReceived).toBe(true);
    service.dismiss();
    expect(service.tv()).toBeUndefined();
  });

  it('"not solved" brings the case back, and at its next end the villager is asked afresh', async () => {
    const service = await start();
    const id = await closedAlarm(service);
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
    await expect(call(await start())).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
  });

  it('rating before the end is CASE_STATE', async () => {
    const service = await start();
    await receivedAlarm(service);
    await expect(service.rate('fair')).rejects.toMatchObject({ code: 'CASE_STATE' });
  });
});

describe('after a restart', () => {
  it('the open alarm is shown with everything that was true', async () => {
    const before = await start();
    const id = await receivedAlarm(before);
    await before.onProgress(progress(id, 2, { state: 'signed', post: '值班员' }));
    await before.detail('fire');
    await before.close();
    const after = await start();
    expect(after.tv()).toEqual(before.tv());
    expect(after.openIds()).toEqual([id]);
  });

  it('an alarm whose state was not written yet is found in the outbox', async () => {
    const before = await start();
    await before.press('hold');
    await before.close();
    rmSync(join(dir, 'alarm.json'));
    const after = await start();
    expect(after.tv()).toMatchObject({ id: before.tv()?.id, pressedAt: before.tv()?.pressedAt, storedAt: expect.any(Number) });
  });

  it('an unanswered alarm that the outbox lost is put back under the same id', async () => {
    const before = await start();
    await before.press('hold');
    await before.close();
    rmSync(join(dir, 'outbox'), { recursive: true });
    await start();
    expect(outbox.entries().map((e) => e.event.id)).toEqual([before.tv()?.id]);
  });

  it('late stays late, and a clock that fell back does not make it never', async () => {
    const before = await start();
    await before.press('hold');
    await before.close();
    clock.jumpWall(-1_000_000);
    const after = await start();
    expect(after.tv()?.late).toBe(false);
    clock.passes(20_000);
    expect(after.tv()?.late).toBe(true);
    clock.jumpWall(2_000_000);
    expect((await start()).tv()?.late).toBe(true);
  });

  it('what was put away stays away, whatever progress still comes', async () => {
    const before = await start();
    const id = await receivedAlarm(before);
    await before.withdraw();
    before.dismiss();
    await before.close();
    const after = await start();
    await after.onProgress(progress(id, 7, { state: 'handling' }));
    expect(after.tv()).toBeUndefined();
    expect(kinds(), 'the withdrawal is still on its way').toEqual(['withdraw']);
  });

  it('an open alarm that the box forgot is taken from the centre', async () => {
    const service = await start();
    const id = v7();
    await service.onProgress(progress(id, 3, { state: 'signed', post: '值班员' }));
    expect(service.tv()).toMatchObject({ id, receivedAt, state: 'signed' });
    expect(service.tv()?.storedAt).toBeUndefined();
    await service.press('sos');
    expect(kinds(), 'a press strengthens it').toEqual(['detail']);
  });

  it('an old, closed case is not', async () => {
    const service = await start();
    await service.onProgress(progress(v7(), 3, { state: 'closed' }));
    expect(service.tv()).toBeUndefined();
  });

  it('a corrupt state file is set aside and nothing stops', async () => {
    writeFileSync(join(dir, 'alarm.json'), '{"v":1,"rec');
    const service = await start();
    expect(service.tv()).toBeUndefined();
    expect(readFileSync(join(dir, 'alarm.json.corrupt'), 'utf8')).toContain('rec');
  });
});
