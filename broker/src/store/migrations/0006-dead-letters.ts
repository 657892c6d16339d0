/** Dead letters that can be replayed: the whole payload (base64) beside the row, how often it happened, and what a replay came to. */
import type { Kysely } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  const alter = () => db.schema.alterTable('dead_letters');
  await alter()
    .addColumn('count', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
  await alter()
    .addColumn('body_bytes', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await alter().addColumn('replayed_at', 'bigint').execute();
  await alter().addColumn('replayed_by', 'text').execute();
  await alter().addColumn('outcome', 'text').execute();
  await db.schema
    .createTable('dead_letter_bodies')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}
