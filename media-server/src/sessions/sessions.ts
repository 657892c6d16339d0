/**
 * Viewer sessions: a grant is exchanged once for a secret that opens one camera until it is not renewed any more, given
 * back, or revoked. Each is one view in the centre's ledger.
 */
import { hash, randomBytes } from 'node:crypto';
import { CodedError, type GrantClaims, MAX_GRANT_S, type MediaRevoke, type MediaView, UNMASKED_S } from '@shouwang/protocol';
import type { Cancel, Clock } from '../lib/clock.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { RefusedError } from './refused.ts';
import { SKEW_S } from './verify-grant.ts';

export interface Session {
  /** What the ledger knows it by; says nothing about the secret. */
  viewId: string;
  grantId: string;
  cameraId: string;
  viewer: string;
  /** What the grant was given for. */
  why: string;
  /** Sees the camera, or the clip, without its masks. */
  unmasked: boolean;
  /** ms since 1970. */
  expiresAt: number;
  renewedAt: number;
  /** Bytes of pictures and sound handed out so far. */
  bytes: number;
}

/** How many sessions there may be at once. */
export interface SessionLimits {
  all: number;
  perCamera: number;
  perViewer: number;
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
  limits?: SessionLimits;
}

export const SESSION_S = 60;
export const RENEW_EVERY_S = 20;
const NO_LIMITS: SessionLimits = { all: 20_000, perCamera: 20_000, perViewer: 20_000 };
/** Ended sessions whose end is remembered, so that who shows one again is told the right thing. */
const MAX_ENDED = 10_000;
/** Clocks may differ at both ends of a grant's life. */
const REMEMBER_MS = (MAX_GRANT_S + 2 * SKEW_S) * 1000;
const MAX_REVOKED = 10_000;
/** What was revoked longer ago concerns no grant that is still good, however wrong this node's clock may be. A node that is back hears of thousands. */
const LONG_AGO_MS = 3_600_000;

interface Entry extends Session {
  hash: string;
  /** It is not renewed beyond, ms since 1970. */
  until: number;
  /** Of its ticket, once one was asked for. */
  ticketHash?: string;
  /** What is still being sent to it, and how to end that. */
  running?: Set<() => void>;
  cancel: Cancel;
}

export class Sessions {
  readonly #o: SessionsOptions;
  readonly #byHash = new Map<string, Entry>();
  readonly #byView = new Map<string, Entry>();
  /** Why, and what for, by hash; oldest first. */
  readonly #ended = new Map<string, { why: Why; grantId: string; cameraId: string }>();
  /** How many there are of a camera, and of a viewer. */
  readonly #counts = new Map<string, number>();
  /** `jti` of grants revoked by their id → when it may be forgotten. */
  readonly #revokedGrants = new Map<string, number>();
  readonly #byTicket = new Map<string, Entry>();
  /** `jti` → when it may be forgotten. */
  readonly #used: Map<string, number>;
  /** Of late, by `revokedKey`, oldest first: grants made before are in somebody's pocket still, until they have expired. */
  readonly #revoked = new Map<string, { saidAt: number; until: number }>();

  constructor(options: SessionsOptions) {
    this.#o = options;
    this.#used = new Map([...(options.usedGrants ?? [])].map(([jti, at]) => [jti, at + REMEMBER_MS]));
  }

  get size(): number {
    return this.#byHash.size;
  }

  /**
   * Exchanges a grant; gives the secret, which is stored here only as a hash. Throws GRANT_INVALID, GRANT_EXPIRED, GRANT_REVOKED,
   * GRANT_USED, CAMERA_UNKNOWN (by `known`), OFFLINE; VIEWER_FULL, CAMERA_FULL or NODE_FULL, after which the grant is still good.
   */
  async open(token: string, known: (cameraId: string) => void): Promise<{ secret: string; session: Session }> {
    const claims = await this.#o.verify(token);
    const now = this.#o.clock.now();
    this.#forget(now);
    const about = { grantId: claims.jti, cameraId: claims.cam };
    if (this.#isRevoked(claims)) throw new RefusedError('GRANT_REVOKED', about);
    if (this.#used.has(claims.jti)) throw new RefusedError('GRANT_USED', about);
    known(claims.cam);
    this.#admit(claims);
    this.#used.set(claims.jti, now + REMEMBER_MS);
    const secret = randomBytes(32).toString('base64url');
    const digest = digestOf(secret);
    const entry: Entry = {
      viewId: uuid7(now),
      grantId: claims.jti,
      cameraId: claims.cam,
      viewer: claims.sub,
      why: claims.why,
      unmasked: claims.unmasked === true,
      until: claims.unmasked === true ? now + UNMASKED_S * 1000 : Number.POSITIVE_INFINITY,
      renewedAt: now,
      expiresAt: now + SESSION_S * 1000,
      bytes: 0,
      hash: digest,
      cancel: () => {},
    };
    this.#byHash.set(digest, entry);
    this.#byView.set(entry.viewId, entry);
    this.#count(entry, 1);
    this.#arm(entry);
    this.#o.events.onStarted(entry, now);
    return { secret, session: entry };
  }

  /**
   * The session of a secret; with `cameraId`, only if it is for that camera. Throws SESSION_MISSING, SESSION_INVALID,
   * SESSION_EXPIRED, GRANT_REVOKED, CAMERA_NOT_GRANTED.
   */
  check(secret: string | undefined, cameraId?: string): Session {
    return this.#find(secret, cameraId);
  }

  /** So many bytes went to this view. One that has ended counts no more. */
  count(viewId: string, bytes: number): void {
    const entry = this.#byView.get(viewId);
    if (entry) entry.bytes += bytes;
  }

  /** `end` is called should the view be revoked before the sending of something long is over, which what this gives says. */
  sending(viewId: string, end: () => void): () => void {
    const entry = this.#byView.get(viewId);
    if (!entry) return () => {};
    entry.running ??= new Set();
    entry.running.add(end);
    return () => entry.running?.delete(end);
  }

  /**
   * A secret that fetches pictures and can do nothing else, for clients that put it into addresses or cookies; it ends with its session, or
   * with the next ticket. Throws as `check`.
   */
  ticket(secret: string | undefined): { ticket: string; cameraId: string } {
    const entry = this.#find(secret);
    if (entry.ticketHash) this.#byTicket.delete(entry.ticketHash);
    const ticket = randomBytes(24).toString('base64url');
    entry.ticketHash = digestOf(ticket);
    this.#byTicket.set(entry.ticketHash, entry);
    return { ticket, cameraId: entry.cameraId };
  }

  /** The session of a ticket, if it is for that camera. Throws as `check`. */
  checkTicket(ticket: string | undefined, cameraId: string): Session {
    if (ticket === undefined) throw new CodedError('SESSION_MISSING');
    const digest = digestOf(ticket);
    const entry = this.#byTicket.get(digest);
    if (!entry) throw this.#whyNot(digest);
    return this.#good(entry, cameraId);
  }

  /** Moves the expiry forward; without masks to the end of the time that a reason is good for. Throws as `check`. */
  renew(secret: string | undefined): Session {
    const entry = this.#find(secret);
    entry.renewedAt = this.#o.clock.now();
    entry.expiresAt = Math.min(entry.until, entry.renewedAt + SESSION_S * 1000);
    this.#arm(entry);
    return entry;
  }

  /** The viewer says goodbye. Throws as `check`. */
  end(secret: string | undefined): void {
    this.#end(this.#find(secret), this.#o.clock.now(), 'closed');
  }

  /**
   * Ends every session that matches all that is given, and whose grant is not younger than `saidAt`: when the centre said so first, by its clock,
   * as grants are dated. Nothing given matches none. Gives how many.
   */
  revoke({ grantId, cameraId, viewer }: MediaRevoke['data'], saidAt: number): number {
    if (!grantId && !cameraId && !viewer) return 0;
    const now = this.#o.clock.now();
    // A grant revoked before it was used must not be used either.
    if (grantId) this.#revokedGrants.set(grantId, now + REMEMBER_MS);
    else if (saidAt > now - LONG_AGO_MS) this.#keepRevoked(revokedKey(viewer, cameraId), saidAt, now);
    this.#forget(now);
    if (viewer && !this.#counts.has(`viewer ${viewer}`)) return 0;
    const hit = [...this.#byHash.values()].filter(
      (s) =>
        (!cameraId || s.cameraId === cameraId) &&
        (!viewer || s.viewer === viewer) &&
        (grantId ? s.grantId === grantId : grantMadeAt(s.grantId) <= saidAt),
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
    if (secret === undefined) throw new CodedError('SESSION_MISSING');
    const digest = digestOf(secret);
    const entry = this.#byHash.get(digest);
    if (!entry) throw this.#whyNot(digest);
    return this.#good(entry, cameraId);
  }

  #good(entry: Entry, cameraId: string | undefined): Entry {
    if (entry.expiresAt <= this.#o.clock.now()) throw new RefusedError('SESSION_EXPIRED', entry);
    if (cameraId !== undefined && entry.cameraId !== cameraId) throw new RefusedError('CAMERA_NOT_GRANTED', { grantId: entry.grantId });
    return entry;
  }

  #whyNot(hash: string): CodedError {
    const ended = this.#ended.get(hash);
    if (ended?.why === 'revoked') return new RefusedError('GRANT_REVOKED', ended);
    if (ended?.why === 'expired') return new RefusedError('SESSION_EXPIRED', ended);
    return ended ? new RefusedError('SESSION_INVALID', ended) : new CodedError('SESSION_INVALID');
  }

  /** Whoever would be one too many learns which limit it is. */
  #admit({ sub, cam, jti }: GrantClaims): void {
    const { all, perCamera, perViewer } = this.#o.limits ?? NO_LIMITS;
    if (this.#byHash.size >= all) throw new CodedError('NODE_FULL');
    if ((this.#counts.get(`camera ${cam}`) ?? 0) >= perCamera) throw new CodedError('CAMERA_FULL');
    if ((this.#counts.get(`viewer ${sub}`) ?? 0) >= perViewer) throw new RefusedError('VIEWER_FULL', { grantId: jti, cameraId: cam });
  }

  #count({ cameraId, viewer }: Session, by: 1 | -1): void {
    for (const key of [`camera ${cameraId}`, `viewer ${viewer}`]) {
      const now = (this.#counts.get(key) ?? 0) + by;
      if (now > 0) this.#counts.set(key, now);
      else this.#counts.delete(key);
    }
  }

  #arm(entry: Entry): void {
    entry.cancel();
    const ms = Math.max(0, entry.expiresAt - this.#o.clock.now());
    entry.cancel = this.#o.clock.after(ms, () => this.#end(entry, entry.renewedAt, 'expired'));
  }

  #end(entry: Entry, at: number, why: Why): void {
    if (!this.#byHash.delete(entry.hash)) return;
    entry.cancel();
    this.#count(entry, -1);
    this.#remember(entry.hash, entry, why);
    if (entry.ticketHash && this.#byTicket.delete(entry.ticketHash)) this.#remember(entry.ticketHash, entry, why);
    if (why === 'revoked') for (const stop of [...(entry.running ?? [])]) stop();
    // Whoever hears of it may still count what the view had.
    this.#o.events.onEnded(entry, at, why);
    this.#byView.delete(entry.viewId);
  }

  #remember(hash: string, { grantId, cameraId }: Entry, why: Why): void {
    this.#ended.set(hash, { why, grantId, cameraId });
    const oldest = this.#ended.keys().next();
    if (this.#ended.size > MAX_ENDED && !oldest.done) this.#ended.delete(oldest.value);
  }

  #isRevoked({ jti, sub, cam }: GrantClaims): boolean {
    if (this.#revokedGrants.has(jti)) return true;
    const madeAt = grantMadeAt(jti);
    const keys = [revokedKey(sub, undefined), revokedKey(undefined, cam), revokedKey(sub, cam)];
    return keys.some((key) => madeAt <= (this.#revoked.get(key)?.saidAt ?? 0));
  }

  #keepRevoked(key: string, saidAt: number, now: number): void {
    const latest = Math.max(saidAt, this.#revoked.get(key)?.saidAt ?? 0);
    this.#revoked.delete(key);
    this.#revoked.set(key, { saidAt: latest, until: now + REMEMBER_MS });
  }

  #forget(now: number): void {
    for (const [key, { until }] of this.#revoked) {
      if (this.#revoked.size <= MAX_REVOKED && until > now) break;
      this.#revoked.delete(key);
    }
    for (const list of [this.#used, this.#revokedGrants])
      for (const [jti, until] of list) {
        // Insertion order is nearly the order of forgetting.
        if (until > now) break;
        list.delete(jti);
      }
  }
}

/** The id of a grant says to the ms when it was made (UUIDv7, RFC 9562, 5.7), by the centre's clock. */
export function grantMadeAt(grantId: string): number {
  return Number.parseInt(grantId.replace('-', '').slice(0, 12), 16);
}

/** Nobody's id has a space in it. */
function revokedKey(viewer: string | undefined, cameraId: string | undefined): string {
  return `${viewer ?? ''} ${cameraId ?? ''}`;
}

/** Secrets are looked for by this, in hex: how long the search takes says nothing about them. */
function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
