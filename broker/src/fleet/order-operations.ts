/** Store operations about work orders: one open a box and kind, their history kept, every step in the ledger. */
import { createHash } from 'node:crypto';
import { CodedError, type WorkOrderEvent, type WorkOrderNote } from '@shouwang/protocol';
import { sql } from 'kysely';
import { randomSalt } from '../ids.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import type { ToClose, ToOpen } from './order-book.ts';

type OrderRow = Tables['work_orders'];

export interface OrderWithHistory {
  order: OrderRow;
  history: WorkOrderEvent[];
}

interface Step {
  event: WorkOrderEvent['event'];
  at: number;
  /** What others may read: `clock`, or a post. */
  by: string;
  /** Who it really was: `clock`, or a user name. */
  actor: string;
  text?: string | undefined;
}

const byClock = (event: Step['event'], at: number): Step => ({ event, at, by: 'clock', actor: 'clock' });

/** Opens an order; one of the same kind that closed a short time ago opens again instead. Already open: nothing. */
export async function openOrder(tx: Tx, o: ToOpen, at: number, reopenWithinMs: number): Promise<void> {
  const last = await tx.db
    .selectFrom('work_orders')
    .selectAll()
    .where('box_id', '=', o.boxId)
    .where('kind', '=', o.kind)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last && last.closed_at === null) return;
  if (last && at - last.closed_at! < reopenWithinMs) {
    await tx.db
      .updateTable('work_orders')
      .set({ closed_at: null, reopened: last.reopened + 1, detail: o.detail ?? last.detail })
      .where('id', '=', last.id)
      .execute();
    await record(tx, last, byClock('reopened', at));
    return;
  }
  const { max } = await tx.db
    .selectFrom('work_orders')
    .select((eb) => eb.fn.max('id').as('max'))
    .executeTakeFirstOrThrow();
  const row: OrderRow = {
    id: Number(max ?? 0) + 1,
    box_id: o.boxId,
    area: o.area,
    kind: o.kind,
    since: o.since,
    opened_at: at,
    closed_at: null,
    reopened: 0,
    detail: o.detail ?? null,
    assignee: null,
  };
  await tx.db.insertInto('work_orders').values(row).execute();
  await record(tx, row, byClock('opened', at));
}

/** Closes an order; not open: nothing. */
export async function closeOrder(tx: Tx, o: ToClose, at: number): Promise<void> {
  const row = await tx.db
    .updateTable('work_orders')
    .set({ closed_at: at })
    .where('box_id', '=', o.boxId)
    .where('kind', '=', o.kind)
    .where('closed_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (row) await record(tx, row, byClock('closed', at));
}

/** A person says something about an order, or who sees to it. Throws ORDER_UNKNOWN. */
export async function noteOrder(
  tx: Tx,
  a: { id: number; note: WorkOrderNote; user: string; post: string; at: number },
): Promise<OrderWithHistory> {
  const order = await tx.db.selectFrom('work_orders').selectAll().where('id', '=', a.id).executeTakeFirst();
  if (!order) throw new CodedError('ORDER_UNKNOWN');
  const who = { at: a.at, by: a.post, actor: a.user };
  const { assignee, text } = a.note;
  if (assignee !== undefined) {
    await tx.db
      .updateTable('work_orders')
      .set({ assignee: assignee || null })
      .where('id', '=', a.id)
      .execute();
    order.assignee = assignee || null;
    await record(tx, order, { event: 'assigned', ...who, text: assignee });
  }
  if (text !== undefined) await record(tx, order, { event: 'noted', ...who, text });
  return { order, history: (await historyOf(tx, [a.id])).get(a.id) ?? [] };
}

export interface OrderQuery {
  /** Administrative code that contains the order's; empty: everywhere. */
  area: string;
  state: 'open' | 'closed';
  after: number;
  limit: number;
}

/** Orders by number. */
export async function readOrders(tx: Tx, q: OrderQuery): Promise<OrderWithHistory[]> {
  const orders = await tx.db
    .selectFrom('work_orders')
    .selectAll()
    .where('closed_at', q.state === 'open' ? 'is' : 'is not', null)
    .where('area', '>=', q.area)
    .where('area', '<', `${q.area}~`)
    .where('id', '>', q.after)
    .orderBy('id')
    .limit(q.limit)
    .execute();
  const history = await historyOf(
    tx,
    orders.map((o) => o.id),
  );
  return orders.map((order) => ({ order, history: history.get(order.id) ?? [] }));
}

/** Open orders by village (12 digits, or what there is of them). */
export async function countOrders(tx: Tx): Promise<{ area: string; orders: number }[]> {
  return tx.db
    .selectFrom('work_orders')
    .select([sql<string>`substr(area, 1, 12)`.as('area'), (eb) => eb.fn.countAll<number>().as('orders')])
    .where('closed_at', 'is', null)
    .groupBy(sql`substr(area, 1, 12)`)
    .execute();
}

async function historyOf(tx: Tx, ids: number[]): Promise<Map<number, WorkOrderEvent[]>> {
  const out = new Map<number, WorkOrderEvent[]>();
  if (ids.length === 0) return out;
  const rows = await tx.db
    .selectFrom('work_order_events')
    .selectAll()
    .where('order_id', 'in', ids)
    .orderBy('order_id')
    .orderBy('n')
    .execute();
  for (const { order_id, event, at, by, text } of rows) {
    const list = out.get(order_id) ?? [];
    list.push({ event, at, by, text: text ?? undefined });
    out.set(order_id, list);
  }
  return out;
}

async function record(tx: Tx, order: OrderRow, step: Step): Promise<void> {
  const { last } = await tx.db
    .selectFrom('work_order_events')
    .select((eb) => eb.fn.max('n').as('last'))
    .where('order_id', '=', order.id)
    .executeTakeFirstOrThrow();
  const n = Number(last ?? 0) + 1;
  const salt = step.text === undefined ? null : randomSalt();
  const { event, at, by, actor } = step;
  await tx.db
    .insertInto('work_order_events')
    .values({ order_id: order.id, n, event, at, by, actor, text: step.text ?? null, salt })
    .execute();
  await tx.ledger({
    at,
    kind: `order.${event}`,
    subject: `order:${order.id}`,
    data: {
      box: await tx.pseudonym('box', order.box_id),
      trouble: order.kind,
      area: order.area,
      by: actor === 'clock' ? actor : await tx.pseudonym('operator', actor),
      // Text may hold personal data: only a salted commitment goes into the chain.
      textSha256: salt === null ? undefined : createHash('sha256').update(salt).update(step.text!).digest('hex'),
    },
  });
}
