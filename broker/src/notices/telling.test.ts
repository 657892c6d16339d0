import { CodedError, type NoticesTold } from '@shouwang/protocol';
import { expect, it, vi } from 'vitest';
import type { Directory } from '../enrolment/directory.ts';
import { uuid7 } from '../ids.ts';
import type { Log } from '../log.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Notices, type NoticesOptions } from './notices.ts';
import type { NewNotice, NoticeRow } from './operations.ts';

const HERE = '522328101201';
const THERE = '522328101202';
const HOUR = 3_600_000;

/** Notices over a store that can be made to fail, and boxes that write down what they are told. */
async function among(boxes: readonly [boxId: string, area: string][]) {
  const clock = new ManualClock();
  const rows: NoticeRow[] = [];
  const heard: [boxId: string, titles: string[]][] = [];
  const away = new Set<string>();
  const asRetained = new Set<string>();
  const store: { fails?: string } = {};
  const household = (boxId: string, area: string) => ({ boxId, name: '', address: '', phone: '', area });
  const directory = {
    boxes: new Map(boxes.map(([id, area]) => [id, { household: household(id, area), secretHash: '', revoked: false }])),
    areas: new Map(),
    operators: new Map(),
  } satisfies Pick<Directory, 'boxes' | 'areas' | 'operators'>;
  const run = async (name: string, a: { at: number; notice: NewNotice }) => {
    if (store.fails === name) throw new CodedError('STORE_UNAVAILABLE');
    if (name === 'standingNotices') return rows.filter((r) => r.until > a.at);
    const row = { ...a.notice, salt: '', withdrawn_at: null, withdrawn_by: null };
    rows.unshift(row);
    return row;
  };
  const notices = new Notices({
    store: { run } as unknown as NoticesOptions['store'],
    clock,
    log: { warn() {}, error() {} } as unknown as Log,
    directory,
    config: { maxTitle: 30, maxText: 500, maxStanding: 10, maxDays: 90 },
    from: '平安镇综治中心',
    online: () => directory.boxes.keys(),
    subscribes: (boxId) => !away.has(boxId),
    say: (_topic, payload, retained) => {
      const { boxId, notices: said } = (payload as NoticesTold).data;
      heard.push([boxId, said.map((n) => n.title)]);
      if (retained) asRetained.add(boxId);
    },
  });
  await notices.load();
  const send = (title: string, area: string, forMs: number) =>
    notices.send({ id: uuid7(clock.now()), area, title, text: '正文', until: clock.now() + forMs }, 'zhiban');
  return { notices, clock, store, heard, away, asRetained, send };
}

it('whoever sends one does not wait until the last of very many boxes was told', async () => {
  const { send, heard } = await among(Array.from({ length: 5000 }, (_, i) => [`box-${i}`, HERE]));
  await send('停水', HERE, HOUR);
  expect(heard.length).toBeLessThan(5000);
  await vi.waitFor(() => expect(heard).toHaveLength(5000));
});

it('very many boxes that come back at once are told in turns, each once and of the state of then; one that left again is not', async () => {
  const boxes = Array.from({ length: 5000 }, (_, i) => [`box-${i}`, HERE] as [string, string]);
  const { notices, send, heard, away, asRetained } = await among(boxes);
  await send('停水', HERE, HOUR);
  await vi.waitFor(() => expect(heard).toHaveLength(5000));
  heard.length = 0;
  for (const [boxId] of boxes) {
    notices.subscribed(boxId);
    notices.subscribed(boxId);
  }
  away.add('box-4999');
  expect(heard).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard.length).toBeLessThan(1000);
  await vi.waitFor(() => expect(heard).toHaveLength(4999));
  expect([asRetained.size, heard[4998]]).toEqual([4999, ['box-4998', ['停水']]]);
});

it('a centre that closes tells nobody any more', async () => {
  const { notices, send, heard } = await among(Array.from({ length: 5000 }, (_, i) => [`box-${i}`, HERE]));
  await send('停水', HERE, HOUR);
  notices.subscribed('box-0');
  notices.close();
  notices.subscribed('box-1');
  const before = heard.length;
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toHaveLength(before);
});

it('one that came to its end while the store did not answer is taken back, even where something else is sent first', async () => {
  const { clock, store, send, heard } = await among([
    ['box-here', HERE],
    ['box-there', THERE],
  ]);
  await send('短', HERE, HOUR);
  store.fails = 'standingNotices';
  clock.passes(HOUR + 1);
  await vi.waitFor(() => expect(clock.waiting).toBe(1));
  delete store.fails;
  heard.length = 0;
  await send('别处', THERE, HOUR);
  expect(heard).toEqual([
    ['box-here', []],
    ['box-there', ['别处']],
  ]);
});

it('one that was kept is not called refused because the store then did not answer: it is said as soon as it does', async () => {
  const { clock, store, send, heard } = await among([['box-here', HERE]]);
  store.fails = 'standingNotices';
  expect(await send('停水', HERE, HOUR)).toMatchObject({ state: 'standing' });
  expect(heard).toEqual([]);
  delete store.fails;
  clock.passes(30_000);
  await vi.waitFor(() => expect(heard).toEqual([['box-here', ['停水']]]));
});
