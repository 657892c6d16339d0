/** Store operation about what a box without a daemon lists: its own alarms. It changes nothing. */
import { type BoxReports, REPORTS_AT_MOST } from '@shouwang/protocol';
import type { Case } from '../cases/case.ts';
import { selectLastOfBox } from '../cases/case-queries.ts';
import { progressData } from '../cases/messages.ts';
import type { Tx } from '../store/tx.ts';

/** The box's last cases, the newest first, with what `down/progress` says of each; never a silent one. */
export async function readReports(tx: Tx, a: { boxId: string }): Promise<BoxReports> {
  const rows = await tx.all(selectLastOfBox, { box_id: a.boxId, limit: REPORTS_AT_MOST });
  return { reports: rows.map((row) => progressData(JSON.parse(row.body) as Case)) };
}
