/** The list of this box's alarms: what gave way or was put away goes on in it. */
import { REPORTS_AT_MOST } from '@shouwang/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlarmWorld, answer, progress } from '../testing/alarm-world.ts';

let w: AlarmWorld;
beforeEach(() => {
  w = new AlarmWorld();
});
afterEach(() => w.remove());

/** Closed, rated and put away. */
async function over(): Promise<string> {
  const id = await w.closed(w.service);
  await w.service.rate('satisfied');
  w.service.dismiss();
  return id;
}

it('an alarm that was put away stays in the list, also after a restart; the newest is first', async () => {
  await w.start();
  const first = await over();
  w.clock.passes(1000);
  const second = await w.received(w.service);
  await w.service.close();
  const again = await w.start();
  expect(again.reports().map((r) => [r.id, r.state])).toEqual([
    [second, undefined],
    [first, 'closed'],
  ]);
});

it('a silent alarm is never in it', async () => {
  await w.start();
  await w.silent.press();
  expect(w.service.reports()).toEqual([]);
});

it(`holds ${REPORTS_AT_MOST}, and the oldest goes`, async () => {
  await w.start();
  const ids: string[] = [];
  for (let i = 0; i < REPORTS_AT_MOST + 2; i++) {
    ids.push(await over());
    w.clock.passes(1000);
  }
  expect(w.service.reports().map((r) => r.id)).toEqual(ids.reverse().slice(0, REPORTS_AT_MOST));
});

it('goes on by what the centre says, and the centre is asked for what is not finished', async () => {
  await w.start();
  const id = await w.received(w.service);
  await w.service.withdraw();
  w.service.dismiss();
  expect(w.service.openIds()).toContain(id);
  await w.service.onProgress(progress(id, 3, { state: 'closed', closedAt: 9, withdrawnAt: 5 }));
  expect(w.service.reports()[0]).toMatchObject({ id, state: 'closed' });
  expect(w.service.tv()).toBeUndefined();
  expect(w.service.openIds()).not.toContain(id);
});

it('"not solved" said later brings it back to the front; any other late answer is refused', async () => {
  await w.start();
  const id = await over();
  await expect(w.service.rate('fair', id)).rejects.toMatchObject({ code: 'CASE_STATE' });
  await w.service.rate('unsolved', id);
  expect(w.service.tv()).toMatchObject({ id, rating: 'unsolved', ratingReceived: false });
  await w.service.onProgress(progress(id, 4, { state: 'handling', reopened: 1 }));
  expect(w.service.tv()).toMatchObject({ id, state: 'handling', rating: undefined });
  expect(w.service.reports().map((r) => r.id)).toEqual([id]);
});

it('an earlier alarm is rated while another is open, and that one stays in front', async () => {
  await w.start();
  const earlier = await w.closed(w.service);
  w.clock.passes(1000);
  const open = await w.received(w.service);
  await w.service.rate('unsolved', earlier);
  expect(w.service.tv()?.id).toBe(open);
  const entry = w.outbox.entries().find((e) => e.kind === 'rating');
  await w.service.onReceived({ ...answer(entry?.event.id ?? '', earlier) });
  expect(w.service.reports()[1]).toMatchObject({ id: earlier, rating: 'unsolved', ratingReceived: true });
});

it.each([
  ['before', true],
  ['after', false],
])('"not solved" while another is open: it comes to the front once that one is put away, reopened %s', async (_when, before) => {
  await w.start();
  const earlier = await over();
  w.clock.passes(1000);
  const open = await w.received(w.service);
  await w.service.rate('unsolved', earlier);
  const reopened = () => w.service.onProgress(progress(earlier, 4, { state: 'handling', reopened: 1 }));
  if (before) await reopened();
  expect(w.service.tv()?.id).toBe(open);
  await w.service.withdraw();
  w.service.dismiss();
  if (!before) await reopened();
  expect(w.service.tv()).toMatchObject({ id: earlier, state: 'handling', reopened: 1 });
  expect(w.service.reports().map((r) => r.id)).toEqual([earlier, open]);
});

it('an alarm that this box never had cannot be rated', async () => {
  await w.start();
  await w.closed(w.service);
  await expect(w.service.rate('fair', '019ab000-0000-7000-8000-000000000001')).rejects.toMatchObject({ code: 'ALARM_UNKNOWN' });
});
