/** Enrolment at run time: what the enrolment file said last about a box, so that an unchanged file undoes nothing that came later. */
import type { Kysely } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('boxes').addColumn('file_digest', 'text').execute();
}
