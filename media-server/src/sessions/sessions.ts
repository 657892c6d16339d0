/**
 * Viewer sessions: a grant is exchanged once for a secret that opens one camera until it is not renewed any more, given
 * back, or revoked. Each is one view in the centre's ledger.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CodedError, type GrantClaims, type MediaRevoke, type MediaView } from '@shouwang/protocol';
import type { Cancel, Clock } from '../lib/clock.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { MAX_GRANT_S, SKEW_S } from './verify-grant.ts';

export interface Session {
  /** What the ledger knows it by; says nothing about the secret. */
  viewId: string;
  grantId: string;
  cameraId: string;
  viewer: string;
  /** ms since 1970. */
  expiresAt: number;
  renewedAt: number;
}

type Why = NonNullable<MediaView['data']['why']>;

export interface SessionEvents {
  onStarted(session: Session, at: number): void;
  /** `at`: when somebody was last known to watch. */
  onEnded(session: Session, at: number, why: Why): void;
}

export interface SessionsOptions {
  clock: Clock;
  verify: (token: string) => Promise<GrantClaims>;
  events: SessionEvents;
  /** Grants used in an earlier run, which may not have expired yet: `jti` → when it was used, ms since 1970. */
  usedGrants?: ReadonlyMap<string, number>;
}

export const SESSION_S = 60;
export const RENEW_EVERY_S = 20;
const MAX_SESSIONS = 20_000;
/** Clocks may differ at both ends of a grant's life. */
const REMEMBER_MS = (MAX_GRANT_S + 2 * SKEW_S) * 1000;
const MAX_REVOKED = 10_000;

interface Entry extends Session {
  hash: Buffer;
  cancel: Cancel;
}

export class Sessions {
  readonly #o: SessionsOptions;
  readonly #byHash = new Map<string, Entry>();
  /** `jti` → when it may be forgotten. */
  readonly #used: Map<string, number>;
  /** Of late, oldest first: grants made before are in somebody's pocket still. */
  readonly #revoked: { at: number; viewer: string | undefined; cameraId: string | undefined }[] = [];

  constructor(options: SessionsOptions) {
    this.#o = options;
    this.#used = new Map([...(options.usedGrants ?? [])].map(([jti, at]) => [jti, at + REMEMBER_MS]));
  }

  get size(): number {
    return this.#byHash.size;
  }

  /** Exchanges a grant; gives the secret, which is stored here only as a hash. Throws GRANT_INVALID, GRANT_EXPIRED, GRANT_USED, CAMERA_UNKNOWN (by `known`), OFFLINE. */
  async open(token: string, known: (cameraId: string) => void): Promise<{ secret: string; session: Session }> {
    const claims = await this.#o.verify(token);
    const now = this.#o.clock.now();
    this.#forget(now);
    if (this.#used.has(claims.jti)) throw new CodedError('GRANT_USED');
    if (this.#isRevoked(claims)) throw new CodedError('GRANT_INVALID', 'revoked');
    known(claims.cam);
    if (this.#byHash.size >= MAX_SESSIONS) throw new CodedError('TIMEOUT', 'too many viewers');
    this.#used.set(claims.jti, now + REMEMBER_MS);
    const secret = randomBytes(32).toString('base64url');
    const hash = digest(secret);
    const entry: Entry = {
      viewId: uuid7(now),
      grantId: claims.jti,
      cameraId: claims.cam,
      viewer: claims.sub,
      renewedAt: now,
      expiresAt: now + SESSION_S * 1000,
      hash,
      cancel: () => {},
    };
    this.#byHash.set(hash.toString('hex'), entry);
    this.#arm(entry);
    this.#o.events.onStarted(entry, now);
    return { secret, session: entry };
  }

  /** The session of a secret; with `cameraId`, only if it is for that camera. Throws SESSION_INVALID. */
  check(secret: string | undefined, cameraId?: string): Session {
    return this.#find(secret, cameraId);
  }

  /** Moves the expiry forward. Throws SESSION_INVALID. */
  renew(secret: string | undefined): Session {
    const entry = this.#find(secret);
    entry.renewedAt = this.#o.clock.now();
    entry.expiresAt = entry.renewedAt + SESSION_S * 1000;
    this.#arm(entry);
    return entry;
  }

  /** The viewer says goodbye. Throws SESSION_INVALID. */
  end(secret: string | undefined): void {
    this.#end(this.#find(secret), this.#o.clock.now(), 'closed');
  }

  /** Ends every session that matches all that is given; nothing given matches none. Gives how many. */
  revoke({ grantId, cameraId, viewer }: MediaRevoke['data']): number {
    if (!grantId && !cameraId && !viewer) return 0;
    const now = this.#o.clock.now();
    // A grant revoked before it was used must not be used either.
    if (grantId) this.#used.set(grantId, now + REMEMBER_MS);
    else this.#revoked.push({ at: now, viewer, cameraId });
    this.#forget(now);
    const hit = [...this.#byHash.values()].filter(
      (s) => (!grantId || s.grantId === grantId) && (!cameraId || s.cameraId === cameraId) && (!viewer || s.viewer === viewer),
    );
    for (const s of hit) this.#end(s, now, 'revoked');
    return hit.length;
  }

  /** The node stops: every view ends now. */
  close(): void {
    const now = this.#o.clock.now();
    for (const s of [...this.#byHash.values()]) this.#end(s, now, 'stopped');
  }

  #find(secret: string | undefined, cameraId?: string): Entry {
    const hash = digest(secret ?? '');
    const entry = this.#byHash.get(hash.toString('hex'));
    if (!entry || !timingSafeEqual(entry.hash, hash) || entry.expiresAt <= this.#o.clock.now()) throw new CodedError('SESSION_INVALID');
    if (cameraId !== undefined && entry.cameraId !== cameraId) throw new CodedError('SESSION_INVALID');
    return entry;
  }

  #arm(entry: Entry): void {
    entry.cancel();
    const ms = Math.max(0, entry.expiresAt - this.#o.clock.now());
    entry.cancel = this.#o.clock.after(ms, () => this.#end(entry, entry.renewedAt, 'expired'));
  }

  #end(entry: Entry, at: number, why: Why): void {
    if (!this.#byHash.delete(entry.hash.toString('hex'))) return;
    entry.cancel();
    this.#o.events.onEnded(entry, at, why);
  }

  /** The id of a grant says to the ms when it was made (UUIDv7). */
  #isRevoked({ jti, sub, cam }: GrantClaims): boolean {
    const madeAt = Number.parseInt(jti.replace('-', '').slice(0, 12), 16);
    return this.#revoked.some((r) => madeAt <= r.at && (!r.viewer || r.viewer === sub) && (!r.cameraId || r.cameraId === cam));
  }

  #forget(now: number): void {
    while (this.#revoked.length > MAX_REVOKED || (this.#revoked[0] && this.#revoked[0].at + REMEMBER_MS <= now)) this.#revoked.shift();
    for (const [jti, until] of this.#used) {
      // Insertion order is nearly the order of forgetting.
      if (until > now) break;
      this.#used.delete(jti);
    }
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
