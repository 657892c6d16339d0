/** Store operations about grants: each one is on the record before it is handed out. */

import type { Unmask } from '@shouwang/protocol';
import { viewerPseudonym } from '../cameras/operations.ts';
import type { Tx } from '../store/tx.ts';
import { recordUnmasking, type Unmasking } from './unmask-operations.ts';

export interface IssuedGrant {
  grantId: string;
  cameraId: string;
  node: string;
  /** `box:ID` or `operator:NAME`. */
  viewer: string;
  /** `wall`, `watch`, `case:NUMBER`, `round`, `maintenance`. */
  why: string;
  issuedAt: number;
  expiresAt: number;
  /** Without masks, for this reason. */
  unmasking?: (Unmasking & { unmask: Unmask }) | undefined;
}

/** Puts grants on the record. */
export async function recordGrants(tx: Tx, a: { grants: IssuedGrant[] }): Promise<void> {
  for (const g of a.grants) {
    await tx.db
      .insertInto('grants')
      .values({
        grant_id: g.grantId,
        camera_id: g.cameraId,
        node: g.node,
        viewer: g.viewer,
        why: g.why,
        issued_at: g.issuedAt,
        expires_at: g.expiresAt,
      })
      .execute();
    await tx.ledger({
      at: g.issuedAt,
      kind: 'grant.issued',
      subject: `grant:${g.grantId}`,
      data: { camera: g.cameraId, viewer: await viewerPseudonym(tx, g.viewer), why: g.why, expiresAt: g.expiresAt },
    });
    if (g.unmasking) await recordUnmasking(tx, g.grantId, g.unmasking, g.issuedAt);
  }
}
