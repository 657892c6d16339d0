/** Where a camera is, as its catalogue says. */
import type { Kysely } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('cameras').addColumn('camera_group', 'text').execute();
}
