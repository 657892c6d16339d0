/** When the room rings. Pure: cases, the silence that somebody asked for, and the centre's clock decide. */
import type { CaseView } from '@shouwang/protocol';
import { isUnsigned, needsAttention } from '../queue-order.ts';

/** A silence covers the calls that rang when it was asked for, not those that come later. */
export interface Silence {
  /** Centre's time, ms. */
  until: number;
  /** Keys of `callKey`. */
  calls: ReadonlySet<string>;
}

export const SILENCE_MS = 60_000;

/** A call as a silence knows it: pressing again, or "not solved", makes it another one, which rings. */
export function callKey(view: Pick<CaseView, 'caseNo' | 'presses' | 'alertedAt'>): string {
  return `${view.caseNo}#${view.presses}#${view.alertedAt ?? ''}`;
}

/**
 * From when on a case rings (centre's time, ms), or undefined when it does not: it is in hand, withdrawn or closed.
 * While the caller may still withdraw (`quietUntil`) the room stays quiet; a case that calls again rings from that moment.
 */
export function ringsFrom(view: CaseView, silence: Silence | undefined): number | undefined {
  if (!needsAttention(view)) return undefined;
  const silent = silence?.calls.has(callKey(view)) ? silence.until : 0;
  return Math.max(ringsAt(view), silent);
}

function ringsAt(view: CaseView): number {
  return isUnsigned(view) ? view.quietUntil : (view.alertedAt ?? view.quietUntil);
}

/** From when on the room rings: the earliest of its cases; undefined when nothing will. */
export function ringPlan(cases: Iterable<CaseView>, silence: Silence | undefined): number | undefined {
  let earliest: number | undefined;
  for (const view of cases) {
    const from = ringsFrom(view, silence);
    if (from !== undefined && (earliest === undefined || from < earliest)) earliest = from;
  }
  return earliest;
}

/** The silence that begins now: for every call that rings or was silenced before. Undefined when there is none such. */
export function silenceFrom(cases: Iterable<CaseView>, current: Silence | undefined, now: number): Silence | undefined {
  const calls = new Set<string>();
  for (const view of cases) {
    if (needsAttention(view) && (ringsAt(view) <= now || current?.calls.has(callKey(view)))) calls.add(callKey(view));
  }
  return calls.size > 0 ? { until: now + SILENCE_MS, calls } : undefined;
}
