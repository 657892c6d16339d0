import type { Household, HouseholdLookUp } from '@shouwang/protocol';
import { useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { useDesk } from '../desk-context.ts';

export interface Home {
  /** Who lives there, once looked up. */
  household: Household | undefined;
  error: string | undefined;
  busy: boolean;
  lookUp: (why: HouseholdLookUp['why']) => Promise<Household | undefined>;
}

/** The household of a box. Every look is on the record at the centre, so it is asked for by a person's click and never by the page itself. */
export function useHome(boxId: string): Home {
  const desk = useDesk();
  const [household, setHousehold] = useState<Household>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const lookUp: Home['lookUp'] = async (why) => {
    setBusy(true);
    try {
      const found = await desk.api.lookUpHousehold(boxId, { why });
      setHousehold(found);
      setError(undefined);
      return found;
    } catch (e) {
      setError(errorText(e));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { household, error, busy, lookUp };
}
