/**
 * Puts messages that came too fast on the record: of one sender the first of a minute with its payload, the others as a number. A
 * flood must not become a flood of rows.
 */
import { CodedError } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Principal, principalName } from '../mqtt/principal.ts';
import type { Store } from '../store/store.ts';

const COUNTED_FOR_MS = 60_000;
/** How soon the number on record follows. */
const WRITTEN_EVERY_MS = 5000;

interface Flood {
  count: number;
  written: number;
  /** The dead letter's number, once it is committed. */
  id: number | undefined;
  endsAt: number;
}

export class TooFast {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #floods = new Map<string, Flood>();
  #stop: (() => void) | undefined;

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** One message too many. */
  record(principal: Principal, topic: string, payload: Buffer): void {
    const client = principalName(principal);
    const known = this.#floods.get(client);
    if (known) {
      known.count++;
      return;
    }
    const at = this.#clock.now();
    const flood: Flood = { count: 1, written: 1, id: undefined, endsAt: at + COUNTED_FOR_MS };
    this.#floods.set(client, flood);
    this.#log.warn({ client, topic: topic.slice(0, 200) }, 'sends too fast');
    const { code, message } = new CodedError('RATE_EXCEEDED');
    const refusal = { at, topic: topic.slice(0, 200), client, code, reason: message, payload };
    this.#store.run('refuse', { refusal }).then(
      (id) => {
        flood.id = id;
      },
      (error: unknown) => this.#log.warn({ err: error, client }, 'a flood was not recorded'),
    );
    this.#stop ??= this.#clock.after(WRITTEN_EVERY_MS, () => this.#tick());
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#stop?.();
    await Promise.all([...this.#floods.values()].map((flood) => this.#write(flood)));
  }

  #tick(): void {
    const now = this.#clock.now();
    for (const [client, flood] of this.#floods) {
      void this.#write(flood);
      if (flood.endsAt <= now && flood.id !== undefined) this.#floods.delete(client);
      // Never recorded: the store was in trouble. The next one begins anew.
      else if (flood.endsAt + COUNTED_FOR_MS <= now) this.#floods.delete(client);
    }
    this.#stop = this.#floods.size > 0 ? this.#clock.after(WRITTEN_EVERY_MS, () => this.#tick()) : undefined;
  }

  async #write(flood: Flood): Promise<void> {
    const { id, count } = flood;
    if (id === undefined || count === flood.written) return;
    flood.written = count;
    try {
      await this.#store.run('countDeadLetter', { id, count });
    } catch (error) {
      this.#log.warn({ err: error }, 'the size of a flood was not recorded');
    }
  }
}
