/**
 * The watchdog's heart. Healthy means that the last promise was kept, not that a timer runs: the event loop turns (or nothing of
 * this happens), the outbox can write, the key reader is open. Whoever supervises the bridge hears a sign of life for as long as starting
 * it anew would not help; without one it starts the bridge anew.
 */
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';

/** What is not as promised. */
export type Unhealthy = 'outbox' | 'keys';

export interface SignOfLife {
  ready(): void;
  /** Everything is well, or not yet bad for long enough. */
  alive(reasons: readonly Unhealthy[]): void;
  stopping(): void;
}

export interface WatchdogDeps {
  clock: Clock;
  log: Logger;
  /** Is it so now? */
  checks: Record<Unhealthy, () => boolean>;
  /** Tries the flash when nothing was written for long. Never rejects. */
  probeOutbox(): Promise<void>;
  /** An alarm is nowhere but in this process: ending it would lose that alarm. */
  alarmOnlyInMemory(): boolean;
  signs: readonly SignOfLife[];
  everyMs: number;
  patienceMs: number;
}

export interface Watchdog {
  start(): void;
  /** What is not as promised now. */
  reasons(): Unhealthy[];
  close(): void;
}

/** Flash wears out: it is tried so often when nobody writes. */
export const PROBE_EVERY_MS = 10 * 60_000;
/** What was never well since the start is not cured by the next start: then so many times more patience. */
export const NEVER_WELL = 15;

export function createWatchdog(deps: WatchdogDeps): Watchdog {
  const { clock, log, signs } = deps;
  let timer: Timer | undefined;
  let probedAt = 0;
  let startedAt = 0;
  /** Monotonic ms; undefined: never since the start. */
  let wellAt: number | undefined;
  let silent = false;

  const reasons = () => (Object.keys(deps.checks) as Unhealthy[]).filter((name) => !deps.checks[name]());

  function look(): void {
    const now = clock.mono();
    timer = clock.after(deps.everyMs, look);
    if (now - probedAt >= PROBE_EVERY_MS) {
      probedAt = now;
      void deps.probeOutbox();
    }
    const bad = reasons();
    if (bad.length === 0) wellAt = now;
    const patience = wellAt === undefined ? deps.patienceMs * NEVER_WELL : deps.patienceMs;
    const giveUp = bad.length > 0 && now - (wellAt ?? startedAt) >= patience && !deps.alarmOnlyInMemory();
    if (giveUp && !silent) log.error({ reasons: bad }, 'the watchdog is told nothing any more: the bridge is to be started anew');
    silent = giveUp;
    if (!giveUp) for (const sign of signs) sign.alive(bad);
  }

  return {
    start() {
      startedAt = probedAt = clock.mono();
      for (const sign of signs) sign.ready();
      look();
    },
    reasons,
    close() {
      timer?.cancel();
      for (const sign of signs) sign.stopping();
    },
  };
}
