/** Activation codes of boxes without a daemon. */
import type { Kysely } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's table types
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('activations')
    .addColumn('box_id', 'text', (c) => c.primaryKey())
    .addColumn('code_hash', 'text', (c) => c.unique())
    .addColumn('attempts_left', 'integer', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('activated_at', 'bigint')
    .addColumn('reported', 'text')
    .execute();
}
