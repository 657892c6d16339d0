import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaView } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uuid7 } from '../lib/uuid7.ts';
import { isView, ViewJournal } from './view-journal.ts';

const EPOCH = uuid7(1);

let dir: string;
let path: string;
let now: number;
let journal: ViewJournal;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-journal-'));
  path = join(dir, 'data', 'views.jsonl');
  now = 1_790_000_000_000;
  journal = open();
});

afterEach(() => {
  journal.close();
  rmSync(dir, { recursive: true, force: true });
});

function open(): ViewJournal {
  return new ViewJournal({ path, source: 'media/m1', now: () => now });
}

/** As after kill -9: nothing was said goodbye to. */
function dies(): void {
  journal.close();
  journal = open();
}

function view(over: Partial<MediaView['data']> = {}): MediaView['data'] {
  return { epoch: EPOCH, viewId: uuid7(now), phase: 'started', grantId: uuid7(now), cameraId: 'gate', at: now, ...over };
}

const phases = () => journal.queue.filter(isView).map((v) => `${v.data.phase} ${v.data.cameraId}`);

describe('views', () => {
  test('wait in order until the centre has them', () => {
    journal.add(view());
    journal.add(view({ cameraId: 'lane' }));
    expect(phases()).toEqual(['started gate', 'started lane']);
    journal.acknowledge(journal.queue[0]!.id);
    expect(phases()).toEqual(['started lane']);
  });

  test('survive the process with their ids', () => {
    const data = view();
    journal.add(data);
    journal.add({ ...data, phase: 'ended', why: 'closed' });
    const ids = journal.queue.map((v) => v.id);
    dies();
    expect(journal.queue.map((v) => v.id)).toEqual(ids);
  });

  test('that were acknowledged do not come back', () => {
    const data = view();
    journal.add(data);
    journal.add({ ...data, phase: 'ended', why: 'closed' });
    for (const v of [...journal.queue]) journal.acknowledge(v.id);
    dies();
    expect(journal.queue).toEqual([]);
  });

  test('that ended are not ended again by the second restart', () => {
    const data = view();
    journal.add(data);
    journal.add({ ...data, phase: 'ended', why: 'closed' });
    for (const v of [...journal.queue]) journal.acknowledge(v.id);
    dies();
    dies();
    expect(journal.queue).toEqual([]);
  });

  test('left open by a crash are ended at the last moment that the node is known to have lived', () => {
    const data = view();
    journal.add(data);
    journal.acknowledge(journal.queue[0]!.id);
    now += 10_000;
    journal.alive();
    now += 500_000;
    dies();
    expect(journal.queue.map((v) => v.data)).toEqual([{ ...data, phase: 'ended', at: data.at + 10_000, why: 'stopped' }]);
    const { id } = journal.queue[0]!;
    dies();
    expect(journal.queue.map((v) => v.id)).toEqual([id]);
  });

  test('left open are still ended after their report of the start was compacted away', () => {
    journal.add(view());
    journal.acknowledge(journal.queue[0]!.id);
    now += 3_600_000;
    journal.alive();
    for (let i = 0; i < 4000; i++) {
      journal.add(view({ phase: 'ended', why: 'closed' }));
      journal.acknowledge(journal.queue[0]!.id);
    }
    dies();
    expect(phases()).toEqual(['ended gate']);
  });
});

describe('the file', () => {
  test('does not grow for ever', () => {
    for (let i = 0; i < 8000; i++) {
      journal.add(view({ phase: 'ended', why: 'closed' }));
      journal.acknowledge(journal.queue[0]!.id);
    }
    expect(readFileSync(path).length).toBeLessThan(1_200_000);
  });

  test('cut short or scribbled on loses no more than those lines', () => {
    journal.add(view());
    appendFileSync(path, '{"view":{"specversion":"1.0","id":"x"}}\nnot json\n{"acked":');
    dies();
    expect(phases()).toEqual(['started gate', 'ended gate']);
  });
});

test('grants used lately are remembered over a restart, old ones forgotten', () => {
  const old = view();
  journal.add(old);
  journal.add({ ...old, phase: 'ended', why: 'closed' });
  now += 900_000;
  const young = view();
  journal.add(young);
  for (const v of [...journal.queue]) journal.acknowledge(v.id);
  dies();
  expect([...journal.usedGrants().keys()]).toEqual([young.grantId]);
});

describe('refusals', () => {
  const refusal = { code: 'GRANT_USED', what: 'session' as const, count: 1, firstAt: 5, lastAt: 5 };

  test('wait among the views, survive the process, and go once they are acknowledged', () => {
    journal.add(view());
    journal.refused(refusal);
    const ids = journal.queue.map((r) => r.id);
    dies();
    expect(journal.queue.slice(0, 2).map((r) => r.id)).toEqual(ids);
    expect(journal.queue[1]).toMatchObject({ type: 'cn.shouwang.media.refusal.v1', data: refusal });
    journal.acknowledge(ids[1]!);
    dies();
    expect(journal.queue.filter((r) => !isView(r))).toEqual([]);
  });
});
