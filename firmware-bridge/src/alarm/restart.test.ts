import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlarmWorld, answer, progress, receivedAt } from '../testing/alarm-world.ts';
import type { AlarmService } from './alarm-service.ts';

let w: AlarmWorld;
beforeEach(() => {
  w = new AlarmWorld();
});
afterEach(() => w.remove());

const state = () => join(w.dir, 'alarm.json');

describe('after a restart', () => {
  it('the open alarm is shown with everything that was true', async () => {
    const before = await w.start();
    const id = await w.received(before);
    await before.onProgress(progress(id, 2, { state: 'signed', post: '值班员' }));
    await before.detail('fire');
    await before.close();
    const after = await w.start();
    expect(after.tv()).toEqual(before.tv());
    expect(after.openIds()).toEqual([id]);
  });

  it('an alarm whose state was not written yet is found in the outbox', async () => {
    const before = await w.start();
    await before.press('hold');
    await before.close();
    rmSync(join(w.dir, 'alarm.json'));
    const after = await w.start();
    expect(after.tv()).toMatchObject({ id: before.tv()?.id, pressedAt: before.tv()?.pressedAt, storedAt: expect.any(Number) });
  });

  it('an unanswered alarm that the outbox lost is put back under the same id', async () => {
    const before = await w.start();
    await before.press('hold');
    await before.close();
    rmSync(join(w.dir, 'outbox'), { recursive: true });
    await w.start();
    expect(w.outbox.entries().map((e) => e.event.id)).toEqual([before.tv()?.id]);
  });

  it('late stays late, and a clock that fell back does not make it never', async () => {
    const before = await w.start();
    await before.press('hold');
    await before.close();
    w.clock.jumpWall(-1_000_000);
    const after = await w.start();
    expect(after.tv()?.late).toBe(false);
    w.clock.passes(20_000);
    expect(after.tv()?.late).toBe(true);
    w.clock.jumpWall(2_000_000);
    expect((await w.start()).tv()?.late).toBe(true);
  });

  it('what was put away stays away, whatever progress still comes', async () => {
    const before = await w.start();
    const id = await w.received(before);
    await before.withdraw();
    before.dismiss();
    await before.close();
    const after = await w.start();
    await after.onProgress(progress(id, 7, { state: 'handling' }));
    expect(after.tv()).toBeUndefined();
    expect(w.kinds(), 'the withdrawal is still on its way').toEqual(['withdraw']);
  });

  it('an open alarm that the box forgot is taken from the centre', async () => {
    const service = await w.start();
    const id = v7();
    await service.onProgress(progress(id, 3, { state: 'signed', post: '值班员' }));
    expect(service.tv()).toMatchObject({ id, receivedAt, state: 'signed', fromCentre: true });
    expect(service.tv()?.storedAt).toBeUndefined();
    await service.press('sos');
    expect(w.kinds(), 'a press strengthens it').toEqual(['detail']);
  });

  it('an old, closed case is not', async () => {
    const service = await w.start();
    await service.onProgress(progress(v7(), 3, { state: 'closed' }));
    expect(service.tv()).toBeUndefined();
  });

  it('a corrupt state file is set aside and nothing stops', async () => {
    writeFileSync(join(w.dir, 'alarm.json'), '{"v":1,"rec');
    const service = await w.start();
    expect(service.tv()).toBeUndefined();
    expect(readFileSync(join(w.dir, 'alarm.json.corrupt'), 'utf8')).toContain('rec');
  });
});

describe('killed between the outbox and the state file,', () => {
  /** Does something, and takes back what it wrote to the state file: as if the plug was pulled after the outbox had the message. */
  async function pulled(work: () => Promise<void>): Promise<AlarmService> {
    const before = readFileSync(state(), 'utf8');
    await work();
    writeFileSync(state(), before);
    return w.start();
  }

  it('a new alarm after a closed one is shown, though the outbox was empty at an earlier start', async () => {
    const first = await w.start();
    await w.received(first);
    await first.detail('fire');
    await first.onReceived(answer(w.outbox.entries()[0]!.event.id, first.tv()!.id));
    await first.onProgress(progress(first.tv()!.id, 2, { state: 'closed', closedAt: 9 }));
    await first.close();
    const second = await w.start();
    let id: string | undefined;
    const third = await pulled(async () => {
      await second.press('hold');
      id = second.tv()?.id;
    });
    expect(third.tv()?.id).toBe(id);
    expect(third.tv()?.state).toBeUndefined();
  });

  it('a withdrawal is not forgotten, not made twice, and its answer is understood', async () => {
    const first = await w.start();
    const id = await w.received(first);
    const second = await pulled(() => first.withdraw());
    expect(second.tv()?.withdrawSentAt).toBeDefined();
    await second.withdraw();
    expect(w.kinds(), 'withdrawn once').toEqual(['withdraw']);
    await second.onReceived(answer(w.outbox.entries()[0]!.event.id, id));
    expect(second.tv()?.withdrawnAt).toBe(receivedAt);
  });

  it('a rating is not asked for again, and its answer is understood', async () => {
    const first = await w.start();
    const id = await w.closed(first);
    const second = await pulled(() => first.rate('fair'));
    expect(second.tv()).toMatchObject({ rating: 'fair', ratingReceived: false });
    await second.onReceived(answer(w.outbox.entries()[0]!.event.id, id));
    expect(second.tv()?.ratingReceived).toBe(true);
  });

  it('what was said and pressed again is shown', async () => {
    const first = await w.start();
    const id = await w.received(first);
    const second = await pulled(async () => {
      await first.detail('fire');
      await first.detail('medical');
      await first.press('sos');
    });
    expect(second.tv()).toMatchObject({ about: 'medical', pressedAgainAt: expect.any(Number), pressedAgainReceived: false });
    await second.onReceived(answer(w.outbox.entries().at(-1)!.event.id, id));
    expect(second.tv()?.pressedAgainReceived).toBe(true);
  });

  it('an alarm whose state file is lost comes back with its withdrawal', async () => {
    const first = await w.start();
    await first.press('hold');
    await first.withdraw();
    await first.close();
    rmSync(state());
    expect((await w.start()).tv()?.withdrawSentAt).toBeDefined();
  });
});

describe('an alarm that was withdrawn and followed by another', () => {
  async function twoWithdrawn(service: AlarmService): Promise<string> {
    await service.press('hold');
    const { id } = service.tv()!;
    await service.withdraw();
    await service.press('hold');
    expect(service.tv()?.id).not.toBe(id);
    await service.withdraw();
    service.dismiss();
    return id;
  }

  it('does not come back after a restart, though it is still on its way', async () => {
    const first = await w.start();
    await twoWithdrawn(first);
    await first.close();
    const second = await w.start();
    expect(second.tv()).toBeUndefined();
    expect(w.kinds()).toEqual(['alarm', 'withdraw', 'alarm', 'withdraw']);
  });

  it('does not come back when the centre has the alarm but not yet the withdrawal', async () => {
    const service = await w.start();
    const id = await twoWithdrawn(service);
    await service.onReceived(answer(id));
    await service.onProgress(progress(id, 1));
    expect(service.tv()).toBeUndefined();
  });
});

it('a case that "not solved" brings back while another alarm was in front is shown when that is put away', async () => {
  const service = await w.start();
  const id = await w.closed(service);
  await service.rate('unsolved');
  await service.press('hold');
  await service.withdraw();
  service.dismiss();
  await service.onProgress(progress(id, 4, { state: 'handling', reopened: 1 }));
  expect(service.tv()).toMatchObject({ id, state: 'handling' });
});
