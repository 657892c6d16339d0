/** Store operations about boxes: written one by one inside one transaction, each change on the record with who made it. */
import { createHash } from 'node:crypto';
import { CodedError, type Household } from '@shouwang/protocol';
import { actorPseudonym } from '../cases/case-service.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { prepare } from '../store/prepared.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import type { BoxEntry } from './directory.ts';

/** What stands for "no secret": no SHA-256 is empty, so nothing matches it. */
export const NO_SECRET = '';

/** A household's box as it shall be. Without `secretHash` a known box keeps its secret, and a new one has none. */
export interface BoxWrite {
  household: Pick<Household, 'boxId' | 'name' | 'address' | 'phone' | 'area' | 'position'>;
  secretHash?: string | undefined;
}

/** Who enrols: `operator:NAME`, `local` (the centre's own machine), `enrolment-file`. */
type By = string;

type BoxColumns = Pick<Tables['boxes'], 'box_id' | 'secret_hash' | 'name' | 'address' | 'phone' | 'area' | 'lat' | 'lon'>;

const selectBox = prepare<{ box_id: string }>()((db, p) => db.selectFrom('boxes').selectAll().where('box_id', '=', p('box_id')));

const upsertBox = prepare<BoxColumns & Pick<Tables['boxes'], 'views_ended_at'>>()((db, p) => {
  const rest = {
    secret_hash: p('secret_hash'),
    name: p('name'),
    address: p('address'),
    phone: p('phone'),
    area: p('area'),
    lat: p('lat'),
    lon: p('lon'),
    views_ended_at: p('views_ended_at'),
  };
  return db
    .insertInto('boxes')
    .values({ box_id: p('box_id'), revoked: 0, ...rest })
    .onConflict((oc) => oc.column('box_id').doUpdateSet(rest));
});

/** Enrols or changes boxes of one batch; all of them, or none. Revocations stay as they are. */
export async function writeBoxes(tx: Tx, a: { boxes: BoxWrite[]; by: By; at: number; viewsEndedAt: number }): Promise<void> {
  for (const box of a.boxes) await writeBox(tx, box, a);
}

/**
 * Whether what a box watched ends with a change of it: what a household may watch depends on where it lives, and whoever watches came with the
 * old secret. Without one nobody did, or by a certificate, which stands.
 */
export function endsViews(before: { area: string; secretHash: string }, next: { area: string; secretHash: string }): boolean {
  return before.area !== next.area || (before.secretHash !== NO_SECRET && before.secretHash !== next.secretHash);
}

async function writeBox(tx: Tx, box: BoxWrite, { by, at, viewsEndedAt }: { by: By; at: number; viewsEndedAt: number }): Promise<void> {
  const h = box.household;
  const before = await tx.get(selectBox, { box_id: h.boxId });
  const row: BoxColumns = {
    box_id: h.boxId,
    secret_hash: box.secretHash ?? before?.secret_hash ?? NO_SECRET,
    name: h.name,
    address: h.address,
    phone: h.phone,
    area: h.area,
    lat: h.position?.lat ?? null,
    lon: h.position?.lon ?? null,
  };
  const fields = (Object.keys(row) as (keyof BoxColumns)[]).filter((key) => before?.[key] !== row[key]);
  if (fields.length === 0) return;
  const ends =
    before !== undefined &&
    endsViews({ area: before.area, secretHash: before.secret_hash }, { area: row.area, secretHash: row.secret_hash });
  await tx.run(upsertBox, { ...row, views_ended_at: ends ? viewsEndedAt : (before?.views_ended_at ?? null) });
  await tx.ledger({
    at,
    kind: before ? 'box.changed' : 'box.enrolled',
    subject: await tx.pseudonym('box', h.boxId),
    // What changed, not to what: names and addresses stay out of the chain.
    data: { by: await actorPseudonym(tx, by), area: h.area, ...(before ? { fields: fields.join(',') } : {}) },
  });
}

/** Takes a box's right away or gives it back. Throws NOT_FOUND. Nothing happens where it is so already. */
export async function setBoxRevoked(
  tx: Tx,
  a: { boxId: string; revoked: boolean; by: By; at: number; viewsEndedAt: number },
): Promise<void> {
  const before = await tx.get(selectBox, { box_id: a.boxId });
  if (!before) throw new CodedError('NOT_FOUND', `box ${a.boxId} is not enrolled`);
  if ((before.revoked === 1) === a.revoked) return;
  await tx.db
    .updateTable('boxes')
    .set({ revoked: Number(a.revoked), ...(a.revoked ? { views_ended_at: a.viewsEndedAt } : {}) })
    .where('box_id', '=', a.boxId)
    .execute();
  await tx.ledger({
    at: a.at,
    kind: a.revoked ? 'box.revoked' : 'box.reinstated',
    subject: await tx.pseudonym('box', a.boxId),
    data: { by: await actorPseudonym(tx, a.by), area: before.area },
  });
}

/** Somebody read the registry, with the households in it: one box of it, or a list. */
export async function recordRegistryRead(
  tx: Tx,
  a: { boxId: string; area: string; by: By; at: number } | { area: string; boxes: number; by: By; at: number },
): Promise<void> {
  const by = await actorPseudonym(tx, a.by);
  const { at, area } = a;
  if ('boxId' in a) {
    const subject = await tx.pseudonym('box', a.boxId);
    await tx.ledger({ at, kind: 'household.looked-up', subject, data: { by, why: 'registry', area } });
  } else await tx.ledger({ at, kind: 'registry.read', subject: 'registry', data: { by, area, boxes: a.boxes } });
}

/**
 * What the enrolment file says of a box. The file is read at each start: an entry that says the same as last time changes nothing,
 * so that what was changed at run time stands; and a revocation is only ever added by it.
 */
export async function writeBoxOfFile(tx: Tx, box: BoxEntry, at: number): Promise<void> {
  const by = 'enrolment-file';
  const { boxId } = box.household;
  const digest = createHash('sha256').update(canonicalJson(box)).digest('base64');
  const before = await tx.get(selectBox, { box_id: boxId });
  if (before?.file_digest === digest) return;
  const change = { by, at, viewsEndedAt: at };
  await writeBox(tx, box, change);
  if (box.revoked) await setBoxRevoked(tx, { boxId, revoked: true, ...change });
  await tx.db.updateTable('boxes').set({ file_digest: digest }).where('box_id', '=', boxId).execute();
}
