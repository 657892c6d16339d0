/**
 * Activation codes: how a box that can hold no key of its own gets its secret. The centre makes eight digits for one enrolled box, the
 * engineer types them on that box's remote, and the page has them exchanged for a random secret, once. The centre keeps neither: of the
 * code an HMAC under a key that is not in the database (eight digits alone are guessed from a plain hash in seconds), of the secret its hash.
 */
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { type ActivationIssued, asCoded, type BoxActivated, type BoxReported, CodedError, type ErrorCode } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Registry } from '../enrolment/registry.ts';
import { hashSecret } from '../enrolment/secrets.ts';
import { Attempts } from '../http/attempts.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

export interface ActivationOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** The HMAC's key. */
  key: string;
  validMs: number;
  /** Commits a new secret of a box and makes it everybody's. */
  newSecret: Registry['newSecret'];
  /** A box comes with its new secret from now on. */
  activated(boxId: string): void;
  refused(refusal: { client: string; code: ErrorCode; reason: string }): void;
}

/** In a minute: wrong codes from one address, and attempts in all. */
const WRONG_FROM_ONE = 5;
const ATTEMPTS_IN_ALL = 30;
/** So many wrong codes from anywhere, and every code open at that time is void: a guesser has one chance in two million for each. */
export const WRONG_VOIDS = 50;

export class Activation {
  readonly #o: ActivationOptions;
  readonly #fromOne: Attempts;
  readonly #inAll: Attempts;

  constructor(options: ActivationOptions) {
    this.#o = options;
    this.#fromOne = new Attempts(options.clock, WRONG_FROM_ONE);
    this.#inAll = new Attempts(options.clock, ATTEMPTS_IN_ALL);
  }

  /** Makes a code. An earlier one of the box is void. `by`: `operator:NAME` or `local`. Throws NOT_FOUND, BOX_REVOKED, STORE_UNAVAILABLE. */
  async issue(boxId: string, by: string): Promise<ActivationIssued> {
    const { store, clock, validMs } = this.#o;
    for (;;) {
      const code = String(randomInt(100_000_000)).padStart(8, '0');
      const at = clock.now();
      const expiresAt = at + validMs;
      try {
        await store.run('issueActivation', { boxId, codeHash: this.#hash(code), by, at, expiresAt, attempts: WRONG_VOIDS });
        return { boxId, code, expiresAt };
      } catch (error) {
        // Another box's open code by chance.
        if (asCoded(error).code !== 'ID_CONFLICT') throw error;
      }
    }
  }

  /** Exchanges a code for the box's secret. `address` is whose attempt it is. Throws ACTIVATION_INVALID, TOO_MANY, STORE_UNAVAILABLE. */
  async activate(code: string, reported: BoxReported, address: string): Promise<BoxActivated> {
    const { store, clock, log, newSecret, refused } = this.#o;
    if (this.#fromOne.tooMany(address) || this.#inAll.tooMany('')) throw new CodedError('TOO_MANY');
    // Counted before the answer is known: many at once must not slip through.
    this.#fromOne.failed(address);
    this.#inAll.failed('');
    const secret = randomBytes(32).toString('base64url');
    const use = { codeHash: this.#hash(code), secretHash: hashSecret(secret), reported, at: clock.now() };
    const boxId = await newSecret((viewsEndedAt) => store.run('useActivation', { ...use, viewsEndedAt }));
    if (boxId === undefined) {
      refused({ client: `activation ${address}`, code: 'ACTIVATION_INVALID', reason: 'wrong, used, or too old' });
      throw new CodedError('ACTIVATION_INVALID');
    }
    this.#fromOne.succeeded(address);
    this.#o.activated(boxId);
    log.info({ boxId, middleware: reported.middleware }, 'a box was activated');
    return { boxId, secret };
  }

  /** The search for a code compares these, of which nobody outside can know a single bit: how long it takes says nothing. */
  #hash(code: string): string {
    return createHmac('sha256', this.#o.key).update(code).digest('hex');
  }
}
