/**
 * ② The outbox: every message is on flash before any network, and deleted only when the centre answered.
 *
 * Nothing here trusts MQTT: MQTT.js loses what it queued when the process dies, and a PUBACK is transport.
 * Flash that fails or hangs never holds an alarm back: the entry is kept in memory, sent, and reported as not stored.
 */
import { type AnyCloudEvent, CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { DurableFs } from './durable-fs.ts';
import type { EntryKind, OutboxEntry } from './entry.ts';
import { createSpool } from './spool.ts';

export interface OutboxDeps {
  fs: DurableFs;
  /** Directory of the entries; `rejected/` and `corrupt/` lie inside. */
  dir: string;
  clock: Clock;
  log: Logger;
  maxEntries: number;
  storeTimeoutMs: number;
  /** An entry that was only in memory, or that could not be read before, is on flash and may be sent. */
  onStored(entry: OutboxEntry): void;
  /** `healthy` changed. */
  onHealth(): void;
  /** It is full: a message was dropped for a newer one, or there was none to drop. */
  onEvicted(): void;
}

export interface Outbox {
  /** Whether the flash takes what is written. */
  readonly healthy: boolean;
  /** Reads what lies there. Never throws, and is over in `storeTimeoutMs`: without flash the outbox works from memory. */
  open(): Promise<void>;
  /**
   * Takes a message. Resolves with `stored: true` only after the fsync of the directory; `stored: false` when the flash
   * refused it or did not answer in time. Throws OUTBOX_FULL for anything but an alarm when nothing can make room; a test pushes out tests only.
   */
  put(kind: EntryKind, alarmId: string, event: AnyCloudEvent): Promise<{ entry: OutboxEntry; stored: boolean }>;
  /** Unanswered messages that may be sent (stored, or given up by the flash), oldest first. */
  entries(): OutboxEntry[];
  get(id: string): OutboxEntry | undefined;
  /** An alarm is unanswered and not on flash. */
  readonly alarmOnlyInMemory: boolean;
  /** Tries the flash although there is nothing to write; `healthy` says how it went. Never rejects. */
  check(): Promise<void>;
  /** Later messages get places after `seq`: one that was answered is no longer here, but its place is remembered elsewhere. */
  continueAfter(seq: number): void;
  /** The centre has committed it: not sent again from now on. The file goes after `first`. */
  delete(id: string, first?: Promise<void>): Promise<void>;
  /** The centre refused it for good: kept in `rejected/`, never sent again. */
  reject(id: string, code: string): Promise<void>;
  /** Stops trying the flash again; resolves when no write is in progress. */
  close(): Promise<void>;
}

/** How long after a failure the flash is tried again, ms. */
export const STORE_AGAIN_MS = 5000;

interface Held {
  entry: OutboxEntry;
  /** `storing`: not to be sent yet. `memory`: the flash failed; sent, but not claimed as stored. */
  state: 'storing' | 'stored' | 'memory';
  writing: boolean;
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, log } = deps;
  const spool = createSpool(deps);
  const held = new Map<string, Held>();
  let nextSeq = 1;
  let loaded = false;
  let again: Timer | undefined;
  let closed = false;

  const oldestFirst = () => [...held.values()].sort((a, b) => a.entry.seq - b.entry.seq);
  /** What may make room for a message of this kind: tests first, and for a test nothing else; alarms never. */
  function victimFor(kind: EntryKind, test: (h: Held) => boolean): Held | undefined {
    const candidates = oldestFirst().filter((h) => h.entry.kind !== 'alarm' && test(h));
    return candidates.find((h) => h.entry.kind === 'test') ?? (kind === 'test' ? undefined : candidates[0]);
  }

  async function load(): Promise<OutboxEntry[]> {
    const found = (await spool.load()).filter((e) => !held.has(e.event.id));
    loaded = true;
    for (const entry of found) {
      held.set(entry.event.id, { entry, state: 'stored', writing: false });
      nextSeq = Math.max(nextSeq, entry.seq + 1);
    }
    return found;
  }

  /** Writes; where there is no space for an alarm, the file of something less important goes. */
  async function write(item: Held): Promise<void> {
    try {
      await spool.write(item.entry);
    } catch (error) {
      const victim = victimFor(item.entry.kind, (h) => h.state === 'stored');
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || item.entry.kind !== 'alarm' || !victim) throw error;
      log.warn(
        { id: victim.entry.event.id },
        'no space on the flash: a message that is not an alarm is kept in memory until there is room again',
      );
      victim.state = 'memory';
      await spool.delete(victim.entry.event.id);
      await spool.write(item.entry);
      tryAgainLater();
    }
    // It may have been answered while the flash was slow.
    if (held.get(item.entry.event.id) === item) item.state = 'stored';
    else await spool.delete(item.entry.event.id);
  }

  /** Resolves true when stored within the time allowed. What arrives later still counts: then `onStored` says so. */
  function storeInTime(item: Held): Promise<boolean> {
    const { id } = item.entry.event;
    item.writing = true;
    return new Promise((resolve) => {
      let late = false;
      const timer = clock.after(deps.storeTimeoutMs, () => {
        late = true;
        log.error({ id, afterMs: deps.storeTimeoutMs }, 'the flash does not answer');
        spool.blame();
        resolve(false);
      });
      write(item)
        .then(
          () => {
            if (late && item.state === 'stored') deps.onStored(item.entry);
            resolve(true);
          },
          (error) => {
            log.error({ err: error, id }, 'the flash refused a message: it is kept in memory');
            tryAgainLater();
            resolve(false);
          },
        )
        .finally(() => {
          item.writing = false;
          timer.cancel();
        });
    });
  }

  function tryAgainLater(): void {
    if (closed) return;
    again ??= clock.after(STORE_AGAIN_MS, () => {
      again = undefined;
      void tryAgain();
    });
  }

  async function tryAgain(): Promise<void> {
    try {
      await spool.probe();
      if (!loaded) for (const entry of await load()) deps.onStored(entry);
    } catch {
      return tryAgainLater();
    }
    for (const item of oldestFirst()) {
      if (item.state !== 'memory' || item.writing) continue;
      // Not when it was answered meanwhile.
      if ((await storeInTime(item)) && held.has(item.entry.event.id)) deps.onStored(item.entry);
    }
  }

  /** Drops the oldest message that is worth less than one of this kind. False when there is none. */
  function evictFor(kind: EntryKind): boolean {
    const victim = victimFor(kind, () => true);
    if (!victim) return false;
    const { id } = victim.entry.event;
    log.warn({ id, kind: victim.entry.kind }, 'outbox full: a message that is not an alarm is dropped');
    held.delete(id);
    void spool.delete(id);
    deps.onEvicted();
    return true;
  }

  return {
    get healthy() {
      return spool.healthy;
    },
    async open() {
      let late = false;
      // Both are tried: flash that became read-only can still be read.
      const tried = Promise.allSettled([spool.probe(), load()]).then(([probe, load_]) => {
        for (const result of [probe, load_])
          if (result.status === 'rejected') log.error({ err: result.reason, dir: deps.dir }, 'the outbox has no flash');
        if (probe.status === 'rejected' || load_.status === 'rejected') tryAgainLater();
        if (late && load_.status === 'fulfilled') for (const entry of load_.value) deps.onStored(entry);
      });
      // Flash that hangs must not keep the bridge from listening to the key.
      await new Promise<void>((resolve) => {
        const timer = clock.after(deps.storeTimeoutMs, () => {
          late = true;
          log.error({ dir: deps.dir, afterMs: deps.storeTimeoutMs }, 'the flash does not answer at the start');
          spool.blame();
          resolve();
        });
        void tried.then(() => {
          timer.cancel();
          resolve();
        });
      });
    },
    async put(kind, alarmId, event) {
      if (held.size >= deps.maxEntries && !evictFor(kind)) {
        deps.onEvicted();
        if (kind !== 'alarm') throw new CodedError('OUTBOX_FULL');
      }
      const entry: OutboxEntry = { v: 1, seq: nextSeq++, kind, alarmId, putAt: clock.now(), event };
      const item: Held = { entry, state: 'storing', writing: false };
      held.set(event.id, item);
      const stored = await storeInTime(item);
      if (item.state === 'storing') item.state = 'memory';
      return { entry, stored };
    },
    entries: () =>
      oldestFirst()
        .filter((h) => h.state !== 'storing')
        .map((h) => h.entry),
    get: (id) => held.get(id)?.entry,
    get alarmOnlyInMemory() {
      return [...held.values()].some((h) => h.entry.kind === 'alarm' && h.state !== 'stored');
    },
    async check() {
      const timer = clock.after(deps.storeTimeoutMs, () => spool.blame());
      await spool.probe().catch((error) => {
        log.error({ err: error, dir: deps.dir }, 'the flash did not take a trial write');
        tryAgainLater();
      });
      timer.cancel();
    },
    continueAfter(seq) {
      nextSeq = Math.max(nextSeq, seq + 1);
    },
    async delete(id, first) {
      const here = held.delete(id);
      await first;
      if (here) await spool.delete(id);
    },
    async reject(id, code) {
      const item = held.get(id);
      held.delete(id);
      if (item?.state === 'stored') await spool.reject(item.entry, code);
    },
    async close() {
      closed = true;
      again?.cancel();
      await spool.idle();
    },
  };
}
