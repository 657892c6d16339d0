/** A silent alarm goes through the outbox like any other, and there is nothing else of it on the box. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlarmWorld, answer, progress } from '../testing/alarm-world.ts';

let w: AlarmWorld;
beforeEach(() => {
  w = new AlarmWorld();
});
afterEach(() => w.remove());

const silentEntry = () => w.outbox.entries().find((e) => (e.event.data as { silent?: true }).silent)!;

it('is stored, carries what was on the screen, cannot be withdrawn by anybody, and is sent at once', async () => {
  const service = await w.start();
  service.watching({ cameraId: 'gate', pictureAt: 7 });
  await w.silent.press();
  expect(silentEntry().event.data).toEqual({
    pressedAt: w.clock.now(),
    gesture: 'silent',
    silent: true,
    withdrawWindowS: 0,
    onScreen: { cameraId: 'gate', pictureAt: 7 },
  });
  expect(readdirSync(join(w.dir, 'outbox'))).toContain(`${silentEntry().event.id}.json`);
  expect(w.woken).toEqual([true]);
  await expect(service.withdraw()).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
  await expect(service.detail('fire')).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
  await expect(service.rate('satisfied')).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
});

it('changes nothing that the TV is told, whatever becomes of it', async () => {
  const service = await w.start();
  await w.silent.press();
  const entry = silentEntry();
  const { id } = entry.event;
  service.onStored(entry);
  service.onSent(entry);
  await service.onProgress(progress(id, 1));
  await service.onReceived(answer(id));
  expect(w.outbox.entries()).toEqual([]);
  w.clock.passes(60_000);
  expect({ changes: w.changes, alarm: service.tv(), asked: service.openIds() }).toEqual({ changes: 0, alarm: undefined, asked: [] });
  expect(readdirSync(w.dir)).not.toContain('alarm.json');
});

it('flash that breaks under it is not shown for a minute; flash that was known to be broken stays shown', async () => {
  await w.start();
  w.fs.fault = 'read-only';
  await w.silent.press();
  expect({ healthy: w.outbox.healthy, hushed: w.silent.hushed }).toEqual({ healthy: false, hushed: true });
  w.clock.passes(60_000);
  expect({ hushed: w.silent.hushed, ends: w.hushEnds }).toEqual({ hushed: false, ends: 1 });
  await w.outbox.delete(silentEntry().event.id);
  await w.silent.press();
  expect(w.silent.hushed).toBe(false);
});

it('refused by the centre it is put aside without a word', async () => {
  const service = await w.start();
  await w.silent.press();
  await service.onRejected({ messageId: silentEntry().event.id, code: 'BOX_REVOKED', message: 'x', phone: '1' });
  expect({ changes: w.changes, alarm: service.tv(), left: w.outbox.entries(), lines: w.lines }).toEqual({
    changes: 0,
    alarm: undefined,
    left: [],
    lines: [],
  });
});

it('a second gesture while one is unanswered adds nothing, also while the flash is slow; after the answer it is a new one', async () => {
  const service = await w.start();
  w.fs.fault = 'hangs';
  const both = Promise.all([w.silent.press(), w.silent.press()]);
  w.fs.recovers();
  await both;
  await w.silent.press();
  expect(w.kinds()).toEqual(['alarm']);
  await service.onReceived(answer(silentEntry().event.id));
  await w.silent.press();
  expect(w.kinds()).toEqual(['alarm']);
});

it('a loud alarm that is open stays as it was, and later presses strengthen that one', async () => {
  const service = await w.start();
  await service.press('hold');
  const before = service.tv();
  await w.silent.press();
  expect(service.tv()).toEqual(before);
  expect(service.openIds()).toEqual([before!.id]);
  await service.press('sos');
  expect(w.kinds()).toEqual(['alarm', 'alarm', 'detail']);
});

it('survives a restart, is sent, and does not appear; not even after an alarm that was open', async () => {
  const first = await w.start();
  await first.press('hold');
  const { id } = first.tv()!;
  await w.silent.press();
  const service = await w.start();
  expect(service.tv()?.id).toBe(id);
  expect(service.openIds()).toEqual([id]);
  expect(silentEntry()).toBeDefined();
});

it('alone on the flash of a box that starts, it does not appear either', async () => {
  await w.start();
  await w.silent.press();
  const service = await w.start();
  expect({ alarm: service.tv(), asked: service.openIds(), kinds: w.kinds() }).toEqual({ alarm: undefined, asked: [], kinds: ['alarm'] });
});

it('goes out from memory where the flash is broken', async () => {
  await w.start();
  w.fs.fault = 'read-only';
  await w.silent.press();
  expect(w.outbox.entries()).toHaveLength(1);
  expect(w.woken).toEqual([true]);
});

it('leaves no line in the log and no state file that names it', async () => {
  const service = await w.start();
  await w.silent.press();
  await service.press('hold');
  const { id } = silentEntry().event;
  await service.onReceived(answer(id));
  expect(JSON.stringify(w.lines)).not.toContain(id);
  expect(JSON.stringify(w.lines)).not.toMatch(/silent/);
  expect(readFileSync(join(w.dir, 'alarm.json'), 'utf8')).not.toContain(id);
});
