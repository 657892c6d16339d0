/**
 * The registry of boxes at run time. A change is committed first, then everybody's view of it changes, then the box concerned is cut
 * off where it may not be there any more.
 */
import { randomBytes } from 'node:crypto';
import { asCoded, CodedError, type EnrolmentDone, type RefusedEntry } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { type BoxWrite, endsViews, NO_SECRET } from './box-operations.ts';
import { type AskedBox, checkBoxes, type GoodBox } from './check-boxes.ts';
import type { BoxEntry, Directory } from './directory.ts';
import { hashSecret } from './secrets.ts';

/** Boxes of one enrolment at most. */
export const BOXES_AT_ONCE = 20_000;
/** Boxes of one transaction: an alarm waits behind one of these at most. */
const BATCH = 250;

export interface RegistryOptions {
  store: Pick<Store, 'run'>;
  directory: Pick<Directory, 'boxes'>;
  clock: Clock;
  /** When views that end now are said to have ended, ms. */
  revocationDate(): number;
  /** Closes the box's connection, if there is one. */
  cut(boxId: string): void;
  /** Ends the box's running views. */
  endViews(boxId: string): void;
  /** A box stands in another area from now on. */
  moved(boxId: string): void;
}

export interface NewSecret {
  boxId: string;
  secretHash: string;
  /** Somebody may have watched with what it had before. */
  endsViews: boolean;
}

export interface EnrolOptions {
  /** `operator:NAME` or `local`. */
  by: string;
  /** Takes what can be taken, and refuses the rest. */
  partial: boolean;
  /** Makes a random secret for each new box that comes without one. */
  makeSecrets: boolean;
}

export type EnrolmentOutcome = { applied: true; done: EnrolmentDone } | { applied: false; refused: RefusedEntry[] };

export class Registry {
  readonly #o: RegistryOptions;
  /** One change at a time: what was checked still holds when it is committed. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RegistryOptions) {
    this.#o = options;
  }

  /**
   * Enrols and changes boxes. `unreadable` are entries that could not even be read. Throws TOO_LARGE, and STORE_UNAVAILABLE where nothing
   * could be written; what could not be written after a part was is refused, entry by entry, and can be enrolled again.
   */
  enrol(asked: AskedBox[], unreadable: RefusedEntry[], options: EnrolOptions): Promise<EnrolmentOutcome> {
    return this.#inTurn(async () => {
      if (asked.length > BOXES_AT_ONCE) throw new CodedError('TOO_LARGE', `at most ${BOXES_AT_ONCE} boxes at once`);
      const { good, refused: wrong } = checkBoxes(asked, this.#o.directory.boxes);
      const refused = [...unreadable, ...wrong].sort((a, b) => a.line - b.line);
      if (refused.length > 0 && !options.partial) return { applied: false, refused };
      const done: EnrolmentDone = { enrolled: 0, changed: 0, unchanged: 0, refused, secrets: [] };
      for (let at = 0; at < good.length; at += BATCH) {
        try {
          await this.#apply(good.slice(at, at + BATCH), options, done);
        } catch (error) {
          if (at === 0) throw error;
          // The secrets made so far are said here or never.
          const reason = `${asCoded(error).code}: 没有写入，请再导入一次 / not written: enrol it again`;
          refused.push(...good.slice(at).map(({ line, box }) => ({ line, boxId: box.boxId, reason })));
          refused.sort((a, b) => a.line - b.line);
          break;
        }
      }
      return { applied: true, done };
    });
  }

  /** Refuses a box from now on and closes its connection. Throws NOT_FOUND. */
  revoke(boxId: string, by: string): Promise<BoxEntry> {
    return this.#setRevoked(boxId, true, by);
  }

  /** Takes a revocation back. Throws NOT_FOUND. */
  reinstate(boxId: string, by: string): Promise<BoxEntry> {
    return this.#setRevoked(boxId, false, by);
  }

  /** A box has a new secret by what `commit` does; gives the box's id, or undefined when `commit` found none. */
  newSecret(commit: (viewsEndedAt: number) => Promise<NewSecret | undefined>): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const { directory, revocationDate, cut, endViews } = this.#o;
      const done = await commit(revocationDate());
      const entry = done && directory.boxes.get(done.boxId);
      if (!done || !entry) return undefined;
      const { boxId, secretHash, endsViews } = done;
      directory.boxes.set(boxId, { ...entry, secretHash, ...(endsViews ? { viewsEndedAt: revocationDate() } : {}) });
      cut(boxId);
      if (endsViews) endViews(boxId);
      return boxId;
    });
  }

  /** Writes one batch and adds what became of it to `done`. Throws STORE_UNAVAILABLE: nothing of the batch is written. */
  async #apply(boxes: GoodBox[], { by, makeSecrets }: EnrolOptions, done: EnrolmentDone): Promise<void> {
    const { store, directory, clock, revocationDate } = this.#o;
    const secrets: EnrolmentDone['secrets'] = [];
    const writes = boxes.map(({ box: { secret: given, ...household } }): BoxWrite => {
      const { boxId } = household;
      const made = given === undefined && makeSecrets && !directory.boxes.has(boxId) ? randomBytes(32).toString('base64url') : undefined;
      if (made) secrets.push({ boxId, secret: made });
      const secret = given ?? made;
      return { household, secretHash: secret === undefined ? undefined : hashSecret(secret) };
    });
    const changes = writes.map((w) => changeOf(directory.boxes.get(w.household.boxId), w));
    const changed = writes.filter((_, i) => changes[i] !== 'unchanged');
    await store.run('writeBoxes', { boxes: changed, by, at: clock.now(), viewsEndedAt: revocationDate() });
    for (const [i, write] of writes.entries()) if (changes[i] !== 'unchanged') this.#takeOver(write);
    for (const change of changes) done[change]++;
    done.secrets.push(...secrets);
  }

  /** The committed state becomes everybody's. */
  #takeOver({ household, secretHash }: BoxWrite): void {
    const { directory, revocationDate, cut, endViews, moved } = this.#o;
    const { boxId } = household;
    const before = directory.boxes.get(boxId);
    const position = household.position;
    const next = { area: household.area, secretHash: secretHash ?? before?.secretHash ?? NO_SECRET };
    const ends = before !== undefined && endsViews({ area: before.household.area, secretHash: before.secretHash }, next);
    // Whoever is connected came with the old secret; and what a household may watch depends on where it lives.
    const changed = before !== undefined && next.secretHash !== before.secretHash;
    const hasMoved = before !== undefined && household.area !== before.household.area;
    directory.boxes.set(boxId, {
      ...before,
      household: { ...before?.household, ...household, position },
      secretHash: next.secretHash,
      revoked: before?.revoked ?? false,
      viewsEndedAt: ends ? revocationDate() : before?.viewsEndedAt,
    });
    if (changed) cut(boxId);
    if (ends) endViews(boxId);
    if (hasMoved) moved(boxId);
  }

  #setRevoked(boxId: string, revoked: boolean, by: string): Promise<BoxEntry> {
    return this.#inTurn(async () => {
      const { store, directory, clock, revocationDate, cut, endViews } = this.#o;
      await store.run('setBoxRevoked', { boxId, revoked, by, at: clock.now(), viewsEndedAt: revocationDate() });
      // The entry of now, not of before the commit: another part may have changed it meanwhile.
      const entry = directory.boxes.get(boxId);
      if (!entry) throw new CodedError('NOT_FOUND', `box ${boxId} is not enrolled`);
      const next = { ...entry, revoked, ...(revoked ? { viewsEndedAt: revocationDate() } : {}) };
      directory.boxes.set(boxId, next);
      if (revoked) {
        cut(boxId);
        endViews(boxId);
      }
      return next;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

type Change = 'enrolled' | 'changed' | 'unchanged';

function changeOf(before: BoxEntry | undefined, { household: h, secretHash }: BoxWrite): Change {
  if (!before) return 'enrolled';
  const b = before.household;
  const same =
    (secretHash === undefined || secretHash === before.secretHash) &&
    (['name', 'address', 'phone', 'area'] as const).every((key) => b[key] === h[key]) &&
    b.position?.lat === h.position?.lat &&
    b.position?.lon === h.position?.lon;
  return same ? 'unchanged' : 'changed';
}
