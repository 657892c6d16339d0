import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenFs } from '../testing/broken-fs.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { alarmMessage, detailMessage, testMessage } from '../testing/messages.ts';
import { listening } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import type { OutboxEntry } from './entry.ts';
import { createOutbox, type Outbox, STORE_AGAIN_MS } from './outbox.ts';
import { KEEP_ASIDE } from './set-aside.ts';

let dir: string;
let fs: BrokenFs;
let clock: FakeClock;
let stored: OutboxEntry[];
let lines: { level: number; msg: string }[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'outbox-'));
  fs = new BrokenFs();
  clock = new FakeClock();
  stored = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function open(maxEntries = 200): Promise<Outbox> {
  const heard = listening();
  lines = heard.lines;
  const outbox = createOutbox({
    fs,
    dir,
    clock,
    log: heard.log,
    maxEntries,
    storeTimeoutMs: 3000,
    onStored: (e) => stored.push(e),
    onHealth: () => {},
    onEvicted: () => {},
  });
  await outbox.open();
  return outbox;
}
const files = (sub = '') => readdirSync(join(dir, sub)).filter((name) => name.endsWith('.json'));
const ids = (outbox: Outbox) => outbox.entries().map((e) => e.event.id);

describe('an entry', () => {
  it('is stored by temp file, fsync, rename, fsync of the directory, in this order, before put resolves', async () => {
    const outbox = await open();
    fs.done.length = 0;
    const alarm = alarmMessage();
    const putting = outbox.put('alarm', alarm.id, alarm);
    expect(outbox.entries(), 'nothing may be sent before it is on flash').toEqual([]);
    expect((await putting).stored).toBe(true);
    expect(fs.done).toEqual(['writeSynced', 'rename', 'syncDir']);
    expect(files()).toEqual([`${alarm.id}.json`]);
    expect(ids(outbox)).toEqual([alarm.id]);
  });

  it('is there after a restart, in the order of pressing even when the clock jumped back', async () => {
    const first = await open();
    const late = { ...alarmMessage(), id: '01999999-0000-7000-8000-000000000002' };
    const early = { ...alarmMessage(), id: '01000000-0000-7000-8000-000000000001' };
    await first.put('alarm', late.id, late);
    await first.put('alarm', early.id, early);
    const second = await open();
    expect(second.entries().map((e) => e.event)).toEqual([late, early]);
    const third = alarmMessage();
    await second.put('alarm', third.id, third);
    expect(ids(await open()).at(-1)).toBe(third.id);
  });

  it('goes when the centre answered, and does not come back', async () => {
    const outbox = await open();
    const alarm = alarmMessage();
    await outbox.put('alarm', alarm.id, alarm);
    await outbox.delete(alarm.id);
    await outbox.delete(alarm.id);
    expect(files()).toEqual([]);
    expect(ids(await open())).toEqual([]);
  });

  it('that was refused is kept aside with its code and never offered again', async () => {
    const outbox = await open();
    const alarm = alarmMessage();
    await outbox.put('alarm', alarm.id, alarm);
    await outbox.reject(alarm.id, 'BOX_REVOKED');
    expect(ids(outbox)).toEqual([]);
    expect(files('rejected')).toEqual([`${alarm.id}.alarm.BOX_REVOKED.json`]);
    expect(ids(await open())).toEqual([]);
  });
});

describe('at the start', () => {
  it('sweeps half-written files', async () => {
    writeFileSync(join(dir, 'x.json.tmp'), '{"v":1,');
    await open();
    expect(readdirSync(dir).sort()).toEqual(['corrupt', 'rejected']);
  });

  it.each([
    ['cut short', '{"v":1,"seq":'],
    ['empty', ''],
    ['not an entry', '[]'],
    ['of another version', '{"v":2}'],
    ['whose message breaks its schema', JSON.stringify({ v: 1, seq: 1, kind: 'alarm', alarmId: 'x', putAt: 1, event: { id: 'x' } })],
  ])('sets a file aside that is %s, logs it as an error, and goes on', async (_, text) => {
    const good = alarmMessage();
    await (await open()).put('alarm', good.id, good);
    const bad = '01999999-0000-7000-8000-00000000000f.json';
    writeFileSync(join(dir, bad), text);
    const outbox = await open();
    expect(ids(outbox)).toEqual([good.id]);
    expect(files('corrupt')).toEqual([bad]);
    expect(lines.some((l) => l.level >= 50 && l.msg.includes('set aside'))).toBe(true);
  });

  it('leaves a file that the flash cannot read now where it is, for the next start', async () => {
    const [first, second] = [alarmMessage(), alarmMessage()];
    const before = await open();
    await before.put('alarm', first.id, first);
    await before.put('alarm', second.id, second);
    fs.unreadable = `${first.id}.json`;
    expect(ids(await open())).toEqual([second.id]);
    expect(lines.some((l) => l.level >= 50)).toBe(true);
    fs.unreadable = '';
    expect(ids(await open())).toEqual([first.id, second.id]);
  });

  it('does not wait for flash that hangs; what lies there is sent once it answers', async () => {
    const alarm = alarmMessage();
    await (await open()).put('alarm', alarm.id, alarm);
    fs.fault = 'hangs';
    const opening = open();
    clock.passes(3000);
    const outbox = await opening;
    expect(outbox.healthy).toBe(false);
    expect(ids(outbox)).toEqual([]);
    const pressed = alarmMessage();
    const putting = outbox.put('alarm', pressed.id, pressed);
    clock.passes(3000);
    expect(await putting).toMatchObject({ stored: false });
    expect(ids(outbox)).toEqual([pressed.id]);
    stored = [];
    fs.recovers();
    await until('both are on flash', () => stored.length === 2);
    expect(ids(outbox).sort()).toEqual([alarm.id, pressed.id].sort());
    expect(outbox.healthy).toBe(true);
  });

  it('keeps at most 50 files aside, and drops alarms last', async () => {
    mkdirSync(join(dir, 'rejected'), { recursive: true });
    const name = (i: number, kind: string) => `01999999-0000-7000-8000-${String(i).padStart(12, '0')}.${kind}.X.json`;
    writeFileSync(join(dir, 'rejected', name(0, 'alarm')), '{}');
    for (let i = 1; i <= KEEP_ASIDE + 5; i++) writeFileSync(join(dir, 'rejected', name(i, 'detail')), '{}');
    await open();
    const kept = files('rejected');
    expect(kept).toHaveLength(KEEP_ASIDE);
    expect(kept).toContain(name(0, 'alarm'));
    expect(kept).not.toContain(name(1, 'detail'));
  });
});

describe('when it is full', () => {
  it('drops the oldest message that is not an alarm, and never an alarm', async () => {
    const outbox = await open(3);
    const alarm = alarmMessage();
    const details = [detailMessage(alarm.id), detailMessage(alarm.id), detailMessage(alarm.id)];
    await outbox.put('alarm', alarm.id, alarm);
    for (const d of details) await outbox.put('detail', alarm.id, d);
    expect(ids(outbox)).toEqual([alarm.id, details[1]?.id, details[2]?.id]);
    await until('the file is gone too', () => files().length === 3);
  });

  it('drops tests before anything that somebody said, and drops nothing else for a test', async () => {
    const outbox = await open(3);
    const alarm = alarmMessage();
    const details = [detailMessage(alarm.id), detailMessage(alarm.id)];
    const tests = [testMessage(), testMessage(), testMessage()];
    await outbox.put('alarm', alarm.id, alarm);
    await outbox.put('detail', alarm.id, details[0]!);
    for (const t of tests) await outbox.put('test', t.id, t);
    expect(ids(outbox)).toEqual([alarm.id, details[0]?.id, tests[2]?.id]);
    await outbox.put('detail', alarm.id, details[1]!);
    expect(ids(outbox)).toEqual([alarm.id, details[0]?.id, details[1]?.id]);
    await expect(outbox.put('test', tests[0]!.id, tests[0]!)).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
    expect(ids(outbox)).toHaveLength(3);
  });

  it('of alarms, refuses everything else with OUTBOX_FULL but still takes an alarm', async () => {
    const outbox = await open(2);
    const alarms = [alarmMessage(), alarmMessage(), alarmMessage()];
    await outbox.put('alarm', alarms[0]!.id, alarms[0]!);
    await outbox.put('alarm', alarms[1]!.id, alarms[1]!);
    await expect(outbox.put('detail', alarms[0]!.id, detailMessage(alarms[0]!.id))).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
    expect(await outbox.put('alarm', alarms[2]!.id, alarms[2]!)).toMatchObject({ stored: true });
    expect(ids(outbox)).toHaveLength(3);
  });
});

describe('when the flash', () => {
  it('is read-only, an alarm is offered for sending but not claimed as stored', async () => {
    const outbox = await open();
    fs.fault = 'read-only';
    const alarm = alarmMessage();
    expect(await outbox.put('alarm', alarm.id, alarm)).toMatchObject({ stored: false });
    expect(ids(outbox)).toEqual([alarm.id]);
    expect(outbox.healthy).toBe(false);
  });

  it('was read-only from the start, what lies on it is still sent, and nothing is claimed', async () => {
    const alarm = alarmMessage();
    await (await open()).put('alarm', alarm.id, alarm);
    fs.fault = 'read-only';
    const outbox = await open();
    expect(outbox.healthy).toBe(false);
    expect(ids(outbox)).toEqual([alarm.id]);
  });

  it('works again, what was in memory is stored and said to be', async () => {
    const outbox = await open();
    fs.fault = 'read-only';
    const alarm = alarmMessage();
    await outbox.put('alarm', alarm.id, alarm);
    clock.passes(STORE_AGAIN_MS);
    fs.fault = 'none';
    await until('tried again and stored', () => {
      clock.passes(STORE_AGAIN_MS);
      return stored.length > 0;
    });
    expect(files()).toEqual([`${alarm.id}.json`]);
    expect(outbox.healthy).toBe(true);
    await outbox.close();
  });

  it('is full, the file of a message that is not an alarm makes room for an alarm', async () => {
    const outbox = await open();
    const first = alarmMessage();
    const detail = detailMessage(first.id);
    await outbox.put('alarm', first.id, first);
    await outbox.put('detail', first.id, detail);
    fs.fault = 'full';
    fs.room = 0;
    const second = alarmMessage();
    expect(await outbox.put('alarm', second.id, second)).toMatchObject({ stored: true });
    expect(files().sort()).toEqual([`${first.id}.json`, `${second.id}.json`].sort());
    expect(ids(outbox), 'still sent from memory').toContain(detail.id);
    fs.fault = 'none';
    await until('there is room again', () => {
      clock.passes(STORE_AGAIN_MS);
      return files().includes(`${detail.id}.json`);
    });
    await outbox.close();
  });

  it('hangs, an alarm is given up after 3 s, and stored when the flash comes back', async () => {
    const outbox = await open();
    fs.fault = 'hangs';
    const alarm = alarmMessage();
    const putting = outbox.put('alarm', alarm.id, alarm);
    expect(outbox.entries()).toEqual([]);
    clock.passes(3000);
    expect(await putting).toMatchObject({ stored: false });
    expect(ids(outbox)).toEqual([alarm.id]);
    fs.recovers();
    await until('stored late', () => stored.length > 0);
    expect(files()).toEqual([`${alarm.id}.json`]);
  });

  it('hangs, and the centre answers meanwhile, no file stays', async () => {
    const outbox = await open();
    fs.fault = 'hangs';
    const alarm = alarmMessage();
    const putting = outbox.put('alarm', alarm.id, alarm);
    clock.passes(3000);
    await putting;
    const deleting = outbox.delete(alarm.id);
    fs.recovers();
    await deleting;
    await outbox.close();
    expect(files()).toEqual([]);
    expect(stored).toEqual([]);
  });
});
