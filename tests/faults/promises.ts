/**
 * What was promised about alarms, and whether the centre's database keeps it: a `received` alarm is exactly one case
 * (docs/architecture.md, "Received means committed"), one shown as stored is a case or still on its box, nothing is a case
 * twice, and the ledger's chain is whole.
 */
import { DatabaseSync } from 'node:sqlite';
import { verifyDatabase } from '../../broker/src/index.ts';

/** An alarm's name over all boxes: ids are unique within a box only. */
export const alarmKey = (boxId: string, alarmId: string): string => `${boxId}/${alarmId}`;

export class Promises {
  /** Put on the wire at least once. */
  readonly sent = new Set<string>();
  /** Shown as stored on the box. */
  readonly stored = new Set<string>();
  /** Heard as received, with the case number that was said. */
  readonly received = new Map<string, string>();
  /** A second `received` that named another case. */
  readonly contradictions: string[] = [];
  /** The line could alter what was heard (flipped bits without TLS): then a case number proves nothing, the alarm's id does. */
  numbersMayLie = false;

  hearsReceived(key: string, caseNo: string): void {
    const before = this.received.get(key);
    if (before !== undefined && before !== caseNo) this.contradictions.push(`${key}: received as ${before}, then as ${caseNo}`);
    this.received.set(key, caseNo);
  }
}

export interface Finding {
  /** Cases in the database. */
  cases: number;
  ledgerRows: number;
  /** What is broken, in words; empty when every promise is kept. */
  problems: string[];
}

/**
 * Reads the database (also while the centre runs) and compares. `onBoxes` holds the alarms that lie in an outbox or are kept
 * there as refused.
 */
export function compare(database: string, ledgerKey: string | undefined, promises: Promises, onBoxes: ReadonlySet<string>): Finding {
  const problems = promises.numbersMayLie ? [] : [...promises.contradictions];
  const caseOf = new Map<string, string>();
  for (const { box_id, alarm_id, case_no } of readCases(database)) {
    const key = alarmKey(box_id, alarm_id);
    if (caseOf.has(key)) problems.push(`${key}: is case ${caseOf.get(key)} and case ${case_no}`);
    caseOf.set(key, case_no);
  }
  for (const [key, caseNo] of promises.received) {
    const inDatabase = caseOf.get(key);
    if (inDatabase === undefined) problems.push(`${key}: was received as ${caseNo}, and is no case`);
    else if (inDatabase !== caseNo && !promises.numbersMayLie)
      problems.push(`${key}: was received as ${caseNo}, and is case ${inDatabase}`);
  }
  for (const key of promises.stored)
    if (!caseOf.has(key) && !onBoxes.has(key)) problems.push(`${key}: was shown as stored, and is neither a case nor on its box`);
  const ledger = verifyDatabase(database, ledgerKey);
  for (const problem of ledger.problems) problems.push(`ledger: ${problem}`);
  return { cases: caseOf.size, ledgerRows: ledger.rows, problems };
}

/** The alarms that are cases. */
export function alarmsWithCase(database: string): Set<string> {
  return new Set(readCases(database).map((c) => alarmKey(c.box_id, c.alarm_id)));
}

function readCases(database: string): { box_id: string; alarm_id: string; case_no: string }[] {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    return db.prepare('select box_id, alarm_id, case_no from cases').all() as { box_id: string; alarm_id: string; case_no: string }[];
  } finally {
    db.close();
  }
}
