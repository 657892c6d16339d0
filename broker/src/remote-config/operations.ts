/** Remote configurations of boxes in the store. */
import { CodedError } from '@shouwang/protocol';
import { actorPseudonym } from '../cases/case-service.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';

export type RemoteConfigRow = Tables['remote_configs'];

/** Takes the place of the one for the same target. Throws ID_CONFLICT where that one is as new or newer: boxes would refuse it. */
export async function saveRemoteConfig(tx: Tx, row: RemoteConfigRow): Promise<void> {
  const before = await tx.db.selectFrom('remote_configs').select('version').where('target', '=', row.target).executeTakeFirst();
  if (before && before.version >= row.version)
    throw new CodedError('ID_CONFLICT', `version ${row.version} is not newer than ${before.version}, which ${row.target} has`);
  const { target, ...rest } = row;
  await tx.db
    .insertInto('remote_configs')
    .values(row)
    .onConflict((oc) => oc.column('target').doUpdateSet(rest))
    .execute();
  const boxId = target.startsWith('box:') ? target.slice(4) : undefined;
  await tx.ledger({
    at: row.at,
    kind: 'box.configured',
    subject: boxId === undefined ? target : await tx.pseudonym('box', boxId),
    data: { by: await actorPseudonym(tx, row.given_by), version: row.version },
  });
}

export function readRemoteConfigs(tx: Tx): Promise<RemoteConfigRow[]> {
  return tx.db.selectFrom('remote_configs').selectAll().orderBy('target').execute();
}
