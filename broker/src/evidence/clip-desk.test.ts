import { CodedError } from '@shouwang/protocol';
import { expect, it, vi } from 'vitest';
import type { Case } from '../cases/case.ts';
import type { Log } from '../log.ts';
import type { Announced } from '../store/tx.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ClipDesk, type ClipDeskOptions } from './clip-desk.ts';

const AREA = '522328101201';

/** A clip desk over a store that can be made to fail, with one camera in the village. */
async function aDesk() {
  const clock = new ManualClock();
  const store: { fails?: 'STORE_UNAVAILABLE' | 'INTERNAL' } = {};
  const planned: string[] = [];
  const run = async (name: string, a: { caseNo: string }) => {
    if (name !== 'planClips') return [];
    if (store.fails) throw new CodedError(store.fails);
    planned.push(a.caseNo);
    return [];
  };
  const catalogue = { get: () => ({ id: 'gate', node: 'media-01' }), nearby: () => [{ id: 'gate' }] };
  const desk = new ClipDesk({
    store: { run } as unknown as ClipDeskOptions['store'],
    clock,
    log: { warn() {}, error() {} } as unknown as Log,
    directory: { boxes: new Map() },
    catalogue: catalogue as unknown as ClipDeskOptions['catalogue'],
    config: { nearest: 2, preRollS: 30, postRollS: 60, retentionDays: 30, maxOpen: 500 } as ClipDeskOptions['config'],
    nodes: () => [],
    say: () => undefined,
  });
  await desk.start();
  const opens = (caseNo: string) => {
    const c = { caseNo, boxId: 'box-0001', area: AREA, pressedAt: clock.now(), receivedAt: clock.now() } as Case;
    const payload = JSON.stringify({ data: { at: clock.now() } });
    desk.announced([{ topic: `sw/v1/case/522328/101/201/opened`, case: c, payload } as Announced]);
  };
  return { desk, clock, store, planned, opens };
}

it('clips that the store could not write down are asked for again until it does', async () => {
  const { desk, clock, store, planned, opens } = await aDesk();
  store.fails = 'STORE_UNAVAILABLE';
  opens('20260101-0001');
  opens('20260101-0002');
  for (let n = 0; n < 2; n++) {
    await vi.waitFor(() => expect(clock.waiting).toBe(2));
    clock.passes(20_000);
  }
  expect(planned).toEqual([]);
  delete store.fails;
  await vi.waitFor(() => {
    clock.passes(20_000);
    expect([...planned].sort()).toEqual(['20260101-0001', '20260101-0002']);
  });
  clock.passes(60_000);
  expect(planned).toHaveLength(2);
  desk.close();
});

it('what is a fault of our own is not tried for ever', async () => {
  const { desk, clock, store, planned, opens } = await aDesk();
  store.fails = 'INTERNAL';
  opens('20260101-0001');
  await vi.waitFor(() => expect(clock.waiting).toBe(2));
  delete store.fails;
  clock.passes(20_000);
  opens('20260101-0002');
  await vi.waitFor(() => expect(planned).toEqual(['20260101-0002']));
  desk.close();
});
