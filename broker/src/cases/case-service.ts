/**
 * Loads, decides, saves, writes the ledger and announces, all in the caller's transaction. Runs where the store runs.
 */
import { createHash } from 'node:crypto';
import { CodedError, makeEvent, topics } from '@shouwang/protocol';
import { randomSalt, uuid7 } from '../ids.ts';
import type { Tx } from '../store/tx.ts';
import { type Case, type CaseCommand, type CaseEvent, decide, evolve, type Opening, open } from './case.ts';
import { insertCase, insertCaseEvent, nextCaseNumber, selectCase, updateCase } from './case-queries.ts';
import { dueOf } from './due.ts';
import { announcedData, progressData } from './messages.ts';

/** Who acts: `by` is what others may read, `actor` who it really was. */
export interface Actor {
  /** `box`, `console`, `integrator:NAME`, `media`, `clock`. */
  by: string;
  /** E.g. `box:box-0001`, `operator:zhiban`, `integrator:110`, `clock`. */
  actor: string;
}

export const CLOCK: Actor = { by: 'clock', actor: 'clock' };

/** The case, or CASE_UNKNOWN. */
export async function loadCase(tx: Tx, caseNo: string): Promise<Case> {
  const row = await tx.get(selectCase, { case_no: caseNo });
  if (!row) throw new CodedError('CASE_UNKNOWN');
  return JSON.parse(row.body) as Case;
}

/** Opens a case with the day's next number. The caller announces what the box is told. */
export async function openCase(tx: Tx, opening: Omit<Opening, 'caseNo'>, day: string, at: number, staffed: boolean): Promise<Case> {
  const number = await tx.get(nextCaseNumber, { day });
  const caseNo = `${day}-${String(number!.last).padStart(4, '0')}`;
  const events = open({ ...opening, caseNo }, at, staffed);
  let current: Case | undefined;
  for (const [i, event] of events.entries()) {
    current = evolve(current, event);
    await record(tx, current, event, i === 0 ? { by: 'box', actor: `box:${opening.boxId}` } : CLOCK);
  }
  await tx.run(insertCase, {
    ...row(current!),
    box_id: opening.boxId,
    alarm_id: opening.alarmId,
    area: opening.area,
    received_at: at,
    silent: opening.silent ? 1 : 0,
  });
  return current!;
}

/** Applies a command. Returns the case after it, unchanged where nothing new was said. Throws CASE_STATE. */
export async function applyCommand(tx: Tx, current: Case, command: CaseCommand, actor: Actor, at: number): Promise<Case> {
  const events = decide(current, command, at);
  if (command.do === 'ask-extension' && command.until <= (dueOf(current, tx.policy)?.at ?? 0))
    throw new CodedError('CASE_STATE', 'the extension ends before the present due time');
  if (events.length === 0) return current;
  let next = current;
  for (const event of events) {
    next = evolve(next, event);
    await record(tx, next, event, actor);
  }
  await tx.run(updateCase, row(next));
  // A clip is nothing that the caller waits for.
  if (command.do !== 'record') await announceProgress(tx, next, at);
  return next;
}

/** Tells the box where its alarm stands; of a silent alarm, nothing. */
export async function announceProgress(tx: Tx, c: Case, at: number): Promise<void> {
  if (c.silent) return;
  const message = makeEvent('cn.shouwang.alarm.progress.v1', `centre/case/${c.caseNo}`, uuid7(at), at, progressData(c));
  await tx.announce({
    kind: 'box',
    topic: topics.boxDown(c.boxId, 'progress'),
    area: c.area,
    caseNo: c.caseNo,
    at,
    payload: () => JSON.stringify(message),
  });
}

async function record(tx: Tx, after: Case, event: CaseEvent, actor: Actor): Promise<void> {
  const salt = event.text === undefined ? null : randomSalt();
  await tx.run(insertCaseEvent, {
    case_no: after.caseNo,
    revision: after.revision,
    event: event.event,
    at: event.at,
    by: actor.by,
    actor: actor.actor,
    body: JSON.stringify(event),
    salt,
  });
  await tx.ledger({
    at: event.at,
    kind: `case.${event.event}`,
    subject: `case:${after.caseNo}`,
    data: {
      revision: after.revision,
      state: after.state,
      by: await actorPseudonym(tx, actor.actor),
      cameraId: event.onScreen?.cameraId ?? event.cameraId,
      about: event.about,
      rating: event.rating,
      until: event.until,
      silent: after.silent,
      // Text may hold personal data: only a salted commitment goes into the chain; salt and text can be deleted.
      textSha256: salt === null ? undefined : createHash('sha256').update(salt).update(event.text!).digest('hex'),
    },
  });
  await tx.announce({
    kind: 'case',
    topic: topics.caseEvent(after.area, event.event),
    area: after.area,
    caseNo: after.caseNo,
    at: event.at,
    payload: (seq) =>
      JSON.stringify(
        makeEvent(
          'cn.shouwang.case.event.v1',
          `centre/case/${after.caseNo}`,
          uuid7(event.at),
          event.at,
          announcedData(seq, after, event, actor.by),
        ),
      ),
    case: after,
    silent: after.silent,
  });
}

/** How an actor appears in the ledger. */
export async function actorPseudonym(tx: Tx, actor: string): Promise<string> {
  const [kind, name] = actor.split(':');
  if (name === undefined || (kind !== 'box' && kind !== 'operator' && kind !== 'integrator')) return actor;
  return tx.pseudonym(kind, name);
}

function row(c: Case) {
  return {
    case_no: c.caseNo,
    state: c.state,
    escalated_at: c.escalatedAt ?? null,
    closed_at: c.closedAt ?? null,
    rated: c.rating === undefined ? 0 : 1,
    body: JSON.stringify(c),
  };
}
