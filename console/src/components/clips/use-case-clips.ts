import type { CaseClips } from '@shouwang/protocol';
import { useEffect, useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { useDesk } from '../desk-context.ts';

/** While a clip is being recorded. ms */
const LOOK_AGAIN_MS = 3000;
const UNDER_WAY = new Set(['asked', 'recording', 'partial']);

export interface ClipsState {
  clips: CaseClips | undefined;
  error: string | undefined;
  reload: () => void;
}

/** The clips of a case: read again whenever the case has moved on, and every few seconds while one is being recorded. */
export function useCaseClips(caseNo: string, revision: number): ClipsState {
  const desk = useDesk();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ caseNo?: string; clips?: CaseClips; error?: string }>({});
  const underWay = state.caseNo === caseNo && state.clips?.clips.some((c) => UNDER_WAY.has(c.state) && c.online);

  // biome-ignore lint/correctness/useExhaustiveDependencies: revision and attempt are reasons to read again, not inputs
  useEffect(() => {
    let left = false;
    desk.api.caseClips(caseNo).then(
      (clips) => !left && setState({ caseNo, clips }),
      (error) => !left && setState((s) => ({ ...(s.caseNo === caseNo ? s : {}), caseNo, error: errorText(error) })),
    );
    return () => {
      left = true;
    };
  }, [desk, caseNo, revision, attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer sets the next look
  useEffect(() => {
    if (!underWay) return;
    const id = setTimeout(() => setAttempt((n) => n + 1), LOOK_AGAIN_MS);
    return () => clearTimeout(id);
  }, [underWay, state]);

  const mine = state.caseNo === caseNo ? state : {};
  return { clips: mine.clips, error: mine.error, reload: () => setAttempt((n) => n + 1) };
}
