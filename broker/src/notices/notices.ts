/**
 * The township's notices. What stands for a box is said to it as one retained state: when it subscribes (or asks, `up/sync`, where it
 * polls), and whenever something was sent, withdrawn or is over. The store keeps it, so that a restart of the centre loses none, and a
 * box that is enrolled later gets what still stands.
 */
import {
  areaContains,
  CodedError,
  makeEvent,
  type NoticeBoard,
  type NoticesTold,
  type NoticeView,
  type NoticeWanted,
  type TownshipNotice,
  topics,
} from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import { areaName, type Directory } from '../enrolment/directory.ts';
import { inTurns, TellingLine } from '../fleet/slices.ts';
import { uuid7 } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { noticeAreas } from './areas.ts';
import type { NoticeRow } from './operations.ts';
import { noticesFor } from './standing.ts';

export interface NoticesOptions {
  store: Pick<Store, 'run'>;
  clock: Clock;
  log: Log;
  directory: Pick<Directory, 'boxes' | 'areas' | 'operators'>;
  config: BrokerConfig['notices'];
  /** Who speaks: the centre's name. */
  from: string;
  /** Boxes that are there now. */
  online(): Iterable<string>;
  /** Whether a box is connected by MQTT: it subscribes, and is told when it does. */
  subscribes(boxId: string): boolean;
  /** `retained`: the box has just subscribed. */
  say(topic: string, payload: unknown, retained: boolean): void;
}

const DAY_MS = 86_400_000;
/** The store could not say what stands now: asked again after so long. */
const AGAIN_MS = 30_000;

export class Notices {
  readonly #o: NoticesOptions;
  /** Those that stand, the newest first. */
  #standing: NoticeRow[] = [];
  #cancelOver: () => void = () => undefined;
  #closed = false;
  /** Boxes that have subscribed and were not told yet. */
  readonly #subscribed = new TellingLine<string>((boxId) => {
    if (this.#o.subscribes(boxId)) this.sayTo(boxId, true);
  });

  constructor(options: NoticesOptions) {
    this.#o = options;
  }

  async load(): Promise<void> {
    await this.#refresh();
    this.#waitForNext();
  }

  close(): void {
    this.#closed = true;
    this.#cancelOver();
    this.#subscribed.clear();
  }

  async board(): Promise<NoticeBoard> {
    const { store, clock, directory, config, from } = this.#o;
    const at = clock.now();
    const rows = await store.run('readNotices', { at });
    return {
      notices: rows.map((row) => this.#view(row, at)),
      areas: await noticeAreas(directory),
      from,
      limits: { title: config.maxTitle, text: config.maxText, standing: config.maxStanding, days: config.maxDays },
    };
  }

  /** Keeps a notice; the boxes concerned are told from then on. Throws BAD_PAYLOAD, ID_CONFLICT, NOTICES_FULL. */
  async send(wanted: NoticeWanted, user: string): Promise<NoticeView> {
    const { store, clock, config, from } = this.#o;
    const at = clock.now();
    await this.#check(wanted, at);
    const { id, area, title, text, until } = wanted;
    const notice = { notice_id: id, area, from_name: from, title, text, at, until, sent_by: user };
    const row = await store.run('sendNotice', { notice, maxStanding: config.maxStanding });
    await this.#follow();
    return this.#view(row, at);
  }

  /** Throws NOTICE_UNKNOWN. */
  async withdraw(id: string, user: string): Promise<NoticeView> {
    const { store, clock } = this.#o;
    const at = clock.now();
    const row = await store.run('withdrawNotice', { id, user, at });
    await this.#follow();
    return this.#view(row, at);
  }

  /** `down/notices` to one box: also when none stands, since one may have been withdrawn while it was away. */
  sayTo(boxId: string, retained: boolean): void {
    const { clock, directory, say } = this.#o;
    const household = directory.boxes.get(boxId)?.household;
    if (!household) return;
    const at = clock.now();
    const data: NoticesTold['data'] = {
      boxId,
      notices: noticesFor(this.#standing, household.area)
        .filter((n) => n.until > at)
        .map(told),
    };
    say(topics.boxDown(boxId, 'notices'), makeEvent('cn.shouwang.box.notices.v1', 'centre', uuid7(at), at, data), retained);
  }

  /** A box has subscribed: it is told in its turn, so that ten thousand that come back at once keep no alarm waiting. */
  subscribed(boxId: string): void {
    if (!this.#closed) this.#subscribed.add(boxId);
  }

  /** A box asks for everything anew. */
  asked(boxId: string): void {
    if (!this.#o.subscribes(boxId)) this.sayTo(boxId, false);
  }

  async #check({ area, title, text, until }: NoticeWanted, at: number): Promise<void> {
    const { config, directory } = this.#o;
    const wrong = (what: string) => new CodedError('BAD_PAYLOAD', what);
    if (title.length > config.maxTitle) throw wrong(`title: at most ${config.maxTitle} characters`);
    if (text.length > config.maxText) throw wrong(`text: at most ${config.maxText} characters`);
    if (until <= at) throw wrong('until: expected a time to come');
    if (until > at + config.maxDays * DAY_MS) throw wrong(`until: at most ${config.maxDays} days from now`);
    if (!(await noticeAreas(directory)).some((known) => known.area === area)) throw wrong('area: nobody is enrolled there');
  }

  /**
   * Takes over what stands now, and tells the boxes for whom that is something else. By what differs, not by what was done: what came to
   * its end while something was sent, or while the store did not answer, is said too. Never throws: what is kept will be said.
   */
  async #follow(): Promise<void> {
    const { clock, log } = this.#o;
    try {
      const areas = await this.#refresh();
      this.#waitForNext();
      // Not waited for: a county's boxes take longer than an operator's request may.
      if (areas.length > 0) this.#tell(areas).catch((error) => log.error({ err: error }, 'boxes could not be told which notices stand'));
    } catch (error) {
      log.warn({ err: error }, 'the store could not say which notices stand');
      this.#cancelOver();
      if (!this.#closed) this.#cancelOver = clock.after(AGAIN_MS, () => void this.#follow());
    }
  }

  async #tell(areas: readonly string[]): Promise<void> {
    const { directory, online } = this.#o;
    await inTurns([...online()], (boxId) => {
      const area = directory.boxes.get(boxId)?.household.area;
      if (!this.#closed && area !== undefined && areas.some((a) => areaContains(a, area))) this.sayTo(boxId, false);
    });
  }

  /** Gives the areas in which something else stands than before. */
  async #refresh(): Promise<string[]> {
    const { store, clock } = this.#o;
    const now = await store.run('standingNotices', { at: clock.now() });
    const before = this.#standing;
    this.#standing = now;
    return [...new Set([...missingIn(now, before), ...missingIn(before, now)].map((n) => n.area))];
  }

  /** Boxes end a notice by their own clock; one whose clock is wrong is told. */
  #waitForNext(): void {
    this.#cancelOver();
    if (this.#closed || this.#standing.length === 0) return;
    const next = Math.min(...this.#standing.map((n) => n.until));
    this.#cancelOver = this.#o.clock.after(next - this.#o.clock.now(), () => this.#timeIsUp());
  }

  #timeIsUp(): void {
    // Timers may be early, and cannot wait for months.
    if (this.#standing.every((n) => n.until > this.#o.clock.now())) this.#waitForNext();
    else void this.#follow();
  }

  #view(row: NoticeRow, at: number): NoticeView {
    const { directory } = this.#o;
    const nameOf = (user: string) => directory.operators.get(user)?.name ?? user;
    const { notice_id: id, area, from_name: from, title, text, at: sentAt, until, withdrawn_at, withdrawn_by } = row;
    return {
      id,
      area,
      areaName: areaName(directory, area),
      from,
      title,
      text,
      at: sentAt,
      until,
      state: withdrawn_at !== null ? 'withdrawn' : until > at ? 'standing' : 'over',
      by: nameOf(row.sent_by),
      withdrawnAt: withdrawn_at ?? undefined,
      withdrawnBy: withdrawn_by === null ? undefined : nameOf(withdrawn_by),
    };
  }
}

function told({ notice_id: id, at, until, from_name: from, title, text }: NoticeRow): TownshipNotice {
  return { id, at, until, from, title, text };
}

/** Of `these`, those that are not among `rows`. */
function missingIn(rows: readonly NoticeRow[], these: readonly NoticeRow[]): NoticeRow[] {
  const ids = new Set(rows.map((n) => n.notice_id));
  return these.filter((n) => !ids.has(n.notice_id));
}
