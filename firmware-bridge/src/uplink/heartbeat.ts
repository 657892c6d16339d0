/**
 * ③ The heartbeat: the retained `…/status`, said at every connect, then every so often, and soon after the box's health
 * changed. Never kept: one that was not said is replaced by the next. Nothing in it is ahead of the fact.
 */
import type { BoxStatus } from '@shouwang/protocol';
import type { Clock, Timer } from '../clock.ts';

export type Health = NonNullable<BoxStatus['health']>;

export interface HeartbeatDeps {
  clock: Clock;
  random: () => number;
  everyMs: number;
  version: string;
  health(): Health;
  /** Where the box stands in the network; undefined where it is not known. Never rejects. */
  neighbourhood(): Promise<string | undefined>;
  /** Publishes `status(true)`, retained. */
  publish(): void;
}

export interface Heartbeat {
  /** What is said now; `false` is the last will and the goodbye. */
  status(online: boolean): BoxStatus;
  /** Reads what takes a moment to read. Before the first connection, so that its first status can have it. */
  refresh(): Promise<void>;
  /** `status(true)` was just published on a new connection. */
  connected(): void;
  disconnected(): void;
  /** The health may have changed: said at once if it did, but not more often than every 5 s. */
  look(): void;
}

/** A device that comes and goes must not fill the line. */
const AT_MOST_EVERY_MS = 5000;

export function createHeartbeat(deps: HeartbeatDeps): Heartbeat {
  const { clock } = deps;
  let online = false;
  let timer: Timer | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;
  let said = '';
  let neighbourhood: string | undefined;
  /** Monotonic ms at which `timer` is due. */
  let dueAt = 0;

  function status(here: boolean): BoxStatus {
    const base = { online: here, at: clock.now(), version: deps.version };
    return here ? { ...base, health: deps.health(), ...(neighbourhood ? { neighbourhood } : {}) } : base;
  }

  function beatIn(ms: number): void {
    timer?.cancel();
    dueAt = clock.mono() + ms;
    timer = clock.after(ms, () => {
      timer = undefined;
      void refresh().then(() => {
        if (!online || timer) return;
        noteSaid();
        deps.publish();
      });
    });
  }

  async function refresh(): Promise<void> {
    neighbourhood = await deps.neighbourhood();
  }

  /** Jittered by a tenth, so that boxes that came back together do not stay together; never later than `everyMs`. */
  function noteSaid(): void {
    said = essence();
    saidAt = clock.mono();
    beatIn(deps.everyMs * (0.9 + deps.random() / 10));
  }

  /** What is worth saying before its time; the number of waiting messages is not. */
  function essence(): string {
    const { waiting: _, ...rest } = deps.health();
    return JSON.stringify([rest, neighbourhood]);
  }

  function look(): void {
    if (!online || !timer || essence() === said) return;
    const wait = Math.max(0, saidAt + AT_MOST_EVERY_MS - clock.mono());
    if (clock.mono() + wait < dueAt) beatIn(wait);
  }

  return {
    status,
    refresh,
    connected() {
      online = true;
      noteSaid();
      // A gateway that had not been spoken to before is known now.
      void refresh().then(look);
    },
    disconnected() {
      online = false;
      timer?.cancel();
      timer = undefined;
    },
    look,
  };
}
