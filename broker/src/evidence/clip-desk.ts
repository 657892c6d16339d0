/**
 * Asks media nodes for the clips of each case: first of the camera that the caller was watching, then of the nearest that the
 * household may watch. A wish is in the store before it is said, and is said again until the node has answered; so it outlives
 * a restart of either side. A silent alarm has its clips like any other: nothing of them is told to a box.
 */
import { asCoded, makeEvent, topics } from '@shouwang/protocol';
import type { Catalogue } from '../cameras/catalogue.ts';
import type { Case } from '../cases/case.ts';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import { type Directory, householdOf } from '../enrolment/directory.ts';
import { uuid7 } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Announced } from '../store/tx.ts';
import type { ClipRow } from './clip-operations.ts';

export interface ClipDeskOptions {
  store: Store;
  clock: Clock;
  log: Log;
  directory: Pick<Directory, 'boxes'>;
  catalogue: Catalogue;
  config: BrokerConfig['evidence'];
  /** Names of the media nodes that are connected. */
  nodes(): string[];
  say(topic: string, payload: unknown): void;
}

const SAY_AGAIN_MS = 20_000;
const EXPIRE_EVERY_MS = 3_600_000;
/** After a restart of the centre, cases of so long ago still get their clips. */
const CAUGHT_UP_MS = 900_000;
const CAUGHT_UP_AT_MOST = 1000;
const DAY_MS = 86_400_000;
/** A press that is said to be longer ago than this, or to come, was told by a wrong clock. */
const LIKELY_AGO_MS = 600_000;
const LIKELY_AHEAD_MS = 5000;
interface Asking {
  c: Case;
  /** When the key was pressed; ms. */
  at: number;
  onlyOnScreen: boolean;
}

/** Case events that ask for clips. */
const ASKING = /\/(opened|strengthened)$/;

export class ClipDesk {
  readonly #o: ClipDeskOptions;
  #queue: Asking[] = [];
  /** Whose clips could not be written down: the store did not answer. */
  #again: Asking[] = [];
  #working = false;
  readonly #cancel = new Map<number, () => void>();
  #closed = false;

  constructor(options: ClipDeskOptions) {
    this.#o = options;
  }

  /** Catches up on cases that a dead centre left without clips, then says what is open, again and again. */
  async start(): Promise<void> {
    const { store, clock } = this.#o;
    const since = clock.now() - CAUGHT_UP_MS;
    for (const c of await store.run('casesWithoutClips', { since, limit: CAUGHT_UP_AT_MOST }))
      this.#queue.push({ c, at: pressOf(c), onlyOnScreen: false });
    void this.#work();
    this.#every(SAY_AGAIN_MS, () => {
      this.#queue.push(...this.#again.splice(0));
      void this.#work();
      return this.sayOpen(this.#o.nodes());
    });
    this.#every(EXPIRE_EVERY_MS, () => this.expire());
    void this.#quietly(() => this.expire());
  }

  /** What was committed: openings and further presses ask for clips. */
  announced(rows: readonly Announced[]): void {
    for (const { topic, case: c, payload } of rows) {
      if (!c || !ASKING.test(topic)) continue;
      const opened = topic.endsWith('/opened');
      const { at } = (JSON.parse(payload) as { data: { at: number } }).data;
      this.#queue.push({ c, at: opened ? pressOf(c) : at, onlyOnScreen: !opened });
    }
    if (this.#queue.length > 0) void this.#work();
  }

  /** Says everything open to these nodes. */
  async sayOpen(nodes: string[]): Promise<void> {
    for (const row of await this.#o.store.run('openClips', { nodes, at: this.#o.clock.now() })) this.say(row);
  }

  /** A node listens from now on: it is told what is open, and what has become of holds while it was away. */
  async nodeListens(node: string): Promise<void> {
    await this.sayOpen([node]);
    for (const row of await this.#o.store.run('heldClips', { node, at: this.#o.clock.now() })) this.say(row);
  }

  /** A hold came or went. */
  async holdsChanged(caseNo: string): Promise<void> {
    for (const row of await this.#o.store.run('keptClips', { caseNo, at: this.#o.clock.now() })) if (row.state !== 'deleted') this.say(row);
  }

  /** Has deleted what was kept long enough and is not held. */
  async expire(): Promise<void> {
    for (;;) {
      const rows = await this.#o.store.run('expireClips', { at: this.#o.clock.now() });
      for (const row of rows) this.say(row);
      if (rows.length === 0) return;
    }
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancel.values()) cancel();
  }

  say({ clipId, caseNo, cameraId, node, from, to, wanted, heldUntil }: ClipRow): void {
    const at = this.#o.clock.now();
    const data = { clipId, caseNo, cameraId, from, to, wanted, ...(heldUntil === undefined ? {} : { heldUntil }) };
    this.#o.say(topics.mediaDown(node, 'clip'), makeEvent('cn.shouwang.media.clip.wanted.v1', 'centre', uuid7(at), at, data));
  }

  /** One case after the other, so that a storm of alarms goes first. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#queue.shift(); next && !this.#closed; next = this.#queue.shift()) await this.#ask(next);
    } finally {
      this.#working = false;
    }
  }

  async #ask(asking: Asking): Promise<void> {
    const { store, clock, log, config } = this.#o;
    const { c, at: pressedAt, onlyOnScreen } = asking;
    const at = clock.now();
    const cameras = this.#cameras(c, onlyOnScreen);
    // In the order of their ids, as they are read: the caller's camera stays the first, also among those of one instant.
    const ids = cameras.map(() => uuid7(at)).sort();
    const clips = cameras.map(({ id, node }, i) => ({ clipId: ids[i]!, cameraId: id, node }));
    if (clips.length === 0) return;
    try {
      const asked = await store.run('planClips', {
        caseNo: c.caseNo,
        from: pressedAt - config.preRollS * 1000,
        to: pressedAt + config.postRollS * 1000,
        clips,
        at,
        keepUntil: at + config.retentionDays * DAY_MS,
        maxOpen: config.maxOpen,
      });
      for (const row of asked) this.say(row);
    } catch (error) {
      log.error({ err: error, caseNo: c.caseNo }, 'clips of a case could not be asked for');
      // What the store cannot take now it takes later; beyond the bound the next start catches up.
      if (asCoded(error).code === 'STORE_UNAVAILABLE' && this.#again.length < CAUGHT_UP_AT_MOST) this.#again.push(asking);
    }
  }

  #cameras(c: Case, onlyOnScreen: boolean): { id: string; node: string }[] {
    const { catalogue, directory, config } = this.#o;
    const seen = c.onScreen && catalogue.get(c.onScreen.cameraId);
    if (onlyOnScreen) return seen ? [seen] : [];
    const household = householdOf(directory, c.boxId, c.area);
    const near = catalogue
      .nearby(c.area, household.position)
      .filter((camera) => camera.id !== seen?.id)
      .slice(0, config.nearest)
      .flatMap((camera) => catalogue.get(camera.id) ?? []);
    return seen ? [seen, ...near] : near;
  }

  #every(ms: number, run: () => Promise<void>): void {
    if (this.#closed) return;
    this.#cancel.set(
      ms,
      this.#o.clock.after(ms, () => void this.#quietly(run).then(() => this.#every(ms, run))),
    );
  }

  async #quietly(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#o.log.warn({ err: error }, 'clips: tried again later');
    }
  }
}

/** When the key was pressed, by the centre's clock; when the alarm came, where the box's clock cannot be believed. ms */
export function pressOf(c: Pick<Case, 'pressedAt' | 'receivedAt' | 'clockSkewMs'>): number {
  const pressed = c.pressedAt - (c.clockSkewMs ?? 0);
  const ago = c.receivedAt - pressed;
  return ago > LIKELY_AGO_MS || ago < -LIKELY_AHEAD_MS ? c.receivedAt : Math.min(pressed, c.receivedAt);
}
