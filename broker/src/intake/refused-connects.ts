/**
 * Puts connections that were refused at the door on the record, each client and reason at most once a minute, and so many in all:
 * whoever knocks may give itself a new name each time.
 */
import type { ErrorCode } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

const EVERY_MS = 60_000;
const REMEMBERED = 1000;
const RECORDED_A_MINUTE = 100;

export class RefusedConnects {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #last = new Map<string, number>();
  #minute = Number.NEGATIVE_INFINITY;
  #recorded = 0;
  #unrecorded = 0;

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  record(r: { client: string; code: ErrorCode; reason: string }): void {
    const at = this.#clock.now();
    const key = `${r.client} ${r.code} ${r.reason}`;
    if (at - (this.#last.get(key) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
    if (!this.#mayRecord(at)) return;
    this.#last.delete(key);
    this.#last.set(key, at);
    if (this.#last.size > REMEMBERED) this.#last.delete(this.#last.keys().next().value!);
    this.#log.warn(r, 'not let in, or not fully');
    const refusal = { at, topic: 'CONNECT', client: r.client, code: r.code, reason: r.reason };
    this.#store.run('refuse', { refusal }).catch((error: unknown) => this.#log.warn({ err: error }, 'a refusal was not recorded'));
  }

  #mayRecord(at: number): boolean {
    const minute = Math.floor(at / EVERY_MS);
    if (minute !== this.#minute) {
      if (this.#unrecorded > 0) this.#log.warn({ unrecorded: this.#unrecorded }, 'more connections were refused than are recorded');
      this.#minute = minute;
      this.#recorded = 0;
      this.#unrecorded = 0;
    }
    if (this.#recorded < RECORDED_A_MINUTE) {
      this.#recorded++;
      return true;
    }
    this.#unrecorded++;
    return false;
  }
}
