import { useEffect, useState } from 'react';
import { CaseViews } from '../services/media/case-views.ts';
import { loadPlayer, type SessionHandle } from '../services/media/player-module.ts';
import { useDesk } from './desk-context.ts';

/** Sessions begin only when the operator stays at a case, not for each one passed with ↓. ms */
const STAY_MS = 250;

export type Views = CaseViews<SessionHandle>;

/** The viewer sessions of the case on the desk; ended when another one is chosen, the page is left, or `wanted` falls. */
export function useCaseViews(caseNo: string, wanted: boolean): Views | undefined {
  const desk = useDesk();
  const [views, setViews] = useState<Views>();
  useEffect(() => {
    if (!wanted) return;
    let opened: Views | undefined;
    const id = setTimeout(() => {
      opened = new CaseViews<SessionHandle>(caseNo, {
        grant: (cameraId, no) => desk.api.grant({ cameraId, why: { caseNo: no } }),
        open: async (grant) => (await loadPlayer()).openSession(grant),
      });
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
  }, [desk, caseNo, wanted]);
  return views?.caseNo === caseNo ? views : undefined;
}
