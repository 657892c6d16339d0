/** What was refused leaves a trace: dead letters, and the box's own `rejected`, in one transaction. */
import { CodedError, type DeadLetter, type DeadLetterWhole, ERRORS, type ErrorCode, makeEvent, topics } from '@shouwang/protocol';
import { type Selectable, sql } from 'kysely';
import { actorPseudonym } from '../cases/case-service.ts';
import { uuid7 } from '../ids.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';

/** Longest part of a refused payload that a list shows, in UTF-16 units. */
export const KEPT_PAYLOAD = 2000;
/** Dead letters kept; older ones go. */
const KEPT_ROWS = 10_000;
/** Of these from one client at most, so that nobody can push the others' out. Connections that were refused count as one: their names are made up. */
const KEPT_ROWS_OF_ONE = 1000;
/** Whole payloads are kept so that they can be replayed: so many bytes in all, and of one client; beyond that only their beginning. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_BYTES_OF_ONE = 8 * 1024 * 1024;
/** Deleting happens once in so many insertions. */
const PRUNE_EVERY = 200;

export interface Refusal {
  at: number;
  topic: string;
  client: string;
  code: ErrorCode;
  reason: string;
  /** The whole payload; none for a refused connection. */
  payload?: Uint8Array | undefined;
}

/** Where a `rejected` goes. */
export interface Rejection {
  boxId: string;
  messageId: string;
  alarmId?: string | undefined;
  /** The centre's telephone number. */
  phone: string;
}

/** Stores a dead letter and, for a box whose message id could be read, announces `rejected`. Returns the dead letter's number. */
export async function refuse(tx: Tx, a: { refusal: Refusal; rejection?: Rejection | undefined }): Promise<number> {
  const { refusal, rejection } = a;
  const { payload: bytes, ...columns } = refusal;
  const body = Buffer.from(bytes ?? []);
  const last = await tx.db.selectFrom('dead_letters').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const id = (last?.id ?? 0) + 1;
  await tx.db
    .insertInto('dead_letters')
    .values({
      id,
      ...columns,
      reason: refusal.reason.slice(0, 500),
      payload: body.toString('utf8', 0, 2 * KEPT_PAYLOAD).slice(0, KEPT_PAYLOAD),
      body_bytes: body.length,
    })
    .execute();
  if (body.length > 0)
    await tx.db
      .insertInto('dead_letter_bodies')
      .values({ id, body: body.toString('base64') })
      .execute();
  if (id % PRUNE_EVERY === 0) await pruneDeadLetters(tx);
  if (!rejection) return id;
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
  return id;
}

/** The same happened so many times in all. A dead letter that is gone meanwhile is fine. */
export async function countDeadLetter(tx: Tx, a: { id: number; count: number }): Promise<void> {
  await tx.db.updateTable('dead_letters').set({ count: a.count }).where('id', '=', a.id).execute();
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
  await sql`update dead_letters set body_bytes = 0 where id in (
    select id from (
      select id,
        sum(body_bytes) over (order by id desc) as bytes,
        sum(body_bytes) over (partition by client order by id desc) as own_bytes
      from dead_letters
    ) as sizes where bytes > ${KEPT_BYTES} or own_bytes > ${KEPT_BYTES_OF_ONE}
  )`.execute(tx.db);
  await sql`delete from dead_letter_bodies where id not in (select id from dead_letters where body_bytes > 0)`.execute(tx.db);
}

/** Newest first, from below `before`. */
export async function readDeadLetters(tx: Tx, a: { before?: number | undefined; limit: number }): Promise<DeadLetter[]> {
  let query = tx.db.selectFrom('dead_letters').selectAll().orderBy('id', 'desc').limit(a.limit);
  if (a.before !== undefined) query = query.where('id', '<', a.before);
  return (await query.execute()).map(deadLetter);
}

/** One with its whole payload, on the record with who read it where `by` is given. Throws NOT_FOUND. */
export async function readDeadLetter(tx: Tx, a: { id: number; by?: string | undefined; at: number }): Promise<DeadLetterWhole> {
  const row = await tx.db.selectFrom('dead_letters').selectAll().where('id', '=', a.id).executeTakeFirst();
  if (!row) throw new CodedError('NOT_FOUND', `no dead letter ${a.id}`);
  const kept = await tx.db.selectFrom('dead_letter_bodies').select('body').where('id', '=', a.id).executeTakeFirst();
  if (a.by !== undefined) await onRecord(tx, 'dead-letter.read', a.id, a.at, { by: await actorPseudonym(tx, a.by) });
  return { ...deadLetter(row), bodyBase64: kept?.body };
}

/** What a replay came to: `accepted` or a code. */
export async function recordReplay(tx: Tx, a: { id: number; by: string; at: number; outcome: string }): Promise<void> {
  const { id, by, at, outcome } = a;
  await tx.db.updateTable('dead_letters').set({ replayed_at: at, replayed_by: by, outcome }).where('id', '=', id).execute();
  await onRecord(tx, 'dead-letter.replayed', id, at, { by: await actorPseudonym(tx, by), outcome });
}

async function onRecord(tx: Tx, kind: string, id: number, at: number, data: Record<string, unknown>): Promise<void> {
  await tx.ledger({ at, kind, subject: `dead-letter:${id}`, data });
}

function deadLetter(row: Selectable<Tables['dead_letters']>): DeadLetter {
  const { body_bytes, replayed_at, replayed_by, outcome, ...rest } = row;
  return {
    ...rest,
    bytes: body_bytes,
    ...(replayed_at === null ? {} : { replayedAt: replayed_at, replayedBy: replayed_by ?? '', outcome: outcome ?? '' }),
  };
}
