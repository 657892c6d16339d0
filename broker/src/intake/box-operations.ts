/** What a box says, inside the store's transaction: one answer each, idempotent by (box, message id). */
import type { AlarmRaised } from '@shouwang/protocol';
import { CodedError, makeEvent, topics } from '@shouwang/protocol';
import type { Case, CaseCommand } from '../cases/case.ts';
import { insertMessage, selectCaseOfAlarm, selectMessage, selectOfBox } from '../cases/case-queries.ts';
import { announceProgress, applyCommand, openCase } from '../cases/case-service.ts';
import { uuid7 } from '../ids.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';

interface BoxMessage {
  boxId: string;
  /** The household's area. */
  area: string;
  /** The envelope's id. */
  id: string;
  /** SHA-256 of the canonical content. */
  digest: string;
  /** The envelope as JSON text. */
  payload: string;
  at: number;
}

export interface RaiseAlarm extends BoxMessage {
  data: AlarmRaised['data'];
  /** `YYYYMMDD` at the centre. */
  day: string;
  staffed: boolean;
}

export interface UpdateAlarm extends BoxMessage {
  kind: 'withdraw' | 'detail' | 'rating';
  alarmId: string;
  command: CaseCommand;
}

/** What the box is told, or was told before. */
export interface Receipt {
  caseNo: string;
  receivedAt: number;
  /** False when the same message had been committed before. */
  fresh: boolean;
}

/** Makes a case of an alarm. Throws ID_CONFLICT. */
export async function raiseAlarm(tx: Tx, a: RaiseAlarm): Promise<Receipt> {
  const before = await committedBefore(tx, a, 'alarm');
  if (before) return before;
  const opening = {
    boxId: a.boxId,
    alarmId: a.id,
    area: a.area,
    pressedAt: a.data.pressedAt,
    gesture: a.data.gesture,
    withdrawWindowS: a.data.withdrawWindowS,
    onScreen: a.data.onScreen,
  };
  const opened = await openCase(tx, opening, a.day, a.at, a.staffed);
  await remember(tx, a, 'alarm', a.id, opened);
  await announceReceived(tx, a, a.id, opened.caseNo, a.at);
  await announceProgress(tx, opened, a.at);
  return { caseNo: opened.caseNo, receivedAt: a.at, fresh: true };
}

/** Withdraws, details or rates an alarm of this box. Throws ALARM_UNKNOWN, ID_CONFLICT, CASE_STATE. */
export async function updateAlarm(tx: Tx, u: UpdateAlarm): Promise<Receipt> {
  const before = await committedBefore(tx, u, u.kind);
  if (before) return before;
  const row = await tx.get(selectCaseOfAlarm, { box_id: u.boxId, alarm_id: u.alarmId });
  if (!row) throw new CodedError('ALARM_UNKNOWN');
  const current = JSON.parse(row.body) as Case;
  // First the receipt, then what came of it: the box deletes its copy, then learns the new state.
  await remember(tx, u, u.kind, u.alarmId, current);
  await announceReceived(tx, u, u.alarmId, current.caseNo, u.at);
  await applyCommand(tx, current, u.command, { by: 'box', actor: `box:${u.boxId}` }, u.at);
  return { caseNo: current.caseNo, receivedAt: u.at, fresh: true };
}

/** How far back a closed case is still told to its box. */
const TOLD_AFTER_CLOSING_MS = 24 * 3600 * 1000;
const TOLD_AT_MOST = 100;

/** The cases that a box is told about after a reconnect: those it asked for, and every one still of interest, oldest first. */
export async function casesForSync(tx: Tx, a: { boxId: string; open: string[]; at: number }): Promise<Case[]> {
  const rows = await tx.all(selectOfBox, { box_id: a.boxId, closed_since: a.at - TOLD_AFTER_CLOSING_MS, limit: TOLD_AT_MOST });
  const found = new Map<string, Case>();
  for (const row of rows) {
    const c = JSON.parse(row.body) as Case;
    found.set(c.alarmId, c);
  }
  for (const alarmId of a.open) {
    if (found.has(alarmId)) continue;
    const row = await tx.get(selectCaseOfAlarm, { box_id: a.boxId, alarm_id: alarmId });
    if (row) found.set(alarmId, JSON.parse(row.body) as Case);
  }
  return [...found.values()].sort((x, y) => x.receivedAt - y.receivedAt);
}

async function committedBefore(tx: Tx, m: BoxMessage, kind: Tables['box_messages']['kind']): Promise<Receipt | undefined> {
  const row = await tx.get(selectMessage, { box_id: m.boxId, id: m.id });
  if (!row) return undefined;
  if (row.digest !== m.digest || row.kind !== kind) throw new CodedError('ID_CONFLICT');
  await announceReceived(tx, m, row.alarm_id, row.case_no, row.received_at);
  return { caseNo: row.case_no, receivedAt: row.received_at, fresh: false };
}

async function remember(tx: Tx, m: BoxMessage, kind: Tables['box_messages']['kind'], alarmId: string, c: Case): Promise<void> {
  await tx.run(insertMessage, {
    box_id: m.boxId,
    id: m.id,
    kind,
    digest: m.digest,
    alarm_id: alarmId,
    case_no: c.caseNo,
    received_at: m.at,
    payload: m.payload,
  });
}

async function announceReceived(tx: Tx, m: BoxMessage, alarmId: string, caseNo: string, receivedAt: number): Promise<void> {
  const data = { messageId: m.id, alarmId, caseNo, receivedAt };
  await tx.announce({
    kind: 'box',
    topic: topics.boxDown(m.boxId, 'received'),
    area: m.area,
    caseNo,
    at: m.at,
    payload: () => JSON.stringify(makeEvent('cn.shouwang.box.received.v1', `centre/case/${caseNo}`, uuid7(m.at), m.at, data)),
  });
}
