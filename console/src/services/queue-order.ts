import type { CaseView } from '@shouwang/protocol';

/** Nobody has answered this call yet: it rings, and stands above everything else. */
export function isUnsigned(view: CaseView): boolean {
  return view.state === 'received' && view.withdrawnAt === undefined;
}

/** The caller called again about a case that was signed, or said "not solved", and nobody has done anything to it since. */
export function isAlerted(view: CaseView): boolean {
  return view.alertedAt !== undefined && view.state !== 'closed' && !isUnsigned(view);
}

/** The room rings for it, and it is counted in red. */
export function needsAttention(view: CaseView): boolean {
  return isUnsigned(view) || isAlerted(view);
}

/** Taken back by the caller before anybody signed, and not called again: it does not ring, and yet a person has to look after it. */
export function isUnchecked(view: CaseView): boolean {
  return view.state === 'received' && view.withdrawnAt !== undefined && view.alertedAt === undefined;
}

function group(view: CaseView): number {
  if (isUnsigned(view)) return 0;
  if (isAlerted(view)) return 1;
  return view.state === 'closed' ? 3 : 2;
}

/**
 * The order of the queue: unsigned calls, then cases that call again, then what is in hand (withdrawn ones too: a person still has to close them),
 * each by the time at which its step is due; then what is closed, the last closed first.
 */
export function compareCases(a: CaseView, b: CaseView): number {
  const byGroup = group(a) - group(b);
  if (byGroup !== 0) return byGroup;
  if (a.state === 'closed') return (b.closedAt ?? 0) - (a.closedAt ?? 0) || (a.caseNo < b.caseNo ? 1 : -1);
  const due = (a.due?.at ?? Number.MAX_SAFE_INTEGER) - (b.due?.at ?? Number.MAX_SAFE_INTEGER);
  return due || a.receivedAt - b.receivedAt || (a.caseNo < b.caseNo ? -1 : 1);
}

export interface Queue {
  unsigned: CaseView[];
  alerted: CaseView[];
  inHand: CaseView[];
  closed: CaseView[];
}

/** Every case in its group, in order. */
export function queueOf(cases: Iterable<CaseView>): Queue {
  const queue: Queue = { unsigned: [], alerted: [], inHand: [], closed: [] };
  for (const view of [...cases].sort(compareCases)) {
    if (isUnsigned(view)) queue.unsigned.push(view);
    else if (isAlerted(view)) queue.alerted.push(view);
    else (view.state === 'closed' ? queue.closed : queue.inHand).push(view);
  }
  return queue;
}

/** The case `step` places away from `current` in `order`; the first when nothing is chosen. Stops at both ends. */
export function neighbour(order: readonly CaseView[], current: string | undefined, step: 1 | -1): string | undefined {
  const index = order.findIndex((v) => v.caseNo === current);
  if (index < 0) return order[0]?.caseNo;
  return order[Math.min(order.length - 1, Math.max(0, index + step))]?.caseNo;
}
