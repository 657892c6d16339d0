/** Store operations about media nodes: the keys that they sign with, and what is wrong there. */
import type { EvidenceKey, EvidenceKeyTold, MediaFaultsTold } from '@shouwang/protocol';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';

/** A key is registered when it is first told, and never forgotten: old clips are checked with it. */
export async function registerKey(tx: Tx, a: { node: string; key: EvidenceKeyTold['data']; at: number }): Promise<void> {
  const { kid, alg, publicKey } = a.key;
  const known = await tx.db.selectFrom('evidence_keys').select('node').where('kid', '=', kid).executeTakeFirst();
  if (known) return;
  await tx.db.insertInto('evidence_keys').values({ kid, node: a.node, alg, public_key: publicKey, first_seen_at: a.at }).execute();
  await tx.ledger({ at: a.at, kind: 'evidence.key', subject: `media:${a.node}`, data: { kid, alg, publicKey } });
}

export async function readKeys(tx: Tx): Promise<EvidenceKey[]> {
  const rows = await tx.db.selectFrom('evidence_keys').selectAll().orderBy('first_seen_at').execute();
  return rows.map((r) => ({ kid: r.kid, node: r.node, alg: 'Ed25519', publicKey: r.public_key, firstSeenAt: r.first_seen_at }));
}

/** Takes over everything that is wrong at a node; what begins and ends is in the ledger. */
export async function replaceFaults(tx: Tx, a: { node: string; faults: MediaFaultsTold['data']['faults']; at: number }): Promise<void> {
  const before = await tx.db.selectFrom('media_faults').selectAll().where('node', '=', a.node).execute();
  const keyOf = (camera: string, fault: string) => `${camera}/${fault}`;
  const now = new Map(a.faults.map((f) => [keyOf(f.cameraId ?? '', f.fault), f]));
  const known = new Set(before.map((f) => keyOf(f.camera_id, f.fault)));
  const subject = `media:${a.node}`;
  for (const f of before) {
    if (now.has(keyOf(f.camera_id, f.fault))) continue;
    const { camera_id, fault } = f;
    await tx.db
      .deleteFrom('media_faults')
      .where('node', '=', a.node)
      .where('camera_id', '=', camera_id)
      .where('fault', '=', fault)
      .execute();
    await tx.ledger({ at: a.at, kind: 'media.fault-ended', subject, data: { camera: camera_id || undefined, fault } });
  }
  for (const [key, f] of now) {
    const row = { since: f.since, detail: f.detail ?? null };
    if (known.has(key)) {
      await tx.db
        .updateTable('media_faults')
        .set(row)
        .where('node', '=', a.node)
        .where('camera_id', '=', f.cameraId ?? '')
        .where('fault', '=', f.fault)
        .execute();
      continue;
    }
    await tx.db
      .insertInto('media_faults')
      .values({ node: a.node, camera_id: f.cameraId ?? '', fault: f.fault, ...row })
      .execute();
    await tx.ledger({ at: a.at, kind: 'media.fault-began', subject, data: { camera: f.cameraId, fault: f.fault, since: f.since } });
  }
}

export async function readFaults(tx: Tx): Promise<Tables['media_faults'][]> {
  return tx.db.selectFrom('media_faults').selectAll().orderBy('since').execute();
}
