import type { ActivationSeen, Household } from '@shouwang/protocol';
import { useEffect, useState } from 'react';
import { activationError, type CodeState, codeState, type GivenCode } from '../../services/activation.ts';
import { useDesk, useNow } from '../desk-context.ts';

/** How often is asked whether the engineer has typed it. ms */
const LOOK_AGAIN_MS = 3000;

export interface ActivationDesk {
  /** Who lives with the box, once looked up. */
  home: Household | undefined;
  given: GivenCode | undefined;
  state: CodeState | undefined;
  seen: ActivationSeen | undefined;
  /** Whether the centre says what has become of the code. */
  answers: boolean;
  busy: boolean;
  error: string | undefined;
  /** On the record at the centre. */
  lookUp: (boxId: string) => void;
  /** Makes a code for the household's box. On the record, and an earlier one is void. */
  give: () => void;
  /** Another box. */
  forget: () => void;
}

/** From a box's number to its household, to a code, to a box that is activated. */
export function useActivation(): ActivationDesk {
  const { api } = useDesk();
  const now = useNow();
  const [home, setHome] = useState<Household>();
  const [given, setGiven] = useState<GivenCode>();
  const [seen, setSeen] = useState<ActivationSeen>();
  const [answers, setAnswers] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (cause) {
      setError(activationError(cause));
    }
    setBusy(false);
  };
  const state = given && codeState(given, seen, now);
  const open = state === 'open' ? given : undefined;
  useEffect(() => {
    if (!open) return;
    let left = false;
    const look = () =>
      api.activation(open.boxId).then(
        (found) => {
          if (left) return;
          setSeen(found);
          setAnswers(true);
        },
        () => !left && setAnswers(false),
      );
    void look();
    const id = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => {
      left = true;
      clearInterval(id);
    };
  }, [api, open]);

  return {
    home,
    given,
    state,
    seen,
    answers,
    busy,
    error,
    lookUp: (boxId) => void run(async () => setHome(await api.lookUpHousehold(boxId, { why: 'activation' }))),
    give: () =>
      home &&
      void run(async () => {
        const { activatedAt: before } = await api.activation(home.boxId);
        const issued = await api.issueActivation(home.boxId);
        setSeen(undefined);
        setAnswers(true);
        setGiven({ ...issued, before });
      }),
    forget: () => {
      setHome(undefined);
      setGiven(undefined);
      setError(undefined);
    },
  };
}
