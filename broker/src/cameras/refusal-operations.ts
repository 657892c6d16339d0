/** Store operations about viewers that a media node refused. */
import type { ErrorCode, MediaRefusal } from '@shouwang/protocol';
import { refuse } from '../intake/refusal-operations.ts';
import type { Tx } from '../store/tx.ts';
import { viewerPseudonym } from './operations.ts';

/** Among so many rows of the ledger a second copy of a refusal is looked for. */
const RECENT_ROWS = 2000;

/**
 * Puts it in the ledger, where the address that it came from does not belong (it may be a person's), and among the dead letters, where it
 * does: they go one day. A message that comes twice is recorded once.
 */
export async function recordViewRefusal(tx: Tx, a: { node: string; id: string; refusal: MediaRefusal['data']; at: number }): Promise<void> {
  const { node, refusal, at } = a;
  const { code, what, cameraId, grantId, address, detail, count, firstAt, lastAt } = refusal;
  const subject = `refusal:${a.id}`;
  // A node sends again what was not acknowledged before its connection broke: soon, or not at all.
  const newest = await tx.db.selectFrom('ledger').select('n').orderBy('n', 'desc').limit(1).executeTakeFirst();
  const since = (newest?.n ?? 0) - RECENT_ROWS;
  if (await tx.db.selectFrom('ledger').select('n').where('n', '>', since).where('subject', '=', subject).executeTakeFirst()) return;
  const grant = grantId
    ? await tx.db.selectFrom('grants').select(['viewer', 'why']).where('grant_id', '=', grantId).executeTakeFirst()
    : undefined;
  await tx.ledger({
    at,
    kind: 'view.refused',
    subject,
    data: {
      node,
      code,
      what,
      camera: cameraId,
      grant: grantId,
      viewer: grant ? await viewerPseudonym(tx, grant.viewer) : 'unknown',
      why: grant?.why,
      count,
      firstAt,
      lastAt,
    },
  });
  await refuse(tx, {
    refusal: {
      at,
      topic: `viewer ${what}${cameraId ? ` ${cameraId}` : ''}`,
      client: `viewers at media:${node}`,
      code: code as ErrorCode,
      reason: `${count} from ${address ?? 'several addresses'}${grantId ? `, grant ${grantId}` : ''}${detail ? `: ${detail}` : ''}`,
    },
  });
}
