/**
 * What is said to boxes that poll. A mailbox stands for an MQTT connection: it comes with the box's first poll and goes when the box is
 * silent for a while; nothing in it must last, because a box that finds itself before a new one asks for the truth (`up/sync`).
 */
import { randomBytes } from 'node:crypto';
import { type AnyCloudEvent, type BoxState, type DownKind, parseBoxDown } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';

export interface MailboxesOptions {
  clock: Clock;
  /** How long a poll waits for something new, ms. */
  pollMs: number;
  /** Polls that may wait at one time; further ones are answered at once and told when to come again. */
  maxWaiting: number;
  /** The number of boxes changed. */
  changed(): void;
}

/** Without a poll for so long (and none waiting), a box is no longer there. Above `AGAIN_MS`, and below what the fleet calls suspect. */
const GONE_AFTER_MS = 45_000;
/** When to come again where too many wait. */
const AGAIN_MS = 10_000;
/** Messages kept for one box; with more unread ones it is told to ask anew. */
const KEPT = 100;

/** What a poll brings. Cameras and grants are answers to a question, and nothing to anybody later; a page takes no configuration. */
const NEWS: readonly DownKind[] = ['notice', 'notices', 'received', 'rejected', 'progress'];

interface Kept {
  n: number;
  /** A newer message with the same key says everything that this one says. */
  key: string;
  event: AnyCloudEvent;
}

interface Mailbox {
  epoch: string;
  /** Number of the newest message. */
  last: number;
  /** Numbers up to this one may be missing. */
  lost: number;
  kept: Kept[];
  wake: (() => void) | undefined;
  cancelGone: () => void;
}

export class Mailboxes {
  readonly #o: MailboxesOptions;
  readonly #boxes = new Map<string, Mailbox>();
  readonly #collectors = new Map<string, Set<(kind: DownKind, event: AnyCloudEvent) => void>>();
  #waiting = 0;

  constructor(options: MailboxesOptions) {
    this.#o = options;
  }

  /** Boxes that are there now. */
  get boxes(): Iterable<string> {
    return this.#boxes.keys();
  }

  get size(): number {
    return this.#boxes.size;
  }

  has(boxId: string): boolean {
    return this.#boxes.has(boxId);
  }

  /** Everything that the centre publishes passes here; what is for a box that polls stays. */
  deliver(topic: string, payload: string): void {
    if (this.#boxes.size === 0 && this.#collectors.size === 0) return;
    const to = parseBoxDown(topic);
    const box = to && this.#boxes.get(to.boxId);
    const collectors = to && this.#collectors.get(to.boxId);
    if (!to || !(box || collectors)) return;
    const event = JSON.parse(payload) as AnyCloudEvent;
    for (const collect of collectors ?? []) collect(to.kind, event);
    if (box && NEWS.includes(to.kind)) this.#keep(box, to.kind, event);
  }

  /** Runs `work` and gives what was said to the box meanwhile. */
  async during(boxId: string, work: () => Promise<unknown>): Promise<AnyCloudEvent[]> {
    const heard: AnyCloudEvent[] = [];
    const collect = (_kind: DownKind, event: AnyCloudEvent): void => void heard.push(event);
    const all = this.#collectors.get(boxId) ?? new Set();
    this.#collectors.set(boxId, all.add(collect));
    try {
      await work();
    } finally {
      all.delete(collect);
      if (all.size === 0) this.#collectors.delete(boxId);
    }
    return heard;
  }

  /** What is new since `after`. Waits for it, at most `pollMs`; a later poll of the same box ends an earlier one. `gone` resolves when nobody waits for the answer any more. */
  async poll(boxId: string, after: string, gone: Promise<void>): Promise<BoxState> {
    const box = this.#boxes.get(boxId) ?? this.#open(boxId);
    box.cancelGone();
    box.wake?.();
    const found = stateOf(box, after);
    if (found.anew || found.messages.length > 0) return this.#answered(boxId, box, found);
    if (this.#waiting >= this.#o.maxWaiting) return this.#answered(boxId, box, { ...found, againInMs: AGAIN_MS });
    this.#waiting++;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stop();
        if (box.wake === done) box.wake = undefined;
        resolve();
      };
      const stop = this.#o.clock.after(this.#o.pollMs, done);
      box.wake = done;
      void gone.then(done);
    });
    this.#waiting--;
    return this.#answered(boxId, box, stateOf(box, after));
  }

  /** Ends a box's presence: revoked, or its secret has changed. */
  cut(boxId: string): void {
    const box = this.#boxes.get(boxId);
    if (!box) return;
    this.#boxes.delete(boxId);
    box.cancelGone();
    box.wake?.();
    this.#o.changed();
  }

  close(): void {
    for (const box of this.#boxes.values()) {
      box.cancelGone();
      box.wake?.();
    }
    this.#boxes.clear();
  }

  #open(boxId: string): Mailbox {
    const box: Mailbox = {
      epoch: randomBytes(9).toString('base64url'),
      last: 0,
      lost: 0,
      kept: [],
      wake: undefined,
      cancelGone: () => undefined,
    };
    this.#boxes.set(boxId, box);
    this.#o.changed();
    return box;
  }

  #answered(boxId: string, box: Mailbox, state: BoxState): BoxState {
    if (this.#boxes.get(boxId) === box && !box.wake) {
      box.cancelGone();
      box.cancelGone = this.#o.clock.after(GONE_AFTER_MS, () => this.cut(boxId));
    }
    return state;
  }

  #keep(box: Mailbox, kind: DownKind, event: AnyCloudEvent): void {
    const key = keyOf(kind, event);
    box.kept = box.kept.filter((k) => k.key !== key);
    box.kept.push({ n: ++box.last, key, event });
    while (box.kept.length > KEPT) box.lost = box.kept.shift()!.n;
    box.wake?.();
  }
}

function keyOf(kind: DownKind, event: AnyCloudEvent): string {
  const data = event.data as { alarmId?: string; messageId?: string };
  if (kind === 'progress') return `progress ${data.alarmId}`;
  return kind === 'received' || kind === 'rejected' ? `answer ${data.messageId}` : kind;
}

function stateOf(box: Mailbox, after: string): BoxState {
  const cursor = `${box.epoch}.${box.last}`;
  const dot = after.lastIndexOf('.');
  const n = after.slice(0, dot) === box.epoch && /^\d{1,15}$/.test(after.slice(dot + 1)) ? Number(after.slice(dot + 1)) : -1;
  if (n < box.lost || n > box.last) return { cursor, anew: true, messages: [], againInMs: 0 };
  return { cursor, anew: false, messages: box.kept.filter((k) => k.n > n).map((k) => k.event), againInMs: 0 };
}
