/** Store operations about enrolment. */
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import { writeBoxOfFile } from './box-operations.ts';
import type { BoxEntry, Directory, IntegratorEntry, MediaNodeEntry, OperatorEntry } from './directory.ts';

export interface Enrolment {
  boxes: BoxEntry[];
  integrators: IntegratorEntry[];
  mediaNodes: MediaNodeEntry[];
  operators: OperatorEntry[];
  areas: [string, string][];
  at: number;
}

/** Inserts or replaces everybody in the file; who is not in it stays. Changes of boxes go into the ledger. */
export async function enrol(tx: Tx, e: Enrolment): Promise<void> {
  for (const box of e.boxes) await writeBoxOfFile(tx, box, e.at);
  for (const i of e.integrators) {
    const row = {
      name: i.name,
      secret_hash: i.secretHash,
      may_command: Number(i.mayCommand),
      may_see_households: Number(i.maySeeHouseholds),
      may_see_silent: Number(i.maySeeSilent),
      areas: JSON.stringify(i.areas),
      revoked: Number(i.revoked),
    };
    await tx.db
      .insertInto('integrators')
      .values(row)
      .onConflict((oc) => oc.column('name').doUpdateSet(row))
      .execute();
  }
  for (const m of e.mediaNodes) {
    const row = { secret_hash: m.secretHash, revoked: Number(m.revoked) };
    await tx.db
      .insertInto('media_nodes')
      .values({ node: m.node, ...row })
      .onConflict((oc) => oc.column('node').doUpdateSet(row))
      .execute();
  }
  for (const o of e.operators) {
    const row = { user: o.user, name: o.name, post: o.post, role: o.role, password_hash: o.passwordHash, revoked: Number(o.revoked) };
    await tx.db
      .insertInto('operators')
      .values(row)
      .onConflict((oc) => oc.column('user').doUpdateSet(row))
      .execute();
  }
  for (const [code, name] of e.areas)
    await tx.db
      .insertInto('areas')
      .values({ code, name })
      .onConflict((oc) => oc.column('code').doUpdateSet({ name }))
      .execute();
}

/** Everybody. */
export async function readDirectory(tx: Tx): Promise<Directory> {
  const boxes = await tx.db.selectFrom('boxes').selectAll().execute();
  const integrators = await tx.db.selectFrom('integrators').selectAll().execute();
  const nodes = await tx.db.selectFrom('media_nodes').selectAll().execute();
  const operators = await tx.db.selectFrom('operators').selectAll().execute();
  const areas = await tx.db.selectFrom('areas').selectAll().execute();
  return {
    boxes: new Map(boxes.map((b) => [b.box_id, boxEntry(b)])),
    integrators: new Map(
      integrators.map((i) => [
        i.name,
        {
          name: i.name,
          secretHash: i.secret_hash,
          mayCommand: i.may_command === 1,
          maySeeHouseholds: i.may_see_households === 1,
          maySeeSilent: i.may_see_silent === 1,
          areas: JSON.parse(i.areas) as string[],
          revoked: i.revoked === 1,
        },
      ]),
    ),
    mediaNodes: new Map(nodes.map((n) => [n.node, { node: n.node, secretHash: n.secret_hash, revoked: n.revoked === 1 }])),
    operators: new Map(
      operators.map((o) => [
        o.user,
        { user: o.user, name: o.name, post: o.post, role: o.role, passwordHash: o.password_hash, revoked: o.revoked === 1 },
      ]),
    ),
    areas: new Map(areas.map((a) => [a.code, a.name])),
  };
}

function boxEntry(b: Tables['boxes']): BoxEntry {
  const position = b.lat === null || b.lon === null ? undefined : { lat: b.lat, lon: b.lon };
  return {
    household: { boxId: b.box_id, name: b.name, address: b.address, phone: b.phone, area: b.area, position },
    secretHash: b.secret_hash,
    revoked: b.revoked === 1,
    viewsEndedAt: b.views_ended_at ?? undefined,
  };
}
