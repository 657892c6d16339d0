/**
 * ② The outbox: one file a message, on flash before any network, deleted only when the centre answered.
 *
 * Nothing here trusts MQTT: MQTT.js loses what it queued when the process dies, and a PUBACK is transport.
 * Flash that fails or hangs never holds an alarm back: the entry is kept in memory, sent, and reported as not stored.
 */
import { join } from 'node:path';
import { type AnyCloudEvent, CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import { type DurableFs, TEMP_SUFFIX, writeDurably } from './durable-fs.ts';
import { type EntryKind, type OutboxEntry, parseEntry, serialise } from './entry.ts';
import { prune, setAside } from './set-aside.ts';

export interface OutboxDeps {
  fs: DurableFs;
  /** Directory of the entries; `rejected/` and `corrupt/` lie inside. */
  dir: string;
  clock: Clock;
  log: Logger;
  maxEntries: number;
  storeTimeoutMs: number;
  /** An entry that was only in memory has reached the flash after all. */
  onStored(entry: OutboxEntry): void;
}

export interface Outbox {
  /** Whether the last write to the flash succeeded. */
  readonly healthy: boolean;
  /** Reads what lies there and sweeps half-written files. Never throws: without flash the outbox works from memory. */
  open(): Promise<void>;
  /**
   * Takes a message. Resolves with `stored: true` only after the fsync of the directory; `stored: false` when the flash
   * refused it or did not answer in time. Throws OUTBOX_FULL for anything but an alarm when nothing can make room.
   */
  put(kind: EntryKind, alarmId: string, event: AnyCloudEvent): Promise<{ entry: OutboxEntry; stored: boolean }>;
  /** Unanswered messages that may be sent (stored, or given up by the flash), oldest first. */
  entries(): OutboxEntry[];
  get(id: string): OutboxEntry | undefined;
  /** The centre has committed it. */
  delete(id: string): Promise<void>;
  /** The centre refused it for good: kept in `rejected/`, never sent again. */
  reject(id: string, code: string): Promise<void>;
  /** Stops trying the flash again; resolves when no write is in progress. */
  close(): Promise<void>;
}

/** How long after a failure the flash is tried again for what is only in memory, ms. */
export const STORE_AGAIN_MS = 5000;

const FILE = /^[0-9a-f-]{36}\.json$/;

interface Held {
  entry: OutboxEntry;
  /** `storing`: not to be sent yet. `memory`: the flash failed; sent, but not claimed as stored. */
  state: 'storing' | 'stored' | 'memory';
  writing: boolean;
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { fs, dir, clock, log } = deps;
  const held = new Map<string, Held>();
  const rejectedDir = join(dir, 'rejected');
  const corruptDir = join(dir, 'corrupt');
  const fileOf = (id: string) => join(dir, `${id}.json`);
  let nextSeq = 1;
  let healthy = true;
  let opened = false;
  let again: Timer | undefined;
  /** Disk work happens in order, one piece at a time; a piece that fails does not stop the next. */
  let tail: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  };
  const oldestFirst = () => [...held.values()].sort((a, b) => a.entry.seq - b.entry.seq);

  async function openDirs(): Promise<void> {
    for (const path of [dir, rejectedDir, corruptDir]) await fs.mkdir(path);
    opened = true;
  }

  async function load(): Promise<void> {
    await openDirs();
    let swept = 0;
    for (const name of (await fs.readdir(dir)).sort()) {
      if (name === 'rejected' || name === 'corrupt') continue;
      if (name.endsWith(TEMP_SUFFIX)) {
        await fs.unlink(join(dir, name));
        swept++;
        continue;
      }
      await loadOne(name);
    }
    if (swept > 0) log.info({ swept }, 'half-written outbox files removed');
    await prune(fs, rejectedDir, log);
    await prune(fs, corruptDir, log);
  }

  async function loadOne(name: string): Promise<void> {
    try {
      if (!FILE.test(name)) throw new Error('not the name of an entry');
      const entry = parseEntry(await fs.read(join(dir, name)));
      if (`${entry.event.id}.json` !== name) throw new Error('the name does not match the message');
      held.set(entry.event.id, { entry, state: 'stored', writing: false });
      nextSeq = Math.max(nextSeq, entry.seq + 1);
    } catch (error) {
      log.error({ err: error, file: name }, 'an outbox entry cannot be read: set aside');
      await setAside(fs, dir, name, corruptDir, name, log);
    }
  }

  async function write(item: Held): Promise<void> {
    const id = item.entry.event.id;
    if (!opened) await openDirs();
    await writeDurably(fs, dir, `${id}.json`, serialise(item.entry));
    healthy = true;
    // It may have been answered while the flash was slow.
    if (held.get(id) === item) item.state = 'stored';
    else await fs.unlink(fileOf(id));
  }

  /** Writes; where there is no space for an alarm, the file of something less important goes. */
  async function writeMakingRoom(item: Held): Promise<void> {
    try {
      await write(item);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || item.entry.kind !== 'alarm') throw error;
      const victim = oldestFirst().find((h) => h.entry.kind !== 'alarm' && h.state === 'stored');
      if (!victim) throw error;
      log.warn({ id: victim.entry.event.id }, 'no space on the flash: a message that is not an alarm is kept in memory only');
      victim.state = 'memory';
      await fs.unlink(fileOf(victim.entry.event.id));
      await write(item);
    }
  }

  /** Resolves true when stored within the time allowed. What arrives later still counts: then `onStored` says so. */
  function storeInTime(item: Held): Promise<boolean> {
    const id = item.entry.event.id;
    item.writing = true;
    return new Promise((resolve) => {
      let late = false;
      const timer = clock.after(deps.storeTimeoutMs, () => {
        late = true;
        healthy = false;
        log.error({ id, afterMs: deps.storeTimeoutMs }, 'the flash does not answer');
        resolve(false);
      });
      inOrder(() => writeMakingRoom(item))
        .then(
          () => {
            if (late && item.state === 'stored') deps.onStored(item.entry);
            resolve(true);
          },
          (error) => {
            healthy = false;
            log.error({ err: error, id }, 'the flash refused a message: it is kept in memory');
            if (held.get(id) === item) tryAgainLater();
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
    again ??= clock.after(STORE_AGAIN_MS, () => {
      again = undefined;
      for (const item of oldestFirst()) {
        if (item.state !== 'memory' || item.writing) continue;
        void storeInTime(item).then((inTime) => {
          if (inTime && item.state === 'stored') deps.onStored(item.entry);
        });
      }
    });
  }

  /** Takes an item out of the books. Its file goes without an fsync: back after a power loss, it is sent and answered once more. */
  function remove(id: string): Promise<void> {
    if (!held.delete(id)) return Promise.resolve();
    return inOrder(() => fs.unlink(fileOf(id))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') log.error({ err: error, id }, 'an answered message could not be deleted');
    });
  }

  /** Drops the oldest message that is not an alarm. False when there is none. */
  function evictOne(): boolean {
    const victim = oldestFirst().find((h) => h.entry.kind !== 'alarm');
    if (!victim) return false;
    log.warn({ id: victim.entry.event.id, kind: victim.entry.kind }, 'outbox full: a message that is not an alarm is dropped');
    void remove(victim.entry.event.id);
    return true;
  }

  return {
    get healthy() {
      return healthy;
    },
    async open() {
      try {
        await inOrder(load);
      } catch (error) {
        healthy = false;
        log.error({ err: error, dir }, 'the outbox cannot be opened: alarms are sent from memory and not claimed as stored');
      }
    },
    async put(kind, alarmId, event) {
      if (held.size >= deps.maxEntries && !evictOne() && kind !== 'alarm') throw new CodedError('OUTBOX_FULL');
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
    delete: remove,
    async reject(id, code) {
      const item = held.get(id);
      if (!item) return;
      held.delete(id);
      if (item.state === 'stored') await inOrder(() => setAside(fs, dir, `${id}.json`, rejectedDir, `${id}.${code}.json`, log));
    },
    async close() {
      again?.cancel();
      again = undefined;
      await tail;
    },
  };
}
