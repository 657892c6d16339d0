/** Silent alarms, test alarms, and updates that come before their alarm. */
import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  const no = (c: ColumnDefinitionBuilder) => c.notNull().defaultTo(0);
  await db.schema.alterTable('integrators').addColumn('may_see_silent', 'integer', no).execute();
  await db.schema.alterTable('cases').addColumn('silent', 'integer', no).execute();
  await db.schema.alterTable('announcements').addColumn('silent', 'integer', no).execute();
  await db.schema
    .createTable('box_tests')
    .addColumn('box_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('box_tests_pk', ['box_id', 'id'])
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable('early_updates')
    .addColumn('box_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('alarm_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('command', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('early_updates_pk', ['box_id', 'id'])
    .modifyEnd(sql`without rowid`)
    .execute();
}
