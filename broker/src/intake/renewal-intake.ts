/** ④ `up/renew`: a box asks for its next certificate, also when the one that it came with has expired. */
import { CodedError, makeEvent, topics } from '@shouwang/protocol';
import { uuid7 } from '../ids.ts';
import type { IntakeContext } from './context.ts';
import { readMessage } from './read-message.ts';

/** Answers on `down/certificate` after the certificate is on the record. Throws UNKNOWN_TOPIC where there is no CA, and like `Certificates.issue`. */
export async function takeRenewal(ctx: IntakeContext, boxId: string, payload: Buffer): Promise<void> {
  const { id, data } = readMessage('RenewalAsked', payload);
  if (!ctx.certificates) throw new CodedError('UNKNOWN_TOPIC', 'this centre has no CA');
  const { chain } = await ctx.certificates.issue(boxId, data.csr, 'box', id);
  const at = ctx.clock.now();
  ctx.say(
    topics.boxDown(boxId, 'certificate'),
    makeEvent('cn.shouwang.box.certificate.v1', 'centre', uuid7(at), at, { requestId: id, chain }),
  );
}
