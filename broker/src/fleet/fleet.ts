/**
 * The fleet: who is heard, what is broken, whose address is in doubt, and which work orders that makes. Everything is in
 * memory; what changed goes to the store in batches. A heartbeat that brings nothing new costs the store nothing.
 */
import type { BoxStatus, FaultReported, TroubleKind } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { Liveness } from './liveness.ts';
import { OrderBook } from './order-book.ts';
import { type BoxRecord, faultsOf, newRecord, recordOf, rowOf, takeFault, takeHealth, takeNeighbourhood } from './records.ts';
import { first, visitInSlices } from './slices.ts';
import { isOverdue, overdueTests, type TestSettings } from './tests-due.ts';

export interface FleetSettings extends TestSettings {
  suspectAfterMs: number;
  offlineAfterMs: number;
  /** Offline for so long: a work order. */
  orderAfterMs: number;
  graceMs: number;
  /** Well for so long: its orders close. */
  wellForMs: number;
  /** An order that closed so short a time ago opens again instead of a new one. */
  reopenWithinMs: number;
}

export interface FleetOptions {
  store: Store;
  clock: Clock;
  log: Log;
  directory: Pick<Directory, 'boxes'>;
  settings: FleetSettings;
  /** The mark 地址待核实 of a household came or went. */
  onDoubt(boxId: string, since: number | undefined): void;
}

const TICK_MS = 1000;
/** Rows of one transaction, and orders, which cost a hundred times as much each: an alarm waits behind one of these at most. */
const BATCH = 500;
const ORDERS = 50;
/** Batches in one go; the rest with the next tick. */
const BATCHES = 8;
/** The time at which a box that is merely well was last heard is written so often. */
const HEARD_KEPT_MS = 3_600_000;

export class Fleet {
  readonly #o: FleetOptions;
  readonly #records = new Map<string, BoxRecord>();
  readonly #liveness: Liveness;
  readonly #orders: OrderBook;
  /** Offline, and no order yet, longest ago first. */
  readonly #dead = new Set<string>();
  /** Not yet in the store. */
  readonly #dirty = new Set<string>();
  /** `heard_at` as the store has it. */
  readonly #heardKept = new Map<string, number>();
  #cancelTick: (() => void) | undefined;
  #sweptAge = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> | undefined;
  #closed = false;
  readonly #tickMs: number;

  constructor(options: FleetOptions) {
    this.#o = options;
    const { suspectAfterMs, offlineAfterMs, graceMs, wellForMs } = options.settings;
    this.#tickMs = Math.min(TICK_MS, Math.max(20, suspectAfterMs / 10));
    this.#liveness = new Liveness({ suspectAfterMs, offlineAfterMs, graceMs, tickMs: this.#tickMs }, options.clock.now());
    this.#orders = new OrderBook(wellForMs);
  }

  /** Takes over what was known before the last end. Throws STORE_UNAVAILABLE. */
  async load(): Promise<void> {
    const { boxes, orders, tests } = await this.#o.store.run('readFleet', undefined);
    for (const order of orders) this.#orders.restore(order, this.#liveness.age);
    const dead = new Set(orders.filter((o) => o.kind === 'offline').map((o) => o.boxId));
    for (const row of boxes) {
      const record = recordOf(row);
      this.#records.set(row.box_id, record);
      this.#heardKept.set(row.box_id, record.heardAt);
      this.#liveness.restore(row.box_id, record.presence);
      if (record.presence === 'offline' && !dead.has(row.box_id)) this.#dead.add(row.box_id);
      if (record.presence === 'offline' && dead.has(row.box_id)) this.#want(row.box_id, 'offline', record.since);
      for (const f of faultsOf(record)) this.#want(row.box_id, f.kind, f.since, f.detail);
    }
    for (const t of tests) this.#noteTest(t.boxId, t.by, t.at);
    // A test that was overdue still is, until it is made: also of a box that is away now.
    for (const { boxId, kind, since } of orders) {
      const record = this.#records.get(boxId);
      if (!record || (kind !== 'self-test' && kind !== 'person-test')) continue;
      if (!isOverdue(record, kind, this.#o.settings, this.#o.clock.now())) continue;
      record.overdue[kind] = since;
      this.#want(boxId, kind, since);
    }
  }

  start(): void {
    if (this.#closed) return;
    this.#cancelTick = this.#o.clock.after(this.#tickMs, () => {
      this.#tick();
      this.start();
    });
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    await this.#saving;
    for (let n = 0; n < BATCHES && this.#dirty.size > 0; n++) if (!(await this.#saveBatch())) return;
  }

  /** A retained status of a box: its heartbeat, or its last will. */
  status(boxId: string, status: BoxStatus): void {
    // A will was written before the fact, and a goodbye may be a plug pulled at bedtime: both show as missing heartbeats.
    if (!status.online) return;
    const at = this.#o.clock.now();
    const record = this.heard(boxId);
    let changed = record.version !== status.version;
    record.version = status.version;
    if (status.health && takeHealth(record, status.health, at)) {
      changed = true;
      this.#faultsChanged(boxId, record);
    }
    const stands = takeNeighbourhood(record, status.neighbourhood, at);
    if (stands === 'moved') {
      this.#o.log.warn({ boxId }, 'a box stands in another network neighbourhood: its address is in doubt');
      this.#o.onDoubt(boxId, at);
    }
    if (changed || stands !== 'same') this.#dirty.add(boxId);
  }

  /** Anything at all came from a box. */
  heard(boxId: string): BoxRecord {
    const at = this.#o.clock.now();
    let record = this.#records.get(boxId);
    if (!record) {
      record = newRecord(at);
      this.#records.set(boxId, record);
      this.#dirty.add(boxId);
    }
    record.heardAt = at;
    this.#liveness.heard(boxId);
    if (record.presence !== 'online') {
      this.#becomes(boxId, record, 'online', at);
      this.#dead.delete(boxId);
      this.#orders.unwant(boxId, 'offline', this.#liveness.age);
    }
    return record;
  }

  /** An `up/fault`. */
  fault(boxId: string, { fault, detail, cleared }: FaultReported['data']): void {
    const record = this.heard(boxId);
    if (!takeFault(record, fault, this.#o.clock.now(), detail, cleared === true)) return;
    this.#dirty.add(boxId);
    this.#faultsChanged(boxId, record);
  }

  /** A test of a box is committed. */
  tested(boxId: string, by: 'self' | 'person', at: number): void {
    this.heard(boxId);
    this.#noteTest(boxId, by, at);
  }

  recordOf(boxId: string): Readonly<BoxRecord> | undefined {
    return this.#records.get(boxId);
  }

  /** Since when the household's address is in doubt. */
  doubtSince(boxId: string): number | undefined {
    return this.#records.get(boxId)?.doubtSince;
  }

  /** A person says that the address is right: where the box stands now is the new baseline. Throws BOX_UNKNOWN, STORE_UNAVAILABLE. */
  async confirmAddress(boxId: string, user: string): Promise<void> {
    const record = this.#records.get(boxId);
    if (!this.#o.directory.boxes.has(boxId)) throw new CodedError('BOX_UNKNOWN');
    if (!record || record.doubtSince === undefined) return;
    const baseline = record.neighbourhood;
    const at = this.#o.clock.now();
    const row = rowOf(boxId, { ...record, baseline, doubtSince: undefined });
    await this.#o.store.run('confirmAddress', { row, doubtSince: record.doubtSince, user, at });
    record.baseline = baseline;
    // It may have been carried on while the store was writing.
    record.doubtSince = record.neighbourhood === baseline ? undefined : at;
    // A batch may have written the old mark in between.
    this.#dirty.add(boxId);
    this.#o.onDoubt(boxId, record.doubtSince);
  }

  #noteTest(boxId: string, by: 'self' | 'person', at: number): void {
    const record = this.#records.get(boxId);
    if (!record) return;
    if (by === 'self') record.selfTestAt = Math.max(record.selfTestAt ?? 0, at);
    else record.personTestAt = Math.max(record.personTestAt ?? 0, at);
    const kind = by === 'self' ? 'self-test' : 'person-test';
    if (record.overdue[kind] === undefined) return;
    delete record.overdue[kind];
    this.#orders.unwant(boxId, kind, this.#liveness.age);
  }

  #becomes(boxId: string, record: BoxRecord, presence: BoxRecord['presence'], at: number): void {
    record.presence = presence;
    record.since = at;
    this.#dirty.add(boxId);
  }

  #want(boxId: string, kind: TroubleKind, since: number, detail?: string): void {
    const box = this.#o.directory.boxes.get(boxId);
    if (!box || box.revoked) return;
    this.#orders.want({ boxId, area: box.household.area, kind, since, detail });
  }

  #faultsChanged(boxId: string, record: BoxRecord): void {
    const now = faultsOf(record);
    for (const f of now) this.#want(boxId, f.kind, f.since, f.detail);
    this.#orders.unwantOthers(boxId, ['offline', ...now.map((f) => f.kind)], this.#liveness.age);
  }

  #tick(): void {
    const at = this.#o.clock.now();
    const { suspect, offline } = this.#liveness.look(at);
    for (const [list, presence] of [
      [suspect, 'suspect'],
      [offline, 'offline'],
    ] as const)
      for (const boxId of list) {
        const record = this.#records.get(boxId);
        if (record) this.#becomes(boxId, record, presence, at);
        if (presence === 'offline') this.#dead.add(boxId);
      }
    if (suspect.length > 0) this.#o.log.warn({ boxes: suspect.length, first: suspect[0] }, 'boxes are not heard');
    if (this.#liveness.settled) this.#orderForTheDead(at);
    if (this.#liveness.settled && this.#liveness.age - this.#sweptAge >= this.#o.settings.sweepMs) this.#sweep(at);
    this.#orders.look(this.#liveness.age);
    this.#save();
  }

  #orderForTheDead(at: number): void {
    for (const boxId of this.#dead) {
      const record = this.#records.get(boxId);
      if (record && at - record.since < this.#o.settings.orderAfterMs - this.#o.settings.offlineAfterMs) return;
      this.#dead.delete(boxId);
      if (record) this.#want(boxId, 'offline', record.heardAt);
    }
  }

  #sweep(at: number): void {
    this.#sweptAge = this.#liveness.age;
    void visitInSlices(this.#records, ([boxId, record]) => {
      const box = this.#o.directory.boxes.get(boxId);
      if (!box || box.revoked) {
        // Nobody goes to a box that is out of service.
        this.#orders.unwantOthers(boxId, [], this.#liveness.age);
        return;
      }
      // It was revoked when its time came, and was reinstated since.
      if (record.presence === 'offline' && !this.#orders.openOf(boxId).includes('offline')) this.#dead.add(boxId);
      const overdue = overdueTests(record, this.#o.settings, at);
      for (const kind of ['self-test', 'person-test'] as const) {
        if (!overdue.includes(kind) || record.overdue[kind] !== undefined) continue;
        record.overdue[kind] = at;
        this.#want(boxId, kind, at);
      }
      if (record.heardAt - (this.#heardKept.get(boxId) ?? 0) >= HEARD_KEPT_MS) this.#dirty.add(boxId);
    });
  }

  #save(): void {
    if (this.#saving) return;
    this.#saving = (async () => {
      for (let n = 0; n < BATCHES; n++) if (!(await this.#saveBatch())) return;
    })().finally(() => {
      this.#saving = undefined;
    });
  }

  /** Writes one batch. Returns whether there may be more. Never throws. */
  async #saveBatch(): Promise<boolean> {
    const boxIds = [...first(this.#dirty, BATCH)];
    const orders = this.#orders.untold(ORDERS);
    if (boxIds.length + orders.open.length + orders.close.length === 0) return false;
    for (const boxId of boxIds) this.#dirty.delete(boxId);
    const rows = boxIds.map((boxId) => rowOf(boxId, this.#records.get(boxId)!));
    const { clock, store, log, settings } = this.#o;
    try {
      await store.run('saveFleet', { rows, ...orders, reopenWithinMs: settings.reopenWithinMs, at: clock.now() });
    } catch (error) {
      log.warn({ err: error }, 'the state of the fleet could not be written, tried again');
      for (const boxId of boxIds) this.#dirty.add(boxId);
      this.#orders.told(orders, false);
      return false;
    }
    this.#orders.told(orders, true);
    for (const row of rows) this.#heardKept.set(row.box_id, row.heard_at);
    return true;
  }
}
