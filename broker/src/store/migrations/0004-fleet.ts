/** How the boxes are, and the work orders of those that are not well. */
import { type Kysely, sql } from 'kysely';

const running = sql`integer`;
const keyed = sql`without rowid`;

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('box_fleet')
    .addColumn('box_id', 'text', (c) => c.primaryKey())
    .addColumn('presence', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .addColumn('heard_at', 'bigint', (c) => c.notNull())
    .addColumn('baseline', 'text')
    .addColumn('neighbourhood', 'text')
    .addColumn('doubt_since', 'bigint')
    .addColumn('body', 'text', (c) => c.notNull())
    .modifyEnd(keyed)
    .execute();
  await db.schema
    .createTable('work_orders')
    .addColumn('id', running, (c) => c.primaryKey())
    .addColumn('box_id', 'text', (c) => c.notNull())
    .addColumn('area', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('reopened', 'integer', (c) => c.notNull())
    .addColumn('detail', 'text')
    .addColumn('assignee', 'text')
    .execute();
  // One open order a box and kind: the database says so too.
  await db.schema
    .createIndex('work_orders_open')
    .unique()
    .on('work_orders')
    .columns(['box_id', 'kind'])
    .where(sql.ref('closed_at'), 'is', null)
    .execute();
  await db.schema.createIndex('work_orders_of_box').on('work_orders').columns(['box_id', 'kind', 'closed_at']).execute();
  await db.schema
    .createTable('work_order_events')
    .addColumn('order_id', 'integer', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('text', 'text')
    .addColumn('salt', 'text')
    .addPrimaryKeyConstraint('work_order_events_pk', ['order_id', 'n'])
    .modifyEnd(keyed)
    .execute();
}
