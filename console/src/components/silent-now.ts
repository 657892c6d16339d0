import type { CaseView } from '@shouwang/protocol';
import { useBoard, useDesk } from './desk-context.ts';

/** Whether a silent alarm of this box is open: nobody may ring there, about whatever it be. */
export function useSilentNow(boxId: string): boolean {
  const { cases } = useBoard(useDesk());
  return [...cases.values()].some((view) => view.silent && view.state !== 'closed' && view.household.boxId === boxId);
}

/** Whether the household of this case must not be rung: it is silent, or another of the same household is and is open. */
export function useMustNotRing(view: Pick<CaseView, 'silent' | 'household'>): boolean {
  return useSilentNow(view.household.boxId) || view.silent === true;
}
