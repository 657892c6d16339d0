/** Store operations about activation codes; each issue and each use is on the record. */
import { type ActivationSeen, type BoxReported, CodedError } from '@shouwang/protocol';
import { actorPseudonym } from '../cases/case-service.ts';
import { NO_SECRET } from '../enrolment/box-operations.ts';
import type { NewSecret } from '../enrolment/registry.ts';
import type { Tx } from '../store/tx.ts';

/** Opens a code for a box in place of an earlier one. Throws NOT_FOUND, BOX_REVOKED; ID_CONFLICT when another box has the same code open. */
export async function issueActivation(
  tx: Tx,
  a: { boxId: string; codeHash: string; by: string; at: number; expiresAt: number; attempts: number },
): Promise<void> {
  const box = await tx.db.selectFrom('boxes').select(['area', 'revoked']).where('box_id', '=', a.boxId).executeTakeFirst();
  if (!box) throw new CodedError('NOT_FOUND', `box ${a.boxId} is not enrolled`);
  if (box.revoked === 1) throw new CodedError('BOX_REVOKED');
  const other = await tx.db.selectFrom('activations').select('box_id').where('code_hash', '=', a.codeHash).executeTakeFirst();
  if (other && other.box_id !== a.boxId) throw new CodedError('ID_CONFLICT');
  const open = { code_hash: a.codeHash, attempts_left: a.attempts, expires_at: a.expiresAt };
  await tx.db
    .insertInto('activations')
    .values({ box_id: a.boxId, ...open, activated_at: null, reported: null })
    .onConflict((oc) => oc.column('box_id').doUpdateSet(open))
    .execute();
  await tx.ledger({
    at: a.at,
    kind: 'box.activation-issued',
    subject: await tx.pseudonym('box', a.boxId),
    data: { by: await actorPseudonym(tx, a.by), area: box.area },
  });
}

/** Uses a code up and gives its box the secret. Undefined when no such code is open: then every open code has one chance less. */
export async function useActivation(
  tx: Tx,
  a: { codeHash: string; secretHash: string; reported: BoxReported; at: number; viewsEndedAt: number },
): Promise<NewSecret | undefined> {
  const found = await tx.db
    .selectFrom('activations')
    .innerJoin('boxes', 'boxes.box_id', 'activations.box_id')
    .select(['activations.box_id', 'boxes.area', 'boxes.revoked', 'boxes.secret_hash'])
    .where('code_hash', '=', a.codeHash)
    .where('expires_at', '>', a.at)
    .executeTakeFirst();
  if (!found || found.revoked === 1) {
    await tx.db
      .updateTable('activations')
      .set((eb) => ({ attempts_left: eb('attempts_left', '-', 1) }))
      .where('code_hash', 'is not', null)
      .execute();
    await tx.db.updateTable('activations').set({ code_hash: null }).where('attempts_left', '<=', 0).execute();
    return undefined;
  }
  const { box_id: boxId, area } = found;
  await tx.db
    .updateTable('activations')
    .set({ code_hash: null, activated_at: a.at, reported: JSON.stringify(a.reported) })
    .where('box_id', '=', boxId)
    .execute();
  // Another kind of box stands there now: what the former one holds opens nothing any more.
  const held = await tx.db
    .selectFrom('certificates')
    .select('serial')
    .where('box_id', '=', boxId)
    .where('revoked', '=', 0)
    .executeTakeFirst();
  if (held) await tx.db.updateTable('certificates').set({ revoked: 1 }).where('box_id', '=', boxId).execute();
  const endsViews = found.secret_hash !== NO_SECRET || held !== undefined;
  const ended = endsViews ? { views_ended_at: a.viewsEndedAt } : {};
  await tx.db
    .updateTable('boxes')
    .set({ secret_hash: a.secretHash, ...ended })
    .where('box_id', '=', boxId)
    .execute();
  const subject = await tx.pseudonym('box', boxId);
  await tx.ledger({ at: a.at, kind: 'box.activated', subject, data: { by: subject, area } });
  return { boxId, secretHash: a.secretHash, endsViews };
}

/** What is known of a box's activation. */
export async function readActivation(tx: Tx, a: { boxId: string; at: number }): Promise<ActivationSeen> {
  const row = await tx.db.selectFrom('activations').selectAll().where('box_id', '=', a.boxId).executeTakeFirst();
  return {
    boxId: a.boxId,
    openUntil: row?.code_hash && row.expires_at > a.at ? row.expires_at : undefined,
    activatedAt: row?.activated_at ?? undefined,
    reported: row?.reported ? (JSON.parse(row.reported) as BoxReported) : undefined,
  };
}
