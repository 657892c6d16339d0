/** What was refused leaves a trace: dead letters, and the box's own `rejected`, in one transaction. */
import { type DeadLetter, ERRORS, type ErrorCode, makeEvent, topics } from '@shouwang/protocol';
import { sql } from 'kysely';
import { uuid7 } from '../ids.ts';
import type { Tx } from '../store/tx.ts';

/** Longest part of a refused payload that is kept. */
export const KEPT_PAYLOAD = 2000;
/** Dead letters kept; older ones go. */
const KEPT_ROWS = 10_000;
/** Of these from one client at most, so that nobody can push the others' out. Connections that were refused count as one: their names are made up. */
const KEPT_ROWS_OF_ONE = 1000;
/** Deleting happens once in so many insertions. */
const PRUNE_EVERY = 500;

export interface Refusal {
  at: number;
  topic: string;
  client: string;
  code: ErrorCode;
  reason: string;
  payload: string;
}

/** Where a `rejected` goes. */
export interface Rejection {
  boxId: string;
  messageId: string;
  alarmId?: string | undefined;
  /** The centre's telephone number. */
  phone: string;
}

/** Stores a dead letter and, for a box whose message id could be read, announces `rejected`. */
export async function refuse(tx: Tx, a: { refusal: Refusal; rejection?: Rejection | undefined }): Promise<void> {
  const { refusal, rejection } = a;
  const last = await tx.db.selectFrom('dead_letters').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const id = (last?.id ?? 0) + 1;
  await tx.db
    .insertInto('dead_letters')
    .values({ id, ...refusal, payload: refusal.payload.slice(0, KEPT_PAYLOAD), reason: refusal.reason.slice(0, 500) })
    .execute();
  if (id % PRUNE_EVERY === 0) await pruneDeadLetters(tx);
  if (!rejection) return;
  if (refusal.code === 'ID_CONFLICT')
    await tx.ledger({
      at: refusal.at,
      kind: 'message.conflict',
      subject: `message:${rejection.messageId}`,
      data: { by: await tx.pseudonym('box', rejection.boxId), deadLetter: id },
    });
  const data = {
    messageId: rejection.messageId,
    alarmId: rejection.alarmId,
    code: refusal.code,
    message: ERRORS[refusal.code].zh,
    phone: rejection.phone,
  };
  await tx.announce({
    kind: 'box',
    topic: topics.boxDown(rejection.boxId, 'rejected'),
    area: '',
    caseNo: '',
    at: refusal.at,
    payload: () => JSON.stringify(makeEvent('cn.shouwang.box.rejected.v1', 'centre/intake', uuid7(refusal.at), refusal.at, data)),
  });
}

async function pruneDeadLetters(tx: Tx): Promise<void> {
  await sql`delete from dead_letters where id in (
    select id from (
      select id,
        row_number() over (order by id desc) as place,
        row_number() over (partition by case when topic = 'CONNECT' then 'CONNECT' else client end order by id desc) as own_place
      from dead_letters
    ) as places where place > ${KEPT_ROWS} or own_place > ${KEPT_ROWS_OF_ONE}
  )`.execute(tx.db);
}

/** Newest first, from below `before`. */
export async function readDeadLetters(tx: Tx, a: { before?: number | undefined; limit: number }): Promise<DeadLetter[]> {
  let query = tx.db.selectFrom('dead_letters').selectAll().orderBy('id', 'desc').limit(a.limit);
  if (a.before !== undefined) query = query.where('id', '<', a.before);
  return query.execute();
}
