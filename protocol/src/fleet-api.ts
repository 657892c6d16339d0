/** Fleet over HTTP (`/api/v1/fleet…`): how the boxes are, what is broken, who sees to it. */
import { type Static, Type } from '@sinclair/typebox';
import { shortText } from './ids.ts';
import type { BoxStatus, FaultKind } from './messages/box-up.ts';

export const fleetPaths = {
  /** GET `?area=` → `FleetOverview`: counts by village. */
  fleet: '/api/v1/fleet',
  /** GET `?area=&state=&after=BOXID&limit=N` → `FleetPage`, by box id. `state` is one of `FLEET_FILTERS`. */
  fleetBoxes: '/api/v1/fleet/boxes',
  /** POST `HouseholdLookUp` → `Household`: who lives there and how to reach them. For operators, and for administrators who activate the box; every look is on the record. */
  household: (boxId: string) => `/api/v1/fleet/boxes/${boxId}/household`,
  /** POST, no body → `FleetBox`: a person says that the household lives where the register says. */
  confirmAddress: (boxId: string) => `/api/v1/fleet/boxes/${boxId}/confirm-address`,
  /** GET `?area=&state=open|closed&after=ID&limit=N` → `WorkOrderPage`, by number. */
  workOrders: '/api/v1/fleet/work-orders',
  /** POST `WorkOrderNote` → `WorkOrder`. */
  workOrderNotes: (id: number | string) => `/api/v1/fleet/work-orders/${id}/notes`,
} as const;

/** `unseen`: enrolled, never heard. `suspect`: its heartbeat is missing. `offline`: and has been for longer. */
export const PRESENCES = ['unseen', 'online', 'suspect', 'offline'] as const;
export type Presence = (typeof PRESENCES)[number];

/** `not-well`: suspect, offline, faulty, or its address in doubt. */
export const FLEET_FILTERS = [...PRESENCES, 'faulty', 'in-doubt', 'not-well'] as const;
export type FleetFilter = (typeof FLEET_FILTERS)[number];

/** What somebody has to see to: a dead box, a fault that it told, a test that is overdue (daily by itself, monthly by a person). */
export type TroubleKind = FaultKind | 'offline' | 'self-test' | 'person-test';

/** Counts of one area. `faulty` boxes may be online, too. */
export interface FleetCounts {
  area: string;
  areaName: string;
  boxes: number;
  unseen: number;
  online: number;
  suspect: number;
  offline: number;
  faulty: number;
  inDoubt: number;
  /** Open work orders. */
  orders: number;
}

export interface FleetOverview {
  /** By the centre's clock. */
  now: number;
  total: FleetCounts;
  /** By village (12 digits), in the order of their codes. */
  villages: FleetCounts[];
}

export interface FleetFault {
  kind: TroubleKind;
  since: number;
  detail?: string | undefined;
}

/** Why somebody looks a household up without a case: to repair its box, to confirm where it lives; to give out an activation code for its box. */
export const HouseholdLookUp = Type.Object(
  { why: Type.Union([Type.Literal('repair'), Type.Literal('address'), Type.Literal('activation')]) },
  { additionalProperties: false },
);
export type HouseholdLookUp = Static<typeof HouseholdLookUp>;

/** A box among many: nothing personal is in it. */
export interface FleetBox {
  boxId: string;
  area: string;
  areaName: string;
  /** 地址待核实, since then. ms */
  addressInDoubtSince?: number | undefined;
  presence: Presence;
  /** Since when it is so; absent for `unseen`. ms */
  since?: number | undefined;
  /** Heard last. After a crash of the centre up to an hour too early. ms */
  heardAt?: number | undefined;
  version?: string | undefined;
  health?: BoxStatus['health'];
  faults: FleetFault[];
}

export interface FleetPage {
  boxes: FleetBox[];
  /** Ask with `after=` this for what follows; absent on the last page. */
  next?: string | undefined;
}

/** `assignee`: who sees to it from now on; an empty text: nobody. */
export const WorkOrderNote = Type.Object(
  { text: Type.Optional(shortText(500)), assignee: Type.Optional(shortText(40, 0)) },
  { additionalProperties: false, minProperties: 1 },
);
export type WorkOrderNote = Static<typeof WorkOrderNote>;

export interface WorkOrderEvent {
  event: 'opened' | 'closed' | 'reopened' | 'noted' | 'assigned';
  at: number;
  /** `clock`, or a post. */
  by: string;
  text?: string | undefined;
}

export interface WorkOrder {
  id: number;
  boxId: string;
  area: string;
  areaName: string;
  kind: TroubleKind;
  /** Since when the box is so. ms */
  since: number;
  openedAt: number;
  closedAt?: number | undefined;
  /** How often it came back within a day of being closed. */
  reopened: number;
  detail?: string | undefined;
  assignee?: string | undefined;
  history: WorkOrderEvent[];
}

export interface WorkOrderPage {
  orders: WorkOrder[];
  /** Ask with `after=` this for what follows; absent on the last page. */
  next?: number | undefined;
}

/** `event: household` of the live feed: the mark 地址待核实 of this box came or went. */
export interface HouseholdMarked {
  boxId: string;
  /** ms; null: a person confirmed the address. */
  addressInDoubtSince: number | null;
}
