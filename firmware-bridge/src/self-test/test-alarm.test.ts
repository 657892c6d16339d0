/** A test alarm: what the TV is told of it, and when the box tests itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlarmWorld } from '../testing/alarm-world.ts';
import { until } from '../testing/until.ts';
import { createTestAlarm, SHOWN_LATE_MS, SHOWN_MS, type TestAlarm } from './test-alarm.ts';

let w: AlarmWorld;
beforeEach(() => {
  w = new AlarmWorld();
});
afterEach(() => w.remove());

const HOUR = 3_600_000;

async function aTest(settings: Partial<{ everyMs: number; firstWithinMs: number }> = {}): Promise<TestAlarm> {
  await w.start();
  return createTestAlarm({
    boxId: 'box-0001',
    clock: w.clock,
    log: w.log,
    outbox: w.outbox,
    settings: { lateMs: () => 20_000, everyMs: 24 * HOUR, firstWithinMs: HOUR, ...settings },
    random: () => 0.5,
    newId: w.newId,
    wake: (urgent) => w.woken.push(urgent),
    onChange: () => w.changes++,
  });
}
const entry = () => w.outbox.entries()[0]!;
const received = (id: string) => ({ messageId: id, alarmId: id, receivedAt: w.clock.now() });

describe('a person’s test', () => {
  it('is told step by step, each after its fact, and goes away by itself', async () => {
    const test = await aTest();
    const at = w.clock.now();
    const pressing = test.press();
    expect(test.tv()).toEqual({ at });
    await pressing;
    expect(entry()).toMatchObject({ kind: 'test', event: { data: { by: 'person', at } } });
    expect(test.tv()).toEqual({ at, storedAt: at });
    w.clock.passes(1000);
    test.onSent(entry());
    test.onReceived(received(entry().event.id));
    expect(test.tv()).toEqual({ at, storedAt: at, sentAt: at + 1000, receivedAt: at + 1000 });
    w.clock.passes(SHOWN_MS);
    expect(test.tv()).toBeUndefined();
    expect(w.clock.armed).toBe(0);
  });

  it('without an answer it is late, is shown for some minutes, and is still good when it gets through after all', async () => {
    const test = await aTest();
    await test.press();
    const { id } = entry().event;
    w.clock.passes(20_000);
    expect(test.tv()).toMatchObject({ late: true });
    test.onReceived(received(id));
    expect(test.tv()).toMatchObject({ receivedAt: w.clock.now() });
    expect(test.tv()?.late).toBeUndefined();
    await test.press();
    w.clock.passes(20_000 + SHOWN_LATE_MS);
    expect(test.tv()).toBeUndefined();
  });

  it('refused by the centre it did not get through', async () => {
    const test = await aTest();
    await test.press();
    test.onRejected(entry().event.id);
    expect(test.tv()).toMatchObject({ late: true });
  });

  it('pressed again while it is under way it is the same one; after it was late a new one in its place', async () => {
    const test = await aTest();
    await test.press();
    await test.press();
    expect(w.kinds()).toEqual(['test']);
    const { id } = entry().event;
    w.clock.passes(20_000);
    await test.press();
    expect(w.kinds()).toEqual(['test']);
    expect(entry().event.id).not.toBe(id);
    expect(test.tv()?.late).toBeUndefined();
  });

  it('where the flash is broken nothing is claimed as stored, and it is sent all the same', async () => {
    const test = await aTest();
    w.fs.fault = 'read-only';
    await test.press();
    expect(test.tv()).toEqual({ at: w.clock.now() });
    expect(w.kinds()).toEqual(['test']);
  });

  it('can be put away', async () => {
    const test = await aTest();
    await test.press();
    test.dismiss();
    expect(test.tv()).toBeUndefined();
    test.onReceived(received(entry().event.id));
    expect(test.tv()).toBeUndefined();
    expect(w.clock.armed).toBe(0);
  });

  it('where the outbox is full of alarms it says so and shows nothing', async () => {
    const test = await aTest();
    const service = w.service;
    for (let i = 0; i < 20; i++) {
      await service.press('hold');
      await service.withdraw().catch(() => {});
      for (const e of w.outbox.entries()) if (e.kind === 'withdraw') await w.outbox.delete(e.event.id);
    }
    await expect(test.press()).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
    expect(test.tv()).toBeUndefined();
  });
});

describe('the box’s own test', () => {
  it('comes once within the first hour, then daily, and is not shown', async () => {
    const test = await aTest();
    test.start();
    w.clock.passes(HOUR / 2 - 1);
    expect(w.outbox.entries()).toEqual([]);
    w.clock.passes(1);
    await until('the first', () => w.outbox.entries().length === 1);
    expect(entry().event.data).toMatchObject({ by: 'self' });
    expect({ tv: test.tv(), changes: w.changes, woken: w.woken }).toEqual({ tv: undefined, changes: 0, woken: [false] });
    await w.outbox.delete(entry().event.id);
    w.clock.passes(24 * HOUR);
    expect(w.outbox.entries()).toEqual([]);
    w.clock.passes(1.3 * HOUR);
    await until('the second', () => w.outbox.entries().length === 1);
    test.stop();
  });

  it('of a box that is offline for days one waits, not many', async () => {
    const test = await aTest();
    test.start();
    w.clock.passes(HOUR);
    await until('one waits', () => w.outbox.entries().length > 0);
    for (let day = 0; day < 5; day++) w.clock.passes(26 * HOUR);
    await w.outbox.close();
    expect(w.kinds()).toEqual(['test']);
    test.stop();
  });

  it('never comes where it is switched off', async () => {
    const test = await aTest({ everyMs: 0 });
    test.start();
    expect(w.clock.armed).toBe(0);
  });
});
