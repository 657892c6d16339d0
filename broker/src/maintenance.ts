/** What happens by the clock besides deadlines: signing the ledger's head, ending log-ins, deleting or giving up what served its time. */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

const SIGN_EVERY_MS = 60_000;
const SESSIONS_EVERY_MS = 60_000;
const EARLY_EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 6 * 3_600_000;

export interface MaintenanceOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** Ed25519 private key, PKCS#8 PEM. */
  ledgerKey: string;
  /** How long an update waits for its alarm, ms, and the telephone number for whoever waited in vain. */
  early: { waitMs: number; phone: string };
  /** Ends log-ins that ran out. */
  endSessions(): void;
}

export class Maintenance {
  readonly #o: MaintenanceOptions;
  readonly #cancel = new Map<string, () => void>();
  #closed = false;

  constructor(options: MaintenanceOptions) {
    this.#o = options;
  }

  start(): void {
    // What a killed process left unsigned is signed before anything follows it: the ledger's check counts on that.
    void this.#quietly('sign', () => this.#sign());
    this.#every('sign', SIGN_EVERY_MS, () => this.#sign());
    this.#every('sessions', SESSIONS_EVERY_MS, async () => this.#o.endSessions());
    this.#every('early', EARLY_EVERY_MS, () => this.#expireEarly());
    this.#every('prune', PRUNE_EVERY_MS, () => this.#o.store.run('prune', { at: this.#o.clock.now() }));
    void this.#quietly('prune', () => this.#o.store.run('prune', { at: this.#o.clock.now() }));
  }

  /** Stops, and signs the last head. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#cancel.values()) cancel();
    await this.#quietly('sign', () => this.#sign());
  }

  async #sign(): Promise<void> {
    await this.#o.store.run('signLedgerHead', { privatePem: this.#o.ledgerKey, at: this.#o.clock.now() });
  }

  async #expireEarly(): Promise<void> {
    const { store, clock, early } = this.#o;
    const at = clock.now();
    await store.run('expireEarly', { before: at - early.waitMs, at, phone: early.phone });
  }

  #every(name: string, ms: number, work: () => Promise<unknown>): void {
    // Work that was under way at the end arms nothing again.
    if (this.#closed) return;
    this.#cancel.set(
      name,
      this.#o.clock.after(ms, () => void this.#quietly(name, work).then(() => this.#every(name, ms, work))),
    );
  }

  async #quietly(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#o.log.warn({ err: error, name }, 'maintenance failed, tried again later');
    }
  }
}
