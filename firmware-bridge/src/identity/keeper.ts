/**
 * Keeps the box's certificate good: shows the one in use, asks for the next when two thirds of its life are over (and for the first, where
 * the box came with a secret), writes it durably before it is used, and goes back to the last good one when the centre refuses the new.
 */
import type { CertificateIssued } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { Faults } from '../faults/register.ts';
import type { KnownTime } from '../known-time.ts';
import { type BackoffSettings, backoff } from '../uplink/backoff.ts';
import { checkIdentity, type Identity, type IdentityFile, type Pending } from './identity-file.ts';
import { makeRequest } from './request.ts';

export interface KeeperDeps {
  boxId: string;
  file: IdentityFile;
  clock: Clock;
  random: () => number;
  newId(now: number): string;
  time: KnownTime;
  faults: Pick<Faults, 'begin' | 'clear'>;
  log: Logger;
  /** `up/renew`. Rejects where it cannot be sent now. */
  ask(pending: Pick<Pending, 'id' | 'csr'>): Promise<void>;
  /** A new certificate is in use from the next connection on. */
  onNew(): void;
}

export interface Keeper {
  /** Never throws. */
  load(): Promise<void>;
  /** What to show to the centre; undefined: the box has none yet. */
  identity(): Identity | undefined;
  /** Connected over TLS, or told the time: now is the time to look whether a new one is due. */
  connected(): void;
  disconnected(): void;
  /** The centre did not let the box in: the next attempt is with the other certificate, where there is one. */
  refused(): void;
  /** `down/certificate`. */
  take(d: CertificateIssued['data']): Promise<void>;
  /** `down/rejected` for a request of ours. Returns whether it was one. */
  rejected(messageId: string, code: string): boolean;
}

/** Of a certificate's life. */
const DUE_AFTER = 2 / 3;
/** The centre's answer takes this long at most; it may have to unlock its key. */
const ANSWER_MS = 30_000;
const AGAIN: BackoffSettings = { minMs: 60_000, maxMs: 6 * 3_600_000 };
/** How often a connected box looks whether it is due. */
const LOOK_MS = 3_600_000;

export function createKeeper(deps: KeeperDeps): Keeper {
  const { boxId, file, clock, log, faults } = deps;
  let current: Identity | undefined;
  let previous: Identity | undefined;
  let pending: Pending | undefined;
  /** The one before is shown, because the centre refuses the new one. */
  let fallenBack = false;
  let online = false;
  let asking = false;
  let failures = 0;
  let timer: Timer | undefined;

  const shown = () => (fallenBack ? previous : current);

  function isDue(): boolean {
    if (!current || fallenBack) return true;
    const now = deps.time.now();
    return now !== undefined && now >= current.notBefore + (current.notAfter - current.notBefore) * DUE_AFTER;
  }

  function lookIn(ms: number): void {
    timer?.cancel();
    timer = clock.after(ms, () => void look());
  }

  async function look(): Promise<void> {
    if (!online) return;
    if (!isDue()) {
      faults.clear('certificate');
      return lookIn(LOOK_MS);
    }
    if (asking) return;
    asking = true;
    timer?.cancel();
    timer = clock.after(ANSWER_MS, () => failed('the centre did not answer'));
    try {
      if (!pending) {
        const made = { id: deps.newId(clock.now()), ...makeRequest(boxId) };
        // Its key must be there when the answer comes, also after a power cut.
        await file.keepPending(made);
        pending = made;
      }
      await deps.ask(pending);
    } catch (error) {
      failed((error as Error).message);
    }
  }

  function failed(why: string): void {
    if (!asking) return;
    asking = false;
    timer?.cancel();
    log.warn({ why, failures }, 'the certificate could not be renewed');
    faults.begin('certificate', why);
    if (online) lookIn(backoff(failures, AGAIN, deps.random));
    failures++;
  }

  return {
    async load() {
      ({ current, previous, pending } = await file.load());
      // Flash that lost the newest file may still have the one before.
      if (!current && previous) ({ current, previous } = { current: previous, previous: undefined });
    },
    identity: shown,
    connected() {
      online = true;
      void look();
    },
    disconnected() {
      online = false;
      asking = false;
      timer?.cancel();
      timer = undefined;
    },
    refused() {
      if (!previous) return;
      fallenBack = !fallenBack;
      log.warn({ fallenBack }, 'the centre refuses this certificate: the other one is tried');
      if (fallenBack) faults.begin('certificate', 'the centre refused the new certificate');
    },
    async take({ requestId, chain }) {
      if (!pending || requestId !== pending.id) return log.warn({ requestId }, 'a certificate that this box did not ask for');
      try {
        const next = checkIdentity(pending.key, chain, boxId);
        const before = shown();
        await file.install(next, before);
        ({ current, previous, pending } = { current: next, previous: before, pending: undefined });
      } catch (error) {
        // The request may be what is wrong: the next one is another.
        pending = undefined;
        return failed((error as Error).message);
      }
      log.info({ notAfter: new Date(current.notAfter).toISOString() }, 'a new certificate');
      fallenBack = false;
      asking = false;
      failures = 0;
      faults.clear('certificate');
      lookIn(LOOK_MS);
      deps.onNew();
    },
    rejected(messageId, code) {
      if (messageId !== pending?.id) return false;
      pending = undefined;
      failed(code);
      return true;
    },
  };
}
