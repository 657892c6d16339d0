import { makeEvent } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { v7 } from 'uuid';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { createFaults, type FaultReport, type Faults } from './register.ts';
import { watchFaults } from './watch.ts';

let clock: FakeClock;
let said: FaultReport[];
let changes: number;
let faults: Faults;

beforeEach(() => {
  clock = new FakeClock();
  said = [];
  changes = 0;
  faults = createFaults({ clock, log: quiet, say: (r) => said.push(r), onChange: () => changes++ });
});

describe('a fault', () => {
  it('is said once when it begins and once when it ends', () => {
    faults.begin('update', 'rolled back');
    clock.passes(1000);
    faults.begin('update', 'rolled back');
    expect(faults.kinds()).toEqual(['update']);
    faults.clear('update');
    faults.clear('update');
    expect(said).toEqual([
      { fault: 'update', at: 1_800_000_000_000, detail: 'rolled back' },
      { fault: 'update', at: 1_800_000_001_000, cleared: true },
    ]);
    expect(changes).toBe(2);
    expect(faults.lasting()).toEqual([]);
  });

  it('whose reason is another now is said again, and began when it began', () => {
    faults.begin('config', 'SIGNATURE_INVALID');
    clock.passes(1000);
    faults.begin('config', 'BAD_PAYLOAD');
    expect(faults.lasting()).toEqual([{ fault: 'config', at: 1_800_000_000_000, detail: 'BAD_PAYLOAD' }]);
    expect(said).toHaveLength(2);
  });

  it('with any detail makes a report that its schema takes', () => {
    faults.begin('certificate', `line one\nline two\u0000\u001b[31m${'x'.repeat(500)}`);
    const [report] = said;
    expect(isValid('FaultReported', makeEvent('cn.shouwang.box.fault.v1', 'box/b', v7(), 1, report))).toBe(true);
    expect(report?.detail).toMatch(/^line one line two/);
  });
});

describe('the box sees by itself', () => {
  let flash: boolean;
  let keys: boolean;
  let waiting: number;
  const watch = () =>
    watchFaults({ clock, faults, flashHealthy: () => flash, waiting: () => waiting, maxEntries: 20, keysSeen: () => keys });
  beforeEach(() => {
    flash = keys = true;
    waiting = 0;
  });

  it('flash that takes nothing, and that it works again', () => {
    const w = watch();
    flash = false;
    w.look();
    expect(faults.kinds()).toEqual(['flash']);
    flash = true;
    w.look();
    expect(faults.kinds()).toEqual([]);
  });

  it('messages that were dropped, until the outbox is half empty', () => {
    const w = watch();
    waiting = 20;
    w.evicted();
    w.look();
    waiting = 11;
    w.look();
    expect(faults.kinds()).toEqual(['outbox-full']);
    waiting = 10;
    w.look();
    expect(faults.kinds()).toEqual([]);
  });

  it('that no key reader has been open for 10 s, not that one was plugged in anew', () => {
    const w = watch();
    keys = false;
    w.look();
    clock.passes(9999);
    keys = true;
    w.look();
    clock.passes(60_000);
    expect(said).toEqual([]);
    keys = false;
    w.look();
    w.look();
    clock.passes(10_000);
    expect(faults.kinds()).toEqual(['keys']);
    keys = true;
    w.look();
    expect(faults.kinds()).toEqual([]);
  });
});
