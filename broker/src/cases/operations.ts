/** Store operations about cases: commands from people and systems, the clock's escalation, what the board reads. */
import type { CaseEventName, CaseHistoryRow } from '@shouwang/protocol';
import { areaContains, asCoded, CodedError, type ErrorCode } from '@shouwang/protocol';
import type { Tx } from '../store/tx.ts';
import type { Case, CaseCommand, CaseEvent } from './case.ts';
import {
  insertCommand,
  selectClosedSince,
  selectCommand,
  selectFirstWaiting,
  selectHistory,
  selectLastCaseSeq,
  selectOpen,
  selectWaiting,
} from './case-queries.ts';
import { applyCommand, CLOCK, loadCase } from './case-service.ts';

/** An operator's command. Throws CASE_UNKNOWN, CASE_STATE. Returns the case after it. */
export async function commandFromConsole(tx: Tx, a: { caseNo: string; command: CaseCommand; user: string; at: number }): Promise<Case> {
  return applyCommand(tx, await loadCase(tx, a.caseNo), a.command, { by: 'console', actor: `operator:${a.user}` }, a.at);
}

export interface IntegratorCommand {
  integrator: string;
  areas: string[];
  maySeeSilent: boolean;
  id: string;
  digest: string;
  caseNo: string;
  command: CaseCommand;
  at: number;
}

/**
 * An integrator's command, idempotent by (integrator, id): the second time answers what the first did. Returns the code
 * of a refusal, or undefined. A case outside its areas, or a silent one that it may not know of, is unknown to it.
 */
export async function commandFromIntegrator(tx: Tx, a: IntegratorCommand): Promise<{ code?: ErrorCode | undefined }> {
  const before = await tx.get(selectCommand, { integrator: a.integrator, id: a.id });
  if (before) {
    if (before.digest !== a.digest) return { code: 'ID_CONFLICT' };
    return { code: (before.code as ErrorCode | null) ?? undefined };
  }
  const code = await tryCommand(tx, a);
  await tx.run(insertCommand, {
    integrator: a.integrator,
    id: a.id,
    case_no: a.caseNo,
    digest: a.digest,
    code: code ?? null,
    at: a.at,
  });
  return { code };
}

async function tryCommand(tx: Tx, a: IntegratorCommand): Promise<ErrorCode | undefined> {
  try {
    const current = await loadCase(tx, a.caseNo);
    if (!a.areas.some((area) => areaContains(area, current.area)) || (current.silent && !a.maySeeSilent)) return 'CASE_UNKNOWN';
    const by = `integrator:${a.integrator}`;
    await applyCommand(tx, current, a.command, { by, actor: by }, a.at);
    return undefined;
  } catch (error) {
    // A decision refuses before it writes, so nothing of it has to be undone.
    if (error instanceof CodedError) return asCoded(error).code;
    throw error;
  }
}

const ESCALATED_AT_ONCE = 200;

/** Escalates what nobody signed in time. Returns when the next one is due (ms since 1970), if any waits. */
export async function escalateDue(tx: Tx, a: { at: number }): Promise<{ escalated: number; nextAt?: number | undefined }> {
  const rows = await tx.all(selectWaiting, { before: a.at - tx.policy.signMs, limit: ESCALATED_AT_ONCE });
  for (const row of rows) await applyCommand(tx, JSON.parse(row.body) as Case, { do: 'escalate' }, CLOCK, a.at);
  const first = await tx.get(selectFirstWaiting, {});
  return { escalated: rows.length, nextAt: first && first.received_at + tx.policy.signMs };
}

const BOARD_AT_MOST = 500;
const ON_BOARD_AFTER_CLOSING_MS = 24 * 3600 * 1000;

/** The board, newest first, and the number of the last case event: there the live feed goes on. */
export async function readBoard(tx: Tx, a: { at: number }): Promise<{ cases: Case[]; seq: number }> {
  const limit = BOARD_AT_MOST;
  const open = await tx.all(selectOpen, { limit });
  const closed = await tx.all(selectClosedSince, { since: a.at - ON_BOARD_AFTER_CLOSING_MS, limit: limit - open.length });
  const cases = [...open, ...closed].map((r) => JSON.parse(r.body) as Case).sort((x, y) => y.receivedAt - x.receivedAt);
  return { cases, seq: (await tx.get(selectLastCaseSeq, {}))?.seq ?? 0 };
}

/** A case with its history. Throws CASE_UNKNOWN. */
export async function readCase(tx: Tx, a: { caseNo: string }): Promise<{ case: Case; history: CaseHistoryRow[] }> {
  const found = await loadCase(tx, a.caseNo);
  const rows = await tx.all(selectHistory, { case_no: a.caseNo });
  const history = rows.map((r) => {
    const { text, post, until, rating } = JSON.parse(r.body) as CaseEvent;
    return { revision: r.revision, event: r.event as CaseEventName, at: r.at, by: r.by, text, post, until, rating };
  });
  return { case: found, history };
}
