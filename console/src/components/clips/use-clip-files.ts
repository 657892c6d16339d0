import { useMemo } from 'react';
import { ClipFiles } from '../../services/media/clip-files.ts';
import { loadPlayer } from '../../services/media/player-module.ts';
import { useDesk } from '../desk-context.ts';

export function useClipFiles(): ClipFiles {
  const desk = useDesk();
  return useMemo(
    () =>
      new ClipFiles({
        grant: (caseNo, clipId, request) => desk.api.openClip(caseNo, clipId, request),
        open: async (grant) => (await loadPlayer()).openSession(grant),
        fetch: (...args) => fetch(...args),
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      }),
    [desk],
  );
}

/** Offers a file for download under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
