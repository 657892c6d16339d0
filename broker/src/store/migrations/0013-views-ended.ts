/** When a box got another secret or area: what it watched before has ended. */
import type { Kysely } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('boxes').addColumn('views_ended_at', 'bigint').execute();
}
