import type { Household } from '@shouwang/protocol';
import { PhoneNumber } from '../phone-number.tsx';
import { useSilentNow } from '../silent-now.ts';
import { SilentPhone } from '../silent-warning.tsx';

export function HouseholdPhone({ household }: { household: Household }) {
  return useSilentNow(household.boxId) ? <SilentPhone phone={household.phone} /> : <PhoneNumber phone={household.phone} />;
}
