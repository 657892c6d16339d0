/** Clips of cases, holds on them, the keys that sign them, and what is wrong at media nodes. */
import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('clips')
    .addColumn('clip_id', 'text', (c) => c.primaryKey())
    .addColumn('case_no', 'text', (c) => c.notNull())
    .addColumn('camera_id', 'text', (c) => c.notNull())
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('from_at', 'bigint', (c) => c.notNull())
    .addColumn('to_at', 'bigint', (c) => c.notNull())
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .addColumn('keep_until', 'bigint', (c) => c.notNull())
    .addColumn('wanted', 'text', (c) => c.notNull())
    .addColumn('open', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema.createIndex('clips_of_case').on('clips').columns(['case_no', 'asked_at']).execute();
  await db.schema.createIndex('clips_open').on('clips').columns(['open', 'node']).execute();
  await db.schema.createIndex('clips_kept').on('clips').columns(['wanted', 'keep_until']).execute();
  await db.schema
    .createTable('clip_holds')
    .addColumn('hold_id', 'text', (c) => c.primaryKey())
    .addColumn('case_no', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('salt', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema.createIndex('holds_of_case').on('clip_holds').columns(['case_no', 'until']).execute();
  await db.schema
    .createTable('evidence_keys')
    .addColumn('kid', 'text', (c) => c.primaryKey())
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('alg', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema
    .createTable('media_faults')
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('camera_id', 'text', (c) => c.notNull())
    .addColumn('fault', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('detail', 'text')
    .addPrimaryKeyConstraint('media_faults_key', ['node', 'camera_id', 'fault'])
    .modifyEnd(sql`without rowid`)
    .execute();
}
