/** What the centre knows about one box's well-being, in memory and as a row. */
import type { BoxStatus, FaultKind, FleetFault, TroubleKind } from '@shouwang/protocol';

export type Health = NonNullable<BoxStatus['health']>;

export interface BoxRecord {
  presence: 'online' | 'suspect' | 'offline';
  /** Since when it is so. ms */
  since: number;
  firstSeenAt: number;
  heardAt: number;
  version?: string | undefined;
  health?: Health | undefined;
  /** What the box says is broken. */
  faults: Partial<Record<FaultKind, { since: number; detail?: string | undefined }>>;
  /** Tests that are overdue, since when. */
  overdue: Partial<Record<'self-test' | 'person-test', number>>;
  /** Where it stood when it was first seen, or when a person last confirmed its address. */
  baseline?: string | undefined;
  /** Where it stands now. */
  neighbourhood?: string | undefined;
  /** 地址待核实 since. ms */
  doubtSince?: number | undefined;
  selfTestAt?: number | undefined;
  personTestAt?: number | undefined;
}

/** The part that is kept. Tests are kept by the intake; what is overdue is worked out from them. */
export interface BoxRow {
  box_id: string;
  presence: BoxRecord['presence'];
  since: number;
  first_seen_at: number;
  heard_at: number;
  baseline: string | null;
  neighbourhood: string | null;
  doubt_since: number | null;
  /** JSON: version, health, faults. */
  body: string;
}

/** A box that is heard for the first time. */
export function newRecord(at: number): BoxRecord {
  return { presence: 'online', since: at, firstSeenAt: at, heardAt: at, faults: {}, overdue: {} };
}

export function rowOf(boxId: string, r: BoxRecord): BoxRow {
  return {
    box_id: boxId,
    presence: r.presence,
    since: r.since,
    first_seen_at: r.firstSeenAt,
    heard_at: r.heardAt,
    baseline: r.baseline ?? null,
    neighbourhood: r.neighbourhood ?? null,
    doubt_since: r.doubtSince ?? null,
    body: JSON.stringify({ version: r.version, health: r.health, faults: r.faults }),
  };
}

export function recordOf(row: BoxRow): BoxRecord {
  const body = JSON.parse(row.body) as Pick<BoxRecord, 'version' | 'health' | 'faults'>;
  return {
    presence: row.presence,
    since: row.since,
    firstSeenAt: row.first_seen_at,
    heardAt: row.heard_at,
    overdue: {},
    baseline: row.baseline ?? undefined,
    neighbourhood: row.neighbourhood ?? undefined,
    doubtSince: row.doubt_since ?? undefined,
    ...body,
  };
}

/** What is wrong with it, apart from not being heard. */
export function faultsOf(r: BoxRecord): FleetFault[] {
  const told = Object.entries(r.faults).map(([kind, f]) => ({ kind: kind as TroubleKind, since: f.since, detail: f.detail }));
  const overdue = Object.entries(r.overdue).map(([kind, since]) => ({ kind: kind as TroubleKind, since }));
  return [...told, ...overdue];
}

export function isFaulty(r: BoxRecord): boolean {
  return hasKeys(r.faults) || hasKeys(r.overdue);
}

function hasKeys(o: object): boolean {
  for (const _ in o) return true;
  return false;
}

/** Takes a heartbeat's health over, with its whole list of faults where it has one (older bridges tell them by `up/fault` alone). Returns whether anything worth keeping changed; the number of waiting messages is not. */
export function takeHealth(r: BoxRecord, health: Health, at: number): boolean {
  const before = r.health;
  r.health = health;
  const told = health.faults && new Set(health.faults);
  let changed =
    !before ||
    before.outbox !== health.outbox ||
    before.keys !== health.keys ||
    before.time !== health.time ||
    before.config !== health.config;
  if (told === undefined) return changed;
  for (const kind of Object.keys(r.faults) as FaultKind[])
    if (!told.has(kind)) {
      delete r.faults[kind];
      changed = true;
    }
  for (const kind of told)
    if (!r.faults[kind]) {
      r.faults[kind] = { since: at };
      changed = true;
    }
  return changed;
}

/** Takes an `up/fault` over. Returns whether anything changed. `at` by the centre's clock: the box's may be wrong. */
export function takeFault(r: BoxRecord, fault: FaultKind, at: number, detail: string | undefined, cleared: boolean): boolean {
  const known = r.faults[fault];
  if (cleared) {
    delete r.faults[fault];
    return known !== undefined;
  }
  if (known && known.detail === detail) return false;
  r.faults[fault] = { since: known?.since ?? at, ...(detail === undefined ? {} : { detail }) };
  return true;
}

/** Takes a neighbourhood over. `moved`: the address is in doubt from now on. A box that tells none keeps what it had. */
export function takeNeighbourhood(r: BoxRecord, neighbourhood: string | undefined, at: number): 'same' | 'changed' | 'moved' {
  if (neighbourhood === undefined || neighbourhood === r.neighbourhood) return 'same';
  r.neighbourhood = neighbourhood;
  r.baseline ??= neighbourhood;
  if (r.baseline === neighbourhood || r.doubtSince !== undefined) return 'changed';
  r.doubtSince = at;
  return 'moved';
}
