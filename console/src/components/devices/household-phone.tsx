import type { Household } from '@shouwang/protocol';
import { useBoard, useDesk } from '../desk-context.ts';
import { PhoneNumber } from '../phone-number.tsx';
import { SilentPhone } from '../silent-warning.tsx';

/** Whether a silent alarm of this box is open: nobody may ring there, not about a broken box either. */
export function useSilentNow(boxId: string): boolean {
  const { cases } = useBoard(useDesk());
  return [...cases.values()].some((view) => view.silent && view.state !== 'closed' && view.household.boxId === boxId);
}

export function HouseholdPhone({ household }: { household: Household }) {
  return useSilentNow(household.boxId) ? <SilentPhone phone={household.phone} /> : <PhoneNumber phone={household.phone} />;
}
