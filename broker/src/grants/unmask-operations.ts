/** Store operations about seeing cameras and clips without their masks: each time is on the record, and each try of somebody without the right. */
import { createHash } from 'node:crypto';
import type { ClipPurpose, ErrorCode, Unmask } from '@shouwang/protocol';
import { randomSalt } from '../ids.ts';
import type { Tx } from '../store/tx.ts';

/** What a person asks to see. */
export interface Unmasking {
  user: string;
  cameraId: string;
  what: 'live' | ClipPurpose;
  clipId?: string | undefined;
  caseNo?: string | undefined;
  /** Absent: nothing was said for it. */
  unmask?: Unmask | undefined;
}

/** Part of the grant's own transaction. */
export async function recordUnmasking(
  tx: Tx,
  grantId: string,
  { unmask, ...a }: Unmasking & { unmask: Unmask },
  at: number,
): Promise<void> {
  const salt = randomSalt();
  const { reason, words } = unmask;
  await tx.db
    .insertInto('unmaskings')
    .values({
      grant_id: grantId,
      at,
      by: a.user,
      camera_id: a.cameraId,
      clip_id: a.clipId ?? null,
      case_no: a.caseNo ?? null,
      reason,
      words,
      salt,
    })
    .execute();
  await tx.ledger({
    at,
    kind: 'unmask.granted',
    subject: `grant:${grantId}`,
    data: {
      ...(await told(tx, a)),
      reason,
      // What people write may hold personal data: a salted commitment only.
      wordsSha256: createHash('sha256').update(salt).update(words).digest('hex'),
    },
  });
}

/** Somebody without the right, or without a reason, was refused. */
export async function recordUnmaskRefusal(tx: Tx, a: Unmasking & { code: ErrorCode; at: number }): Promise<void> {
  const { unmask, code, at, ...asked } = a;
  await tx.ledger({
    at,
    kind: 'unmask.refused',
    subject: `camera:${a.cameraId}`,
    data: { ...(await told(tx, asked)), reason: unmask?.reason, code },
  });
}

async function told(tx: Tx, { user, cameraId, what, clipId, caseNo }: Unmasking) {
  return { by: await tx.pseudonym('operator', user), camera: cameraId, what, clip: clipId, case: caseNo };
}
