/** `down/received`: announced in the transaction that committed the message. */
import { makeEvent, topics } from '@shouwang/protocol';
import { uuid7 } from '../ids.ts';
import type { Tx } from '../store/tx.ts';

/** Says that message `m.id` is committed. Without a case number: a test. `receivedAt` is when it was committed first. */
export async function announceReceived(
  tx: Tx,
  m: { boxId: string; area: string; id: string; at: number },
  alarmId: string,
  caseNo: string | undefined,
  receivedAt: number,
): Promise<void> {
  const data = { messageId: m.id, alarmId, ...(caseNo === undefined ? {} : { caseNo }), receivedAt };
  const source = caseNo === undefined ? 'centre/intake' : `centre/case/${caseNo}`;
  await tx.announce({
    kind: 'box',
    topic: topics.boxDown(m.boxId, 'received'),
    area: m.area,
    caseNo: caseNo ?? '',
    at: m.at,
    payload: () => JSON.stringify(makeEvent('cn.shouwang.box.received.v1', source, uuid7(m.at), m.at, data)),
  });
}
