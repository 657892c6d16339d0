import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { quiet } from '../testing/quiet.ts';
import { createWatchdog, NEVER_WELL, PROBE_EVERY_MS, type Unhealthy, type Watchdog } from './watchdog.ts';

const EVERY = 10_000;
const PATIENCE = 60_000;
let clock: FakeClock;
let well: Record<Unhealthy, boolean>;
let inMemory: boolean;
let probes: number;
/** When a sign of life was given, and what it said. */
let signs: { at: number; reasons: readonly Unhealthy[] }[];
let heard: string[];
let watchdog: Watchdog;

beforeEach(() => {
  clock = new FakeClock();
  well = { outbox: true, keys: true };
  inMemory = false;
  probes = 0;
  signs = [];
  heard = [];
  watchdog = createWatchdog({
    clock,
    log: quiet,
    checks: { outbox: () => well.outbox, keys: () => well.keys },
    probeOutbox: async () => void probes++,
    alarmOnlyInMemory: () => inMemory,
    signs: [
      {
        ready: () => heard.push('ready'),
        alive: (reasons) => signs.push({ at: clock.mono(), reasons }),
        stopping: () => heard.push('stopping'),
      },
    ],
    everyMs: EVERY,
    patienceMs: PATIENCE,
  });
});
const lastSign = () => signs.at(-1)?.at;

describe('the watchdog', () => {
  it('says ready once, then gives a sign of life for as long as all is well', () => {
    watchdog.start();
    clock.passes(60_000);
    expect(heard).toEqual(['ready']);
    expect(signs.map((s) => s.at)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    watchdog.close();
    expect(heard).toEqual(['ready', 'stopping']);
    expect(clock.armed).toBe(0);
  });

  it.each<Unhealthy>(['outbox', 'keys'])('says at once that it is the %s, and nothing any more when that lasts', (name) => {
    watchdog.start();
    well[name] = false;
    clock.passes(EVERY);
    expect(signs.at(-1)).toEqual({ at: EVERY, reasons: [name] });
    expect(watchdog.reasons()).toEqual([name]);
    clock.passes(10 * PATIENCE);
    expect(lastSign()).toBe(PATIENCE - EVERY);
    well[name] = true;
    clock.passes(EVERY);
    expect(signs.at(-1)?.reasons).toEqual([]);
  });

  it('has more patience with what was never well since the start: starting anew did not help', () => {
    well.keys = false;
    watchdog.start();
    clock.passes(NEVER_WELL * PATIENCE - EVERY);
    expect(lastSign()).toBe(NEVER_WELL * PATIENCE - EVERY);
    clock.passes(10 * PATIENCE);
    expect(lastSign()).toBe(NEVER_WELL * PATIENCE - EVERY);
  });

  it('lets nobody end a process that alone knows of an alarm', () => {
    watchdog.start();
    well.outbox = false;
    inMemory = true;
    clock.passes(100 * PATIENCE);
    expect(signs.at(-1)).toEqual({ at: 100 * PATIENCE, reasons: ['outbox'] });
    inMemory = false;
    clock.passes(EVERY);
    expect(lastSign()).toBe(100 * PATIENCE);
  });

  it('tries the flash when nobody writes, but seldom', () => {
    watchdog.start();
    clock.passes(PROBE_EVERY_MS - EVERY);
    expect(probes).toBe(0);
    clock.passes(PROBE_EVERY_MS + EVERY);
    expect(probes).toBe(2);
  });
});
