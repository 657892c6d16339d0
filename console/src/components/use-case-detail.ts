import type { CaseDetail, CaseView } from '@shouwang/protocol';
import { useEffect, useState } from 'react';
import { errorText } from '../services/api-client.ts';
import { useDesk } from './desk-context.ts';

export interface DetailState {
  /** Of the case asked for; an older revision stays until the newer one has come. */
  detail: CaseDetail | undefined;
  error: string | undefined;
  reload: () => void;
}

/** History and cameras of a case, read again whenever the case has moved on. */
export function useCaseDetail(view: CaseView | undefined): DetailState {
  const desk = useDesk();
  const caseNo = view?.caseNo;
  const revision = view?.revision;
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ caseNo?: string; detail?: CaseDetail; error?: string }>({});

  // biome-ignore lint/correctness/useExhaustiveDependencies: revision and attempt are reasons to read again, not inputs
  useEffect(() => {
    if (!caseNo) return;
    let left = false;
    desk.api.caseDetail(caseNo).then(
      (detail) => !left && setState({ caseNo, detail }),
      (error) => !left && setState((s) => ({ ...(s.caseNo === caseNo ? s : {}), caseNo, error: errorText(error) })),
    );
    return () => {
      left = true;
    };
  }, [desk, caseNo, revision, attempt]);

  const mine = state.caseNo === caseNo ? state : {};
  return { detail: mine.detail, error: mine.error, reload: () => setAttempt((n) => n + 1) };
}
