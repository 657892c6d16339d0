/** Store operations about how the boxes are. */
import type { HouseholdLookUp } from '@shouwang/protocol';
import { prepare } from '../store/prepared.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import type { ToClose, ToOpen } from './order-book.ts';
import { closeOrder, openOrder } from './order-operations.ts';
import type { BoxRow } from './records.ts';

const saveRow = prepare<Tables['box_fleet']>()((db, p) =>
  db
    .insertInto('box_fleet')
    .values({
      box_id: p('box_id'),
      presence: p('presence'),
      since: p('since'),
      first_seen_at: p('first_seen_at'),
      heard_at: p('heard_at'),
      baseline: p('baseline'),
      neighbourhood: p('neighbourhood'),
      doubt_since: p('doubt_since'),
      body: p('body'),
    })
    .onConflict((oc) =>
      oc.column('box_id').doUpdateSet((eb) => ({
        presence: eb.ref('excluded.presence'),
        since: eb.ref('excluded.since'),
        heard_at: eb.ref('excluded.heard_at'),
        baseline: eb.ref('excluded.baseline'),
        neighbourhood: eb.ref('excluded.neighbourhood'),
        doubt_since: eb.ref('excluded.doubt_since'),
        body: eb.ref('excluded.body'),
      })),
    ),
);

const selectDoubt = prepare<{ box_id: string }>()((db, p) =>
  db.selectFrom('box_fleet').select('doubt_since').where('box_id', '=', p('box_id')),
);

export interface FleetKept {
  /** Those that became what they are longest ago first. */
  boxes: BoxRow[];
  /** Open ones. */
  orders: (ToClose & { since: number })[];
  /** When each box was tested last, by whom. */
  tests: { boxId: string; by: 'self' | 'person'; at: number }[];
}

/** Everything that a start needs. */
export async function readFleet(tx: Tx): Promise<FleetKept> {
  const boxes = await tx.db.selectFrom('box_fleet').selectAll().orderBy('since').execute();
  const orders = await tx.db.selectFrom('work_orders').select(['box_id', 'kind', 'since']).where('closed_at', 'is', null).execute();
  const tests = await tx.db
    .selectFrom('box_tests')
    .select(['box_id', 'by', (eb) => eb.fn.max('received_at').as('at')])
    .groupBy(['box_id', 'by'])
    .execute();
  return {
    boxes,
    orders: orders.map((o) => ({ boxId: o.box_id, kind: o.kind, since: o.since })),
    tests: tests.map((t) => ({ boxId: t.box_id, by: t.by, at: Number(t.at) })),
  };
}

export interface SaveFleet {
  rows: BoxRow[];
  open: ToOpen[];
  close: ToClose[];
  reopenWithinMs: number;
  at: number;
}

/** Writes what changed. A move of a box is on the record in the same commit. */
export async function saveFleet(tx: Tx, a: SaveFleet): Promise<void> {
  for (const row of a.rows) {
    if (row.doubt_since !== null) await recordMove(tx, row.box_id, row.doubt_since);
    await tx.run(saveRow, row);
  }
  for (const order of a.close) await closeOrder(tx, order, a.at);
  for (const order of a.open) await openOrder(tx, order, a.at, a.reopenWithinMs);
}

/** The first time that a row says so. The hashes themselves stay out of the ledger: they can be tried against known gateways. */
async function recordMove(tx: Tx, boxId: string, at: number): Promise<void> {
  const before = await tx.get(selectDoubt, { box_id: boxId });
  if (before && before.doubt_since !== null) return;
  await tx.ledger({ at, kind: 'box.moved', subject: await tx.pseudonym('box', boxId), data: {} });
}

/** A person confirmed where a box stands. `doubtSince`: since when it was in doubt. */
export async function confirmAddress(tx: Tx, a: { row: BoxRow; doubtSince: number; user: string; at: number }): Promise<void> {
  // Confirmed within the second in which it moved: the move is on the record all the same.
  await recordMove(tx, a.row.box_id, a.doubtSince);
  await tx.run(saveRow, a.row);
  await tx.ledger({
    at: a.at,
    kind: 'box.address-confirmed',
    subject: await tx.pseudonym('box', a.row.box_id),
    data: { by: await tx.pseudonym('operator', a.user) },
  });
}

/** An operator looked a household up without a case: who, whose, why. */
export async function recordHouseholdLookUp(
  tx: Tx,
  a: { boxId: string; area: string; why: HouseholdLookUp['why']; user: string; at: number },
): Promise<void> {
  await tx.ledger({
    at: a.at,
    kind: 'household.looked-up',
    subject: await tx.pseudonym('box', a.boxId),
    data: { by: await tx.pseudonym('operator', a.user), why: a.why, area: a.area },
  });
}
