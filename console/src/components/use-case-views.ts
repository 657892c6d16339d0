import type { Grant, Unmask } from '@shouwang/protocol';
import { useCallback, useEffect, useState } from 'react';
import { CaseViews } from '../services/media/case-views.ts';
import { loadPlayer, type SessionHandle } from '../services/media/player-module.ts';
import { useDesk } from './desk-context.ts';

/** Sessions begin only when the operator stays at a case, not for each one passed with ↓. ms */
const STAY_MS = 250;

export type Views = CaseViews<SessionHandle>;

/** The viewer sessions of the case on the desk; ended when another one is chosen, the page is left, or `wanted` falls. */
export function useCaseViews(caseNo: string, wanted: boolean): Views | undefined {
  const desk = useDesk();
  const grant = useCallback((cameraId: string, no: string) => desk.api.grant({ cameraId, why: { caseNo: no } }), [desk]);
  return useViews(caseNo, wanted ? grant : undefined);
}

/** Sessions without masks, for a reason; the same object as long as it is the same reason. */
export function useUnmaskedViews(caseNo: string, unmask: Unmask): Views | undefined {
  const desk = useDesk();
  const grant = useCallback((cameraId: string, no: string) => desk.api.unmask({ cameraId, caseNo: no, unmask }), [desk, unmask]);
  return useViews(caseNo, grant);
}

function useViews(caseNo: string, grant: ((cameraId: string, caseNo: string) => Promise<Grant>) | undefined): Views | undefined {
  const [views, setViews] = useState<Views>();
  useEffect(() => {
    if (!grant) return;
    let opened: Views | undefined;
    const id = setTimeout(() => {
      const open = async (got: Grant) => (await loadPlayer()).openSession(got);
      opened = new CaseViews<SessionHandle>(caseNo, { grant, open });
      setViews(opened);
    }, STAY_MS);
    const leave = () => opened?.close();
    window.addEventListener('pagehide', leave);
    return () => {
      clearTimeout(id);
      window.removeEventListener('pagehide', leave);
      leave();
      setViews(undefined);
    };
  }, [caseNo, grant]);
  return views?.caseNo === caseNo ? views : undefined;
}
