/** What a box says, inside the store's transaction: one answer each, idempotent by (box, message id). */
import type { AlarmRaised } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import type { Case, CaseCommand } from '../cases/case.ts';
import { insertMessage, selectCaseOfAlarm, selectMessage, selectOfBox, selectOpenSilent } from '../cases/case-queries.ts';
import { type Actor, announceProgress, applyCommand, openCase } from '../cases/case-service.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import { keepEarly, refuseEarly, takeEarly } from './early-updates.ts';
import { announceReceived } from './receipts.ts';

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
  /** The box's clock minus the centre's, ms, where it was measured. */
  clockSkewMs?: number | undefined;
  /** The centre's telephone number, for an update that has to be refused. */
  phone: string;
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
  // Either mark is enough: treated as loud by mistake, it could be the caller's end.
  const silent = a.data.silent === true || a.data.gesture === 'silent' ? (true as const) : undefined;
  if (silent) {
    const row = await tx.get(selectOpenSilent, { box_id: a.boxId });
    if (row) return pressedSilentlyAgain(tx, a, JSON.parse(row.body) as Case);
  }
  const opening = {
    boxId: a.boxId,
    alarmId: a.id,
    area: a.area,
    pressedAt: a.data.pressedAt,
    gesture: a.data.gesture,
    withdrawWindowS: a.data.withdrawWindowS,
    onScreen: a.data.onScreen,
    silent,
    clockSkewMs: a.clockSkewMs,
  };
  const opened = await openCase(tx, opening, a.day, a.at, a.staffed);
  await remember(tx, a, 'alarm', a.id, opened);
  await announceReceived(tx, a, a.id, opened.caseNo, a.at);
  await announceProgress(tx, opened, a.at);
  await applyEarly(tx, a, opened);
  return { caseNo: opened.caseNo, receivedAt: a.at, fresh: true };
}

/** The box forgets a silent alarm as soon as it is received, so it cannot say "pressed again": the centre sees that itself. */
async function pressedSilentlyAgain(tx: Tx, a: RaiseAlarm, open: Case): Promise<Receipt> {
  await remember(tx, a, 'alarm', open.alarmId, open);
  await announceReceived(tx, a, a.id, open.caseNo, a.at);
  await applyCommand(tx, open, { do: 'detail', pressedAgain: true, onScreen: a.data.onScreen }, boxActor(a.boxId), a.at);
  return { caseNo: open.caseNo, receivedAt: a.at, fresh: true };
}

/** What was said about this alarm before it came is now said of its case. */
async function applyEarly(tx: Tx, a: RaiseAlarm, opened: Case): Promise<void> {
  let current = opened;
  for (const row of await takeEarly(tx, opened)) {
    // An id that was used again meanwhile must not keep the alarm out.
    const usedAgain = await tx.get(selectMessage, { box_id: a.boxId, id: row.id });
    if (usedAgain || opened.silent) {
      await refuseEarly(tx, row, usedAgain ? new CodedError('ID_CONFLICT') : silentTakesNothing(), a);
      continue;
    }
    const message = { boxId: a.boxId, area: a.area, id: row.id, digest: row.digest, payload: row.payload, at: a.at };
    await remember(tx, message, row.kind, a.id, current);
    await announceReceived(tx, message, a.id, current.caseNo, a.at);
    current = await applyCommand(tx, current, JSON.parse(row.command) as CaseCommand, boxActor(a.boxId), a.at);
  }
}

const boxActor = (boxId: string): Actor => ({ by: 'box', actor: `box:${boxId}` });
/** The box hears the code only, which says nothing of the reason. */
const silentTakesNothing = () => new CodedError('NOT_ALLOWED', 'a silent alarm takes nothing more from its box');

/**
 * Withdraws, details or rates an alarm of this box. What comes before its alarm is kept (undefined: not answered yet), but
 * for a rating. Throws ALARM_UNKNOWN, ID_CONFLICT, CASE_STATE, and NOT_ALLOWED for a silent alarm.
 */
export async function updateAlarm(tx: Tx, u: UpdateAlarm): Promise<Receipt | undefined> {
  const before = await committedBefore(tx, u, u.kind);
  if (before) return before;
  const row = await tx.get(selectCaseOfAlarm, { box_id: u.boxId, alarm_id: u.alarmId });
  if (!row) {
    if (u.kind === 'rating') throw new CodedError('ALARM_UNKNOWN');
    await keepEarly(tx, { ...u, kind: u.kind });
    return undefined;
  }
  const current = JSON.parse(row.body) as Case;
  if (current.silent) throw silentTakesNothing();
  // First the receipt, then what came of it: the box deletes its copy, then learns the new state.
  await remember(tx, u, u.kind, u.alarmId, current);
  await announceReceived(tx, u, u.alarmId, current.caseNo, u.at);
  await applyCommand(tx, current, u.command, boxActor(u.boxId), u.at);
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
    const c = row && (JSON.parse(row.body) as Case);
    if (c && !c.silent) found.set(alarmId, c);
  }
  return [...found.values()].sort((x, y) => x.receivedAt - y.receivedAt);
}

async function committedBefore(tx: Tx, m: BoxMessage, kind: Tables['box_messages']['kind']): Promise<Receipt | undefined> {
  const row = await tx.get(selectMessage, { box_id: m.boxId, id: m.id });
  if (!row) return undefined;
  if (row.digest !== m.digest || row.kind !== kind) throw new CodedError('ID_CONFLICT');
  await announceReceived(tx, m, kind === 'alarm' ? m.id : row.alarm_id, row.case_no, row.received_at);
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
