/** The first schema. Only the type of running numbers differs between SQLite and PostgreSQL. */
import { type Kysely, sql } from 'kysely';

/** On SQLite an `integer primary key` is the row's own number and costs no second index. */
const running = sql`integer`;
/** Tables that are found by a text key: on SQLite one tree instead of two. Nothing on PostgreSQL. */
const keyed = sql`without rowid`;

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await people(db);
  await alarms(db);
  await record(db);
  await video(db);
}

// biome-ignore lint/suspicious/noExplicitAny: see above
async function people(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('identities')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('pseudonym', 'text', (c) => c.notNull().unique())
    .addPrimaryKeyConstraint('identities_pk', ['kind', 'name'])
    .modifyEnd(keyed)
    .execute();
  await db.schema
    .createTable('boxes')
    .addColumn('box_id', 'text', (c) => c.primaryKey())
    .addColumn('secret_hash', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('phone', 'text', (c) => c.notNull())
    .addColumn('area', 'text', (c) => c.notNull())
    .addColumn('lat', 'double precision')
    .addColumn('lon', 'double precision')
    .addColumn('revoked', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('operators')
    .addColumn('user', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('post', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('revoked', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('integrators')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('secret_hash', 'text', (c) => c.notNull())
    .addColumn('may_command', 'integer', (c) => c.notNull())
    .addColumn('may_see_households', 'integer', (c) => c.notNull())
    .addColumn('areas', 'text', (c) => c.notNull())
    .addColumn('revoked', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('media_nodes')
    .addColumn('node', 'text', (c) => c.primaryKey())
    .addColumn('secret_hash', 'text', (c) => c.notNull())
    .addColumn('revoked', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('epoch', 'text')
    .addColumn('public_url', 'text')
    .execute();
  await db.schema
    .createTable('areas')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('user', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
}

// biome-ignore lint/suspicious/noExplicitAny: see above
async function alarms(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('box_messages')
    .addColumn('box_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('alarm_id', 'text', (c) => c.notNull())
    .addColumn('case_no', 'text', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('box_messages_pk', ['box_id', 'id'])
    .modifyEnd(keyed)
    .execute();
  await db.schema
    .createTable('case_numbers')
    .addColumn('day', 'text', (c) => c.primaryKey())
    .addColumn('last', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('cases')
    .addColumn('case_no', 'text', (c) => c.primaryKey())
    .addColumn('box_id', 'text', (c) => c.notNull())
    .addColumn('alarm_id', 'text', (c) => c.notNull())
    .addColumn('area', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('escalated_at', 'bigint')
    .addColumn('closed_at', 'bigint')
    .addColumn('rated', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addUniqueConstraint('cases_alarm', ['box_id', 'alarm_id'])
    .execute();
  // The board: the open ones by their age, the others by their end.
  await db.schema.createIndex('cases_open').on('cases').columns(['received_at']).where(sql<boolean>`state <> 'closed'`).execute();
  await db.schema.createIndex('cases_closed').on('cases').columns(['closed_at']).where(sql<boolean>`state = 'closed'`).execute();
  // Only the few that still wait for a signature: this is what the deadline engine reads.
  await db.schema
    .createIndex('cases_waiting')
    .on('cases')
    .columns(['received_at'])
    .where(sql<boolean>`state = 'received' and escalated_at is null`)
    .execute();
  await db.schema
    .createTable('case_events')
    .addColumn('case_no', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('salt', 'text')
    .addPrimaryKeyConstraint('case_events_pk', ['case_no', 'revision'])
    .modifyEnd(keyed)
    .execute();
  await db.schema
    .createTable('integrator_commands')
    .addColumn('integrator', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('case_no', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('code', 'text')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('integrator_commands_pk', ['integrator', 'id'])
    .modifyEnd(keyed)
    .execute();
}

// biome-ignore lint/suspicious/noExplicitAny: see above
async function record(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('ledger')
    .addColumn('n', running, (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('ledger_heads')
    .addColumn('n', running, (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('alg', 'text', (c) => c.notNull())
    .addColumn('kid', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('announcements')
    .addColumn('seq', running, (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('area', 'text', (c) => c.notNull())
    .addColumn('case_no', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('announcements_case').on('announcements').columns(['seq']).where(sql<boolean>`kind = 'case'`).execute();
  await db.schema
    .createTable('marks')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('dead_letters')
    .addColumn('id', running, (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('client', 'text', (c) => c.notNull())
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .execute();
}

// biome-ignore lint/suspicious/noExplicitAny: see above
async function video(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('cameras')
    .addColumn('camera_id', 'text', (c) => c.primaryKey())
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('area', 'text', (c) => c.notNull())
    .addColumn('lat', 'double precision')
    .addColumn('lon', 'double precision')
    .addColumn('households_of', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('grants')
    .addColumn('grant_id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull())
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('viewer', 'text', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('issued_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('views')
    .addColumn('view_id', 'text', (c) => c.primaryKey())
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('epoch', 'text', (c) => c.notNull())
    .addColumn('grant_id', 'text', (c) => c.notNull())
    .addColumn('camera_id', 'text', (c) => c.notNull())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('why', 'text')
    .execute();
  await db.schema.createIndex('views_open').on('views').columns(['node']).where(sql.ref('ended_at'), 'is', null).execute();
}
