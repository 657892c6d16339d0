/** Log-ins: random tokens in a cookie; only their hashes are kept, in the store, so that a restart logs nobody out. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { hashSecret } from '../enrolment/secrets.ts';
import type { Store } from '../store/store.ts';
import type { SessionRow } from './session-operations.ts';

export class Sessions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #byHash = new Map<string, SessionRow>();

  constructor(store: Store, clock: Clock, lifeMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  /** Reads the log-ins that are still good. */
  async load(): Promise<void> {
    for (const row of await this.#store.run('readSessions', { at: this.#clock.now() })) this.#byHash.set(row.tokenHash, row);
  }

  /** A new log-in; resolves with its token (256 random bits, base64url) after the commit. */
  async open(user: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const createdAt = this.#clock.now();
    const row = { tokenHash: hashSecret(token), user, createdAt, expiresAt: createdAt + this.#lifeMs };
    await this.#store.run('openSession', row);
    this.#byHash.set(row.tokenHash, row);
    return token;
  }

  /** Whose token it is, if it is good now. */
  userOf(token: string | undefined): string | undefined {
    if (!token) return undefined;
    const row = this.#byHash.get(hashSecret(token));
    if (!row) return undefined;
    // What ran out is forgotten by `forgetExpired` only, which tells whose views have to end.
    return row.expiresAt > this.#clock.now() ? row.user : undefined;
  }

  /** Ends a log-in. */
  async end(token: string): Promise<void> {
    const tokenHash = hashSecret(token);
    this.#byHash.delete(tokenHash);
    await this.#store.run('endSession', { tokenHash, at: this.#clock.now() });
  }

  /** When the oldest of somebody's good log-ins was made, ms; undefined: there is none. */
  loggedInSince(user: string): number | undefined {
    const now = this.#clock.now();
    const good = [...this.#byHash.values()].filter((row) => row.user === user && row.expiresAt > now);
    return good.length === 0 ? undefined : Math.min(...good.map((row) => row.createdAt));
  }

  /** Whether somebody has a good log-in anywhere. */
  isLoggedIn(user: string): boolean {
    return this.loggedInSince(user) !== undefined;
  }

  /** Forgets what ran out. Returns who is not logged in any more because of it. */
  forgetExpired(): string[] {
    const now = this.#clock.now();
    const ended = [...this.#byHash.values()].filter((row) => row.expiresAt <= now);
    for (const row of ended) this.#byHash.delete(row.tokenHash);
    return [...new Set(ended.map((row) => row.user))].filter((user) => !this.isLoggedIn(user));
  }
}
