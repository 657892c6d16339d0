/** The fleet as people look at it: counts by village, pages of boxes, work orders. Who lives there is asked for one by one. */
import {
  areaContains,
  type FleetBox,
  type FleetCounts,
  type FleetFilter,
  type FleetOverview,
  type FleetPage,
  type Household,
  type WorkOrder,
} from '@shouwang/protocol';
import { areaName, type Directory } from '../enrolment/directory.ts';
import type { Fleet } from './fleet.ts';
import type { OrderWithHistory } from './order-operations.ts';
import { faultsOf, isFaulty } from './records.ts';
import { FirstInOrder, visitInSlices } from './slices.ts';

export interface FleetViewDeps {
  fleet: Pick<Fleet, 'recordOf' | 'doubtSince'>;
  directory: Pick<Directory, 'boxes' | 'areas'>;
}

const VILLAGE_DIGITS = 12;

/** The household with the mark 地址待核实, where it has it. */
export function markedHousehold({ fleet }: Pick<FleetViewDeps, 'fleet'>, household: Household): Household {
  const addressInDoubtSince = fleet.doubtSince(household.boxId);
  return addressInDoubtSince === undefined ? household : { ...household, addressInDoubtSince };
}

/** Counts by village below `area`. `orders`: open ones by village. */
export async function overview(
  deps: FleetViewDeps,
  area: string,
  orders: { area: string; orders: number }[],
  now: number,
): Promise<FleetOverview> {
  const villages = new Map<string, FleetCounts>();
  const of = (code: string): FleetCounts => {
    const village = code.slice(0, VILLAGE_DIGITS);
    let counts = villages.get(village);
    if (!counts) {
      counts = emptyCounts(village, areaName(deps.directory, village));
      villages.set(village, counts);
    }
    return counts;
  };
  await visitInSlices(deps.directory.boxes.values(), ({ household, revoked }) => {
    if (revoked || !areaContains(area, household.area)) return;
    const counts = of(household.area);
    const record = deps.fleet.recordOf(household.boxId);
    counts.boxes++;
    counts[record?.presence ?? 'unseen']++;
    if (record && isFaulty(record)) counts.faulty++;
    if (record?.doubtSince !== undefined) counts.inDoubt++;
  });
  for (const row of orders) if (areaContains(area, row.area)) of(row.area).orders += row.orders;
  const sorted = [...villages.values()].sort((a, b) => (a.area < b.area ? -1 : 1));
  const total = emptyCounts(area, area ? areaName(deps.directory, area) : '');
  for (const v of sorted) for (const key of COUNTED) total[key] += v[key];
  return { now, total, villages: sorted };
}

const COUNTED = ['boxes', 'unseen', 'online', 'suspect', 'offline', 'faulty', 'inDoubt', 'orders'] as const;

function emptyCounts(area: string, name: string): FleetCounts {
  return { area, areaName: name, boxes: 0, unseen: 0, online: 0, suspect: 0, offline: 0, faulty: 0, inDoubt: 0, orders: 0 };
}

/** One box. */
export function boxView(deps: FleetViewDeps, household: Household): FleetBox {
  const record = deps.fleet.recordOf(household.boxId);
  return {
    boxId: household.boxId,
    area: household.area,
    addressInDoubtSince: record?.doubtSince,
    areaName: areaName(deps.directory, household.area),
    presence: record?.presence ?? 'unseen',
    since: record?.since,
    heardAt: record?.heardAt,
    version: record?.version,
    health: record?.health,
    faults: record ? faultsOf(record) : [],
  };
}

export interface FleetQuery {
  area: string;
  state: FleetFilter | undefined;
  after: string;
  limit: number;
}

/** Boxes by id, without those that are revoked. */
export async function page(deps: FleetViewDeps, q: FleetQuery): Promise<FleetPage> {
  const found = new FirstInOrder<Household>(q.limit + 1, (h) => h.boxId);
  await visitInSlices(deps.directory.boxes.values(), ({ household, revoked }) => {
    if (revoked || household.boxId <= q.after || !areaContains(q.area, household.area)) return;
    if (q.state === undefined || fits(deps, household.boxId, q.state)) found.add(household);
  });
  const households = found.values();
  const boxes = households.slice(0, q.limit).map((h) => boxView(deps, h));
  return { boxes, next: households.length > q.limit ? boxes.at(-1)?.boxId : undefined };
}

function fits(deps: FleetViewDeps, boxId: string, state: FleetFilter): boolean {
  const r = deps.fleet.recordOf(boxId);
  if (!r) return state === 'unseen';
  switch (state) {
    case 'faulty':
      return isFaulty(r);
    case 'in-doubt':
      return r.doubtSince !== undefined;
    case 'not-well':
      return r.presence !== 'online' || isFaulty(r) || r.doubtSince !== undefined;
    default:
      return r.presence === state;
  }
}

export function orderView(deps: FleetViewDeps, { order, history }: OrderWithHistory): WorkOrder {
  return {
    id: order.id,
    boxId: order.box_id,
    area: order.area,
    areaName: areaName(deps.directory, order.area),
    kind: order.kind,
    since: order.since,
    openedAt: order.opened_at,
    closedAt: order.closed_at ?? undefined,
    reopened: order.reopened,
    detail: order.detail ?? undefined,
    assignee: order.assignee ?? undefined,
    history,
  };
}
