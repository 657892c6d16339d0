/**
 * What a box says about an alarm before the alarm itself has come: kept here, committed, and made part of the case in
 * the alarm's own transaction. It is answered only then; where no alarm comes within the time allowed it becomes a
 * dead letter and the box hears ALARM_UNKNOWN. Until either, the box keeps its copy: nothing can be lost.
 */
import { CodedError, topics } from '@shouwang/protocol';
import type { Case, CaseCommand } from '../cases/case.ts';
import { prepare } from '../store/prepared.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import { refuse } from './refusal-operations.ts';

/** Of one box at most; more are refused. A box never holds more about one alarm. */
export const EARLY_OF_ONE_BOX = 50;
/** Given up at once at most; the rest a moment later. */
const EXPIRED_AT_ONCE = 500;

type EarlyRow = Tables['early_updates'];

const insertEarly = prepare<EarlyRow>()((db, p) =>
  db.insertInto('early_updates').values({
    box_id: p('box_id'),
    id: p('id'),
    alarm_id: p('alarm_id'),
    kind: p('kind'),
    digest: p('digest'),
    command: p('command'),
    payload: p('payload'),
    received_at: p('received_at'),
  }),
);

const selectOfBox = prepare<{ box_id: string; limit: number }>()((db, p) =>
  db.selectFrom('early_updates').select(['id', 'digest', 'kind']).where('box_id', '=', p('box_id')).limit(p('limit')),
);

const selectOfAlarm = prepare<{ box_id: string; alarm_id: string }>()((db, p) =>
  db
    .selectFrom('early_updates')
    .selectAll()
    .where('box_id', '=', p('box_id'))
    .where('alarm_id', '=', p('alarm_id'))
    .orderBy('received_at')
    .orderBy('id'),
);

const deleteEarly = prepare<{ box_id: string; id: string }>()((db, p) =>
  db.deleteFrom('early_updates').where('box_id', '=', p('box_id')).where('id', '=', p('id')),
);

/** Keeps one. The same message once more changes nothing. Throws ID_CONFLICT, and ALARM_UNKNOWN where too many wait. */
export async function keepEarly(
  tx: Tx,
  u: {
    boxId: string;
    id: string;
    alarmId: string;
    kind: EarlyRow['kind'];
    digest: string;
    command: CaseCommand;
    payload: string;
    at: number;
  },
): Promise<void> {
  const waiting = await tx.all(selectOfBox, { box_id: u.boxId, limit: EARLY_OF_ONE_BOX });
  const before = waiting.find((w) => w.id === u.id);
  if (before) {
    if (before.digest !== u.digest || before.kind !== u.kind) throw new CodedError('ID_CONFLICT');
    return;
  }
  if (waiting.length >= EARLY_OF_ONE_BOX) throw new CodedError('ALARM_UNKNOWN', 'too many updates of this box wait for their alarms');
  await tx.run(insertEarly, {
    box_id: u.boxId,
    id: u.id,
    alarm_id: u.alarmId,
    kind: u.kind,
    digest: u.digest,
    command: JSON.stringify(u.command),
    payload: u.payload,
    received_at: u.at,
  });
}

/** What waits for this alarm, in the order of coming; it waits no longer. The caller makes it part of the case. */
export async function takeEarly(tx: Tx, c: Pick<Case, 'boxId' | 'alarmId'>): Promise<EarlyRow[]> {
  const rows = await tx.all(selectOfAlarm, { box_id: c.boxId, alarm_id: c.alarmId });
  for (const row of rows) await tx.run(deleteEarly, { box_id: row.box_id, id: row.id });
  return rows;
}

/** Gives up what has waited since `before` or longer: a dead letter each, and the box is told ALARM_UNKNOWN. Returns how many. */
export async function expireEarly(tx: Tx, a: { before: number; at: number; phone: string }): Promise<number> {
  const rows = await tx.db.selectFrom('early_updates').selectAll().where('received_at', '<=', a.before).limit(EXPIRED_AT_ONCE).execute();
  for (const row of rows) {
    await tx.run(deleteEarly, { box_id: row.box_id, id: row.id });
    await refuseEarly(tx, row, new CodedError('ALARM_UNKNOWN', 'no such alarm came in the time allowed'), a);
  }
  return rows.length;
}

/** The dead letter and the answer of an update that found no alarm, or one that takes none. */
export async function refuseEarly(tx: Tx, row: EarlyRow, error: CodedError, a: { at: number; phone: string }): Promise<void> {
  await refuse(tx, {
    refusal: {
      at: a.at,
      topic: topics.boxUp(row.box_id, row.kind),
      client: `box:${row.box_id}`,
      code: error.code,
      reason: error.detail ?? error.message,
      payload: Buffer.from(row.payload),
    },
    rejection: { boxId: row.box_id, messageId: row.id, alarmId: row.alarm_id, phone: a.phone },
  });
}
