/** Store operations about media nodes: their catalogue, and the views that they report. */
import type { CatalogueCamera, MediaView } from '@shouwang/protocol';
import type { Tx } from '../store/tx.ts';

export interface CatalogueRow extends CatalogueCamera {
  node: string;
}

export interface NodeRow {
  node: string;
  epoch?: string | undefined;
  publicUrl?: string | undefined;
}

/** Why a view ended, in `views` only: its node started anew. A node that kept its journal may still tell the real end. */
const PRESUMED = 'presumed';

/** A node started: remembers its address, ends the views of its earlier lives at `at`. */
export async function nodeStarted(tx: Tx, a: { node: string; epoch: string; publicUrl: string; at: number }): Promise<void> {
  await tx.db.updateTable('media_nodes').set({ epoch: a.epoch, public_url: a.publicUrl }).where('node', '=', a.node).execute();
  const open = await tx.db
    .selectFrom('views')
    .select(['view_id', 'camera_id', 'grant_id'])
    .where('node', '=', a.node)
    .where('ended_at', 'is', null)
    .where('epoch', '!=', a.epoch)
    .execute();
  for (const view of open) {
    await tx.db.updateTable('views').set({ ended_at: a.at, why: PRESUMED }).where('view_id', '=', view.view_id).execute();
    await tx.ledger({
      at: a.at,
      kind: 'view.ended',
      subject: `view:${view.view_id}`,
      // The node died with this view open: when exactly it ended nobody knows.
      data: { camera: view.camera_id, grant: view.grant_id, endedAt: a.at, why: 'stopped', exact: false },
    });
  }
}

/** Rows a statement: a first catalogue of thousands must not keep an alarm waiting. */
const BATCH = 200;

/**
 * Makes a node's catalogue what it announces; writes only what differs, as nodes announce it with every connection. Returns ids that belong
 * to another node and were left there.
 */
export async function replaceCatalogue(tx: Tx, a: { node: string; cameras: CatalogueCamera[] }): Promise<{ taken: string[] }> {
  const rows = await tx.db.selectFrom('cameras').selectAll().execute();
  const foreign = new Set(rows.filter((r) => r.node !== a.node).map((r) => r.camera_id));
  const before = new Map(rows.filter((r) => r.node === a.node).map((r) => [r.camera_id, r]));
  const taken: string[] = [];
  const fresh: ReturnType<typeof asRow>[] = [];
  for (const c of a.cameras) {
    if (foreign.has(c.id)) {
      taken.push(c.id);
      continue;
    }
    foreign.add(c.id);
    const row = asRow(a.node, c);
    const known = before.get(c.id);
    if (known && Object.entries(row).every(([key, value]) => known[key as keyof typeof row] === value)) before.delete(c.id);
    else fresh.push(row);
  }
  const gone = [...before.keys()];
  for (let i = 0; i < gone.length; i += BATCH)
    await tx.db
      .deleteFrom('cameras')
      .where('camera_id', 'in', gone.slice(i, i + BATCH))
      .execute();
  for (let i = 0; i < fresh.length; i += BATCH)
    await tx.db
      .insertInto('cameras')
      .values(fresh.slice(i, i + BATCH))
      .execute();
  return { taken };
}

function asRow(node: string, c: CatalogueCamera) {
  return {
    camera_id: c.id,
    node,
    name: c.name,
    place: c.place,
    area: c.area,
    lat: c.position?.lat ?? null,
    lon: c.position?.lon ?? null,
    households_of: JSON.stringify(c.householdsOf),
    camera_group: c.group ?? null,
    masked: c.masked ? 1 : 0,
  };
}

/** All cameras of all nodes, and the nodes. */
export async function readCatalogue(tx: Tx): Promise<{ cameras: CatalogueRow[]; nodes: NodeRow[] }> {
  const cameras = await tx.db.selectFrom('cameras').selectAll().orderBy('camera_id').execute();
  const nodes = await tx.db.selectFrom('media_nodes').select(['node', 'epoch', 'public_url']).execute();
  return {
    cameras: cameras.map((c) => ({
      id: c.camera_id,
      node: c.node,
      name: c.name,
      place: c.place,
      area: c.area,
      ...(c.lat === null || c.lon === null ? {} : { position: { lat: c.lat, lon: c.lon } }),
      householdsOf: JSON.parse(c.households_of) as string[],
      ...(c.camera_group === null ? {} : { group: c.camera_group }),
      ...(c.masked ? { masked: true } : {}),
    })),
    nodes: nodes.map((n) => ({ node: n.node, epoch: n.epoch ?? undefined, publicUrl: n.public_url ?? undefined })),
  };
}

/** A view started or ended; saying so twice changes nothing. The viewer is taken from the grant. */
export async function recordView(tx: Tx, a: { node: string; view: MediaView['data']; at: number }): Promise<void> {
  const { view, node } = a;
  const grant = await tx.db.selectFrom('grants').select(['viewer', 'why']).where('grant_id', '=', view.grantId).executeTakeFirst();
  const known = await tx.db.selectFrom('views').select(['ended_at', 'node', 'why']).where('view_id', '=', view.viewId).executeTakeFirst();
  if (known && known.node !== node) return;
  const data = {
    camera: view.cameraId,
    grant: view.grantId,
    node,
    viewer: grant ? await viewerPseudonym(tx, grant.viewer) : 'unknown',
    why: grant?.why,
  };
  if (!known) {
    await tx.db
      .insertInto('views')
      .values({
        view_id: view.viewId,
        node,
        epoch: view.epoch,
        grant_id: view.grantId,
        camera_id: view.cameraId,
        started_at: view.at,
        ended_at: null,
        why: null,
      })
      .execute();
    if (view.phase === 'started')
      await tx.ledger({ at: a.at, kind: 'view.started', subject: `view:${view.viewId}`, data: { ...data, startedAt: view.at } });
  }
  const corrects = known?.why === PRESUMED;
  if (view.phase === 'ended' && ((known?.ended_at ?? null) === null || corrects)) {
    await tx.db
      .updateTable('views')
      .set({ ended_at: view.at, why: view.why ?? 'closed' })
      .where('view_id', '=', view.viewId)
      .execute();
    await tx.ledger({
      at: a.at,
      kind: 'view.ended',
      subject: `view:${view.viewId}`,
      data: {
        ...data,
        endedAt: view.at,
        ended: view.why ?? 'closed',
        ...(view.bytes === undefined ? {} : { bytes: view.bytes }),
        ...(corrects ? { corrects } : {}),
      },
    });
  }
}

/** The ledger's name of a viewer `box:ID` or `operator:NAME`. */
export async function viewerPseudonym(tx: Tx, viewer: string): Promise<string> {
  const [kind, name] = viewer.split(':');
  return (kind === 'box' || kind === 'operator') && name ? tx.pseudonym(kind, name) : 'unknown';
}
