/** Clips when much is wished for at once, and when the disk does not do what it should. */
import { closeSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipWanted } from '@shouwang/protocol';
import { expect, test, vi } from 'vitest';
import { CLIP, recordingNode, T } from '../testing/recording-node.ts';
import { type ClipRecord, ClipStore } from './clip-store.ts';

const t = recordingNode();
const ids = Array.from({ length: 6 }, (_, i) => CLIP.replace(/.$/, String(i)));
const folder = (clipId: string) => join(t.dir, 'evidence/clips', clipId);
const states = () => new Map(t.evidence.clips.unreported.map((c) => [c.clipId, c.code ?? c.why ?? c.state]));

const starts = (recorder: object = {}) => t.starts({ camera: { preRoll: 'always' }, recorder: { lateS: 3, ...recorder } });

function wants(clipId: string): void {
  const now = t.clock.now();
  t.evidence.clips.hear({ clipId, caseNo: '20261123-0007', cameraId: 'gate', from: now - 5000, to: now + 5000, wanted: 'kept' }, now);
}

test('wished for at the same moment, no more are begun than may be recorded at once', async () => {
  await starts({ maxActive: 2 });
  for (const id of ids) wants(id);
  await t.evidence.clips.settled();
  expect(t.evidence.clips.active).toBe(2);
  expect([...states().values()].filter((s) => s === 'RECORDER_BUSY')).toHaveLength(4);
});

test('one that is wished for while room is made for another takes nothing away where that is room for both', async () => {
  await starts({ diskBudgetMb: 16 });
  await t.films(6);
  for (const id of ids.slice(0, 3)) wants(id);
  await t.evidence.clips.settled();
  await t.films(7);
  // As if the clips were large.
  for (const id of ids.slice(0, 3)) t.evidence.budget.measured(id, 5 * 1024 * 1024);
  const gone = () => ids.filter((id) => states().get(id) === 'disk-budget');
  wants(ids[3]!);
  while (gone().length === 0) await new Promise((resolve) => setImmediate(resolve));
  wants(ids[4]!);
  await t.evidence.clips.settled();
  expect(gone()).toHaveLength(1);
});

test('a hold that comes while an older clip makes way is heeded', async () => {
  await starts({ diskBudgetMb: 16 });
  await t.films(6);
  for (const id of ids.slice(0, 2)) {
    wants(id);
    await t.films(1);
  }
  await t.films(7);
  // As if the clips were large: both would have to go.
  for (const [i, mb] of [3, 14].entries()) t.evidence.budget.measured(ids[i]!, mb * 1024 * 1024);
  const { want } = t.evidence.clips.part(ids[1]!, 1);
  const { save } = ClipStore.prototype;
  const saving = vi.spyOn(ClipStore.prototype, 'save').mockImplementation(function (this: ClipStore, record) {
    if (record.want.clipId === ids[0]) t.evidence.clips.hear({ ...want, heldUntil: T + 1e9 }, t.clock.now());
    return save.call(this, record);
  });
  wants(ids[2]!);
  await t.evidence.clips.settled();
  saving.mockRestore();
  expect(states().get(ids[0]!)).toBe('disk-budget');
  expect(states().get(ids[1]!)).toBe('complete');
  expect(readdirSync(folder(ids[1]!))).toContain('1.mp4');
});

/** One clip, `ids[0]`, that has to go when the next is wished for. Gives the wish that holds it. */
async function fillsTheDisk(): Promise<ClipWanted['data']> {
  await starts({ diskBudgetMb: 16 });
  await t.films(6);
  wants(ids[0]!);
  await t.films(7);
  t.evidence.budget.measured(ids[0]!, 15 * 1024 * 1024);
  return { ...t.evidence.clips.part(ids[0]!, 1).want, heldUntil: T + 1e9 };
}

function expectKept(clipId: string): void {
  expect(states().get(clipId)).toBe('complete');
  expect(readdirSync(folder(clipId))).toContain('1.mp4');
  const { reported, want } = JSON.parse(readFileSync(join(folder(clipId), 'clip.json'), 'utf8')) as ClipRecord;
  expect([reported.state, want.heldUntil]).toEqual(['complete', T + 1e9]);
}

test('a hold that comes while a clip that is to make way waits for the disk is heeded', async () => {
  const held = await fillsTheDisk();
  const disk = Promise.withResolvers<void>();
  const { save } = ClipStore.prototype;
  const saving = vi.spyOn(ClipStore.prototype, 'save').mockImplementationOnce(async function (this: ClipStore, record) {
    await disk.promise;
    return save.call(this, record);
  });
  const making = vi.spyOn(t.evidence.budget, 'toGo');
  void t.evidence.clips.acknowledged(ids[0]!, 0);
  wants(ids[1]!);
  await vi.waitFor(() => expect(making).toHaveReturnedWith([ids[0]]));
  t.evidence.clips.hear(held, t.clock.now());
  disk.resolve();
  await t.evidence.clips.settled();
  saving.mockRestore();
  expectKept(ids[0]!);
});

test('a hold that comes while it is put down that a clip makes way is heeded, and the centre never hears that it is gone', async () => {
  const held = await fillsTheDisk();
  const { save } = ClipStore.prototype;
  const told: unknown[] = [];
  let heard = false;
  const saving = vi.spyOn(ClipStore.prototype, 'save').mockImplementation(async function (this: ClipStore, record) {
    const { clipId } = record.want;
    if (!heard && clipId === ids[0] && record.reported.state === 'deleted') t.evidence.clips.hear(held, t.clock.now());
    heard ||= clipId === ids[0];
    await save.call(this, record);
    told.push(states().get(ids[0]!));
  });
  wants(ids[1]!);
  await t.evidence.clips.settled();
  saving.mockRestore();
  expectKept(ids[0]!);
  expect(told).not.toContain('disk-budget');
});

test('a hold that names another range than the clip has keeps nothing', async () => {
  const held = await fillsTheDisk();
  t.evidence.clips.hear({ ...held, from: held.from - 1 }, t.clock.now());
  wants(ids[1]!);
  await t.evidence.clips.settled();
  expect(states().get(ids[0]!)).toBe('disk-budget');
});

test('at the disk’s limit makes room for one that is being recorded, too; with nothing left to take, that one is cut', async () => {
  await starts({ diskBudgetMb: 16 });
  await t.films(6);
  wants(ids[0]!);
  await t.evidence.clips.settled();
  await t.films(7);
  wants(ids[1]!);
  await t.evidence.clips.settled();
  await t.films(2);
  t.evidence.budget.measured(ids[0]!, 17 * 1024 * 1024);
  await t.films(5);
  const told = () => new Map(t.evidence.clips.unreported.map((c) => [c.clipId, c]));
  expect(told().get(ids[0]!)).toMatchObject({ state: 'deleted', why: 'disk-budget' });
  expect(told().get(ids[1]!)).toMatchObject({ state: 'complete', gaps: [] });
  expect(told().get(ids[1]!)!.code).toBeUndefined();

  t.evidence.clips.hear({ ...t.evidence.clips.part(ids[1]!, 1).want, heldUntil: T + 1e9 }, t.clock.now());
  wants(ids[2]!);
  await t.evidence.clips.settled();
  await t.films(2);
  t.evidence.budget.measured(ids[1]!, 17 * 1024 * 1024);
  await t.films(5);
  expect(told().get(ids[1]!)!.state).toBe('complete');
  expect(told().get(ids[2]!)).toMatchObject({ state: 'complete', code: 'DISK_FULL', gaps: [{ to: T + 25_000 }] });
});

test('a clip that cannot be put down is told as failed', async () => {
  await starts();
  writeFileSync(folder(CLIP), 'in its place');
  wants(CLIP);
  await t.evidence.clips.settled();
  expect(t.evidence.clips.unreported).toMatchObject([
    { clipId: CLIP, state: 'failed', code: 'INTERNAL', gaps: [{ from: T - 5000, to: T + 5000 }] },
  ]);
  expect(t.evidence.clips.active).toBe(0);
  rmSync(folder(CLIP));
});

test('a clip whose record cannot be read stays as it is; one that was never put down goes', async () => {
  await starts();
  await t.films(6);
  wants(CLIP);
  await t.evidence.clips.settled();
  await t.films(7);
  const files = readdirSync(folder(CLIP)).sort();
  await t.stops();
  writeFileSync(join(folder(CLIP), 'clip.json'), '{');
  mkdirSync(folder(ids[1]!));
  await starts();
  expect(readdirSync(folder(CLIP)).sort()).toEqual(files);
  expect(readFileSync(join(folder(CLIP), '1.json'), 'utf8')).toContain('signature');
  expect(readdirSync(join(t.dir, 'evidence/clips'))).not.toContain(ids[1]);
});

/** As a disk that fails in the middle of a recording. */
function losesWhatIsOpen(): void {
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`).endsWith('.fragments')) closeSync(Number(fd));
    } catch {
      // The one that reads the folder.
    }
  }
}

test('a recording whose end does not get onto the disk keeps neither its deletion nor the end of the node', async () => {
  await starts();
  await t.films(6);
  const now = t.clock.now();
  wants(ids[0]!);
  wants(ids[1]!);
  await t.evidence.clips.settled();
  losesWhatIsOpen();
  const deleted = { caseNo: '20261123-0007', cameraId: 'gate', from: now - 5000, to: now + 5000, wanted: 'deleted' as const };
  t.evidence.clips.hear({ clipId: ids[0]!, ...deleted }, now);
  await t.evidence.clips.settled();
  expect(states().get(ids[0]!)).toBe('retention');
  await t.evidence.clips.close();
  expect(t.evidence.clips.active).toBe(0);
});

test('on a full disk a clip that is to go makes the room that its own record needs', async () => {
  await starts();
  await t.films(6);
  const now = t.clock.now();
  wants(CLIP);
  await t.evidence.clips.settled();
  await t.films(7);
  const full = vi.spyOn(ClipStore.prototype, 'save').mockRejectedValueOnce(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  t.evidence.clips.hear(
    { clipId: CLIP, caseNo: '20261123-0007', cameraId: 'gate', from: now - 5000, to: now + 5000, wanted: 'deleted' },
    t.clock.now(),
  );
  await t.evidence.clips.settled();
  full.mockRestore();
  expect(readdirSync(folder(CLIP))).toEqual(['clip.json']);
  expect(JSON.parse(readFileSync(join(folder(CLIP), 'clip.json'), 'utf8'))).toMatchObject({
    reported: { state: 'deleted', why: 'retention' },
  });
  expect(states().get(CLIP)).toBe('retention');
});
