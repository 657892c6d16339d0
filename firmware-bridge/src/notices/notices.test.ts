import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TownshipNotice } from '@shouwang/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnownTime } from '../known-time.ts';
import { BrokenFs } from '../testing/broken-fs.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { listening } from '../testing/quiet.ts';
import { createNoticeFile } from './file.ts';
import { createNotices } from './notices.ts';

const HOUR = 3_600_000;
let dir: string;
let fs: BrokenFs;
let clock: FakeClock;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'notices-'));
  fs = new BrokenFs();
  clock = new FakeClock();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function notice(n: number, over: Partial<TownshipNotice> = {}): TownshipNotice {
  const id = `0193580a-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return { id, at: clock.now() - HOUR + n, until: clock.now() + 24 * HOUR, from: '平安镇', title: `通知${n}`, text: '正文', ...over };
}

async function aBox(of = clock) {
  const { log, lines } = listening();
  let changes = 0;
  const file = createNoticeFile({ fs, dir, log });
  const time = createKnownTime(of, () => notices.timeChanged());
  const notices = createNotices({ file, boxId: 'box-0001', clock: of, time, onChange: () => void changes++ });
  await notices.load();
  const says = (...list: TownshipNotice[]) => notices.take({ boxId: 'box-0001', notices: list });
  return { notices, says, time, lines, changes: () => changes, titles: () => notices.tv().map((n) => n.title) };
}

describe('the township’s notices on a box', () => {
  it('are shown the newest first, and are there after a restart', async () => {
    const before = await aBox();
    before.says(notice(1), notice(2));
    expect(before.titles()).toEqual(['通知2', '通知1']);
    await before.notices.idle();
    expect((await aBox()).titles()).toEqual(['通知2', '通知1']);
  });

  it('what the centre does not say any more is gone, on flash too', async () => {
    const before = await aBox();
    before.says(notice(1), notice(2));
    before.says(notice(1));
    expect(before.titles()).toEqual(['通知1']);
    await before.notices.idle();
    expect((await aBox()).titles()).toEqual(['通知1']);
  });

  it('disappear at their time by themselves, and the page is told', async () => {
    const box = await aBox();
    box.says(notice(1, { until: clock.now() + 5 * HOUR }), notice(2));
    const changes = box.changes();
    clock.passes(5 * HOUR);
    expect(box.titles()).toEqual(['通知2']);
    expect(box.changes()).toBeGreaterThan(changes);
  });

  it('one that ended while the box was off is not shown again', async () => {
    const before = await aBox();
    before.says(notice(1));
    await before.notices.idle();
    clock.passes(25 * HOUR);
    expect((await aBox()).titles()).toEqual([]);
  });

  it('a box that does not know the time ends none, until a clock that was set says so', async () => {
    const unset = new FakeClock(HOUR);
    const box = await aBox(unset);
    box.says(notice(1));
    unset.passes(48 * HOUR);
    expect(box.titles()).toEqual(['通知1']);
    unset.jumpWall(clock.now() + 30 * HOUR);
    unset.passes(HOUR);
    expect(box.titles()).toEqual([]);
  });

  it('a box whose clock was ahead shows them once the centre has said the time, and ends them by that', async () => {
    const ahead = new FakeClock(clock.now() + 48 * HOUR);
    const before = await aBox();
    before.says(notice(1, { until: clock.now() + 90 * 60_000 }));
    await before.notices.idle();
    const box = await aBox(ahead);
    expect(box.titles()).toEqual([]);
    const unaware = box.changes();
    box.time.heard(clock.now());
    expect(box.titles()).toEqual(['通知1']);
    expect(box.changes()).toBeGreaterThan(unaware);
    ahead.passes(80 * 60_000);
    const changes = box.changes();
    // Not at the next hour: at its end.
    ahead.passes(10 * 60_000);
    expect(box.titles()).toEqual([]);
    expect(box.changes()).toBeGreaterThan(changes);
  });

  it('are read once somebody opened them, also after a restart; the next one is new', async () => {
    const before = await aBox();
    before.says(notice(1));
    before.notices.read(notice(1).id);
    before.notices.read('unknown');
    await before.notices.idle();
    const after = await aBox();
    after.says(notice(1), notice(2));
    expect(after.notices.tv().map((n) => n.read)).toEqual([undefined, true]);
  });

  it('the same said again touches neither the flash nor the page', async () => {
    const box = await aBox();
    const list = [notice(1), notice(2)];
    box.says(...list);
    await box.notices.idle();
    const [writes, changes] = [fs.done.length, box.changes()];
    box.says(...list);
    await box.notices.idle();
    expect([fs.done.length, box.changes()]).toEqual([writes, changes]);
  });

  it('those of another box are not taken', async () => {
    const box = await aBox();
    box.notices.take({ boxId: 'box-0002', notices: [notice(1)] });
    expect(box.titles()).toEqual([]);
  });

  it('are shown from memory where the flash takes nothing', async () => {
    const box = await aBox();
    fs.fault = 'full';
    box.says(notice(1));
    await box.notices.idle();
    expect(box.titles()).toEqual(['通知1']);
    expect(box.lines).toMatchObject([{ msg: 'the township’s notices could not be written' }]);
  });

  it.each(['{', '[]', '{"v":2}', '{"v":1,"notices":[{"id":"x"}]}'])('a file that cannot be read is set aside: %s', async (text) => {
    writeFileSync(join(dir, 'notices.json'), text);
    const box = await aBox();
    expect(box.titles()).toEqual([]);
    expect(existsSync(join(dir, 'notices.json.corrupt'))).toBe(true);
    box.says(notice(1));
    await box.notices.idle();
    expect((await aBox()).titles()).toEqual(['通知1']);
  });
});
